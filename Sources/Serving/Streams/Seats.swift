import NIOCore

/// The connections of one event loop, in the order in which their time runs out.
///
/// Each phase has its own queue with one time limit for all, so the next to go is always at the front.
/// - Complexity: O(1) for everything but `init`.
struct Seats<Guest: AnyObject> {
    typealias Phase = StreamState.Phase

    /// A place in the queues; valid until its guest leaves.
    struct Seat: Equatable {
        fileprivate let index: Int
    }

    private struct Place {
        var guest: Guest?
        var phase = Phase.closed
        /// When the guest entered its phase, or last got further in it.
        var since = NIODeadline.distantPast
        var previous = 0
        var next = 0
    }

    /// Three heads, then the seats. An empty queue is a head that points to itself; free seats are one such queue.
    private var places: [Place]
    private let limits: StreamLimits
    private let seatCount: Int
    private(set) var takenCount = 0

    init(count: Int, limits: StreamLimits) {
        seatCount = max(count, 1)
        self.limits = limits
        places = (0..<Self.headCount).map { Place(previous: $0, next: $0) }
    }

    /// - Returns: the guest who had to leave for it: the one silent longest.
    mutating func take(_ guest: Guest, now: NIODeadline) -> (Seat, evicted: Guest?) {
        let evicted = takenCount < seatCount ? nil : evict()
        let index = freeIndex()
        places[index].guest = guest
        places[index].phase = .idle
        places[index].since = now
        append(index, to: Self.head(of: .idle))
        takenCount += 1
        return (Seat(index: index), evicted)
    }

    /// - Parameter progressed: the guest got a message through, or took an answer: its time begins anew even if the
    ///   phase is still the same.
    mutating func move(_ seat: Seat, to phase: Phase, progressed: Bool, now: NIODeadline) {
        guard progressed || places[seat.index].phase != phase else { return }
        places[seat.index].phase = phase
        places[seat.index].since = now
        unlink(seat.index)
        append(seat.index, to: Self.head(of: phase))
    }

    @discardableResult
    mutating func leave(_ seat: Seat) -> Guest? {
        assert(places[seat.index].guest != nil, "a seat is left once")
        unlink(seat.index)
        append(seat.index, to: Self.freeHead)
        takenCount -= 1
        return places[seat.index].guest.take()
    }

    /// A guest whose time is over; it still has its seat.
    func expired(now: NIODeadline) -> Guest? {
        for phase in [Phase.blocked, .receiving, .idle] {
            let front = places[places[Self.head(of: phase)].next]
            if let guest = front.guest, now - front.since >= timeLimit(of: phase) { return guest }
        }
        return nil
    }

    var guests: [Guest] { places.compactMap(\.guest) }
}

extension Seats {
    private static var headCount: Int { 4 }
    private static var freeHead: Int { 3 }

    private static func head(of phase: Phase) -> Int {
        switch phase {
        case .idle: 0
        case .receiving: 1
        // Closing connections wait for the same thing: the peer's reading.
        case .blocked, .closed: 2
        }
    }

    private func timeLimit(of phase: Phase) -> TimeAmount {
        switch phase {
        case .receiving: TimeAmount(limits.messageTime)
        case .blocked, .closed: TimeAmount(limits.blockedTime)
        case .idle where takenCount * 10 > seatCount * 9: TimeAmount(limits.fullIdleTime)
        case .idle where takenCount * 2 > seatCount: TimeAmount(limits.crowdedIdleTime)
        case .idle: TimeAmount(limits.idleTime)
        }
    }

    private mutating func evict() -> Guest? {
        for phase in [Phase.idle, .receiving, .blocked] {
            let front = places[Self.head(of: phase)].next
            if front >= Self.headCount { return leave(Seat(index: front)) }
        }
        preconditionFailure("no seat is free, and no seat is taken")
    }

    private mutating func freeIndex() -> Int {
        let index = places[Self.freeHead].next
        guard index != Self.freeHead else {
            places.append(Place())
            return places.count - 1
        }
        unlink(index)
        return index
    }

    private mutating func unlink(_ index: Int) {
        let (previous, next) = (places[index].previous, places[index].next)
        places[previous].next = next
        places[next].previous = previous
    }

    private mutating func append(_ index: Int, to head: Int) {
        let last = places[head].previous
        places[index].previous = last
        places[index].next = head
        places[last].next = index
        places[head].previous = index
    }
}
