import NIOCore
import Testing

@testable import Serving

@Suite struct SeatsTests {
    final class Guest: Sendable {}
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func seats(_ count: Int) -> Seats<Guest> { Seats(count: count, limits: StreamLimits()) }

    @Test func theOneSilentLongestGivesWay() {
        var seats = seats(3)
        let guests = (0..<4).map { _ in Guest() }
        let taken = (0..<3).map { seats.take(guests[$0], now: start + .seconds(Int64($0))) }
        #expect(taken.allSatisfy { $0.evicted == nil })
        seats.move(taken[0].0, to: .idle, progressed: true, now: start + .seconds(5))
        #expect(seats.take(guests[3], now: start + .seconds(6)).evicted === guests[1])
        #expect(seats.takenCount == 3)
    }

    @Test func whoeverIsIdleGoesBeforeWhoeverIsBusy() {
        var seats = seats(2)
        let guests = (0..<4).map { _ in Guest() }
        let busy = seats.take(guests[0], now: start).0
        seats.move(busy, to: .receiving, progressed: false, now: start)
        _ = seats.take(guests[1], now: start + .seconds(1))
        #expect(seats.take(guests[2], now: start + .seconds(2)).evicted === guests[1])
        let blocked = seats.take(guests[3], now: start + .seconds(2))
        #expect(blocked.evicted === guests[2])
        seats.move(blocked.0, to: .blocked, progressed: false, now: start + .seconds(2))
        #expect(seats.take(Guest(), now: start + .seconds(2)).evicted === guests[0])
    }

    @Test(arguments: [
        (StreamState.Phase.idle, 10_000), (.receiving, 3_000), (.blocked, 5_000), (.closed, 5_000),
    ])
    func eachPhaseHasItsTime(_ phase: StreamState.Phase, _ milliseconds: Int) {
        var seats = seats(10)
        let seat = seats.take(Guest(), now: start).0
        seats.move(seat, to: phase, progressed: true, now: start)
        #expect(seats.expired(now: start + .milliseconds(Int64(milliseconds) - 1)) == nil)
        #expect(seats.expired(now: start + .milliseconds(Int64(milliseconds))) != nil)
    }

    @Test(arguments: [StreamState.Phase.waiting, .full]) func whoeverWaitsForUsHasTime(_ phase: StreamState.Phase) {
        var seats = seats(1)
        let guest = Guest()
        let seat = seats.take(guest, now: start).0
        seats.move(seat, to: phase, progressed: true, now: start)
        #expect(seats.expired(now: start + .hours(24)) == nil)
        // Of those who must go, it is the last.
        #expect(seats.take(Guest(), now: start).evicted === guest)
    }

    @Test func everyListenerHasItsOwnTimes() {
        var patient = StreamLimits()
        patient.idleTime = .seconds(100)
        var hasty = StreamLimits()
        hasty.idleTime = .seconds(1)
        var seats = seats(20)
        let guests = (0..<3).map { _ in Guest() }
        let slow = seats.take(guests[0], limits: patient, now: start).0
        let plain = seats.take(guests[1], now: start).0
        #expect(seats.expired(now: start + .milliseconds(9_999)) == nil)
        #expect(seats.expired(now: start + .seconds(10)) === guests[1])
        let quick = seats.take(guests[2], limits: hasty, now: start).0
        #expect(seats.expired(now: start + .seconds(1)) === guests[2])
        seats.leave(quick)
        seats.leave(plain)
        #expect(seats.expired(now: start + .milliseconds(99_999)) == nil)
        #expect(seats.expired(now: start + .seconds(100)) === guests[0])
        // Queues of limits that nobody has any more serve the next ones.
        seats.leave(slow)
        let again = seats.take(guests[0], limits: hasty, now: start).0
        #expect(seats.expired(now: start + .seconds(1)) === guests[0])
        seats.leave(again)
        #expect(seats.takenCount == 0)
    }

    @Test func theOldestOfAllListenersGivesWay() {
        var other = StreamLimits()
        other.idleTime = .seconds(100)
        var seats = seats(2)
        let guests = (0..<2).map { _ in Guest() }
        _ = seats.take(guests[0], limits: other, now: start)
        _ = seats.take(guests[1], now: start + .seconds(1))
        #expect(seats.take(Guest(), now: start + .seconds(2)).evicted === guests[0])
        #expect(seats.take(Guest(), limits: other, now: start + .seconds(2)).evicted === guests[1])
    }

    @Test func moreOctetsOfAMessageGiveItNoMoreTime() {
        var seats = seats(10)
        let seat = seats.take(Guest(), now: start).0
        for second in 0..<3 as Range<Int64> {
            seats.move(seat, to: .receiving, progressed: false, now: start + .seconds(second))
        }
        #expect(seats.expired(now: start + .seconds(3)) != nil)
        seats.move(seat, to: .receiving, progressed: true, now: start + .seconds(3))
        #expect(seats.expired(now: start + .seconds(5)) == nil)
    }

    @Test(arguments: [(10, 10_000), (11, 1_000), (18, 1_000), (19, 200)])
    func idleTimeShrinksAsSeatsRunOut(_ taken: Int, _ milliseconds: Int) {
        var seats = seats(20)
        let guests = (0..<taken).map { _ in Guest() }
        for guest in guests { _ = seats.take(guest, now: start) }
        #expect(seats.expired(now: start + .milliseconds(Int64(milliseconds) - 1)) == nil)
        #expect(seats.expired(now: start + .milliseconds(Int64(milliseconds))) === guests[0])
    }

    /// The same moves on seats and on a plain list of guests.
    @Test(arguments: 0..<8) func agreesWithAPlainList(_ run: Int) {
        var random = SplitMix(state: UInt64(run))
        var seats = seats(8)
        var list: [(guest: Guest, seat: Seats<Guest>.Seat, phase: StreamState.Phase)] = []
        for step in 0..<2000 {
            let now = start + .milliseconds(Int64(step))
            let chosen = list.isEmpty ? 0 : Int(random.next() % UInt64(list.count))
            switch random.next() % 3 {
            case 0:
                let guest = Guest()
                let (seat, evicted) = seats.take(guest, now: now)
                let order: [StreamState.Phase] = [.idle, .receiving, .blocked]
                let victim = list.count < 8 ? nil : order.lazy.compactMap { p in list.first { $0.phase == p } }.first
                #expect(evicted === victim?.guest)
                list.removeAll { $0.guest === evicted }
                list.append((guest, seat, .idle))
            case 1 where !list.isEmpty:
                #expect(seats.leave(list[chosen].seat) === list[chosen].guest)
                list.remove(at: chosen)
            case 2 where !list.isEmpty:
                let phase: StreamState.Phase = [.idle, .receiving, .blocked][Int(random.next() % 3)]
                let progressed = random.next() % 2 == 0
                seats.move(list[chosen].seat, to: phase, progressed: progressed, now: now)
                guard progressed || list[chosen].phase != phase else { break }
                var moved = list.remove(at: chosen)
                moved.phase = phase
                list.append(moved)
            default: break
            }
            #expect(seats.takenCount == list.count)
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        let mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        return mixed ^ mixed >> 27
    }
}
