import NIOCore

/// The connections of one event loop, in the order in which their time runs out.
///
/// Each phase has its own queue with one time limit for all, so the next to go is always at the front. Connections with
/// other limits, of another listener, have a lane of queues of their own.
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
        var lane = 0
        /// When the guest entered its phase, or last got further in it.
        var since = NIODeadline.distantPast
        var previous = 0
        var next = 0
    }

    /// The queues of everybody with the same limits: a head for each phase.
    private struct Lane {
        var limits: StreamLimits
        let firstHead: Int
        var guestCount = 0
    }

    /// The free seats' head, then seats and the heads of lanes. An empty queue is a head that points to itself.
    private var places: [Place] = []
    private var lanes: [Lane] = []
    private let seatCount: Int
    private(set) var takenCount = 0

    /// - Parameter limits: of those who bring none.
    init(count: Int, limits: StreamLimits) {
        seatCount = max(count, 1)
        addHead()
        _ = addLane(limits)
    }

    /// Whoever comes now takes the place of another.
    var isFull: Bool { takenCount >= seatCount }

    /// - Returns: the guest who had to leave for it: the one silent longest.
    mutating func take(_ guest: Guest, limits: StreamLimits? = nil, now: NIODeadline) -> (Seat, evicted: Guest?) {
        let evicted = isFull ? evict() : nil
        let index = freeIndex()
        places[index].guest = guest
        places[index].lane = limits.map { lane(of: $0) } ?? 0
        lanes[places[index].lane].guestCount += 1
        places[index].phase = .idle
        places[index].since = now
        append(index, to: head(of: .idle, places[index].lane))
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
        append(seat.index, to: head(of: phase, places[seat.index].lane))
    }

    @discardableResult
    mutating func leave(_ seat: Seat) -> Guest? {
        assert(places[seat.index].guest != nil, "a seat is left once")
        unlink(seat.index)
        append(seat.index, to: Self.freeHead)
        takenCount -= 1
        lanes[places[seat.index].lane].guestCount -= 1
        return places[seat.index].guest.take()
    }

    /// A guest whose time is over; it still has its seat.
    func expired(now: NIODeadline) -> Guest? {
        for lane in lanes.indices where lanes[lane].guestCount > 0 {
            for phase in [Phase.blocked, .receiving, .idle] {
                let front = places[places[head(of: phase, lane)].next]
                if let guest = front.guest, now - front.since >= timeLimit(of: phase, lanes[lane].limits) {
                    return guest
                }
            }
        }
        return nil
    }

    var guests: [Guest] { places.compactMap(\.guest) }
}

extension Seats {
    private static var freeHead: Int { 0 }
    private static var queueCount: Int { 4 }

    private func head(of phase: Phase, _ lane: Int) -> Int {
        let queue =
            switch phase {
            case .idle: 0
            case .receiving: 1
            // Closing connections wait for the same thing: the peer's reading.
            case .blocked, .closed: 2
            case .waiting, .full: 3
            }
        return lanes[lane].firstHead + queue
    }

    /// Not asked for those who wait for us.
    private func timeLimit(of phase: Phase, _ limits: StreamLimits) -> TimeAmount {
        switch phase {
        case .receiving: TimeAmount(limits.messageTime)
        case .blocked, .closed, .waiting, .full: TimeAmount(limits.blockedTime)
        case .idle where takenCount * 10 > seatCount * 9: TimeAmount(min(limits.fullIdleTime, limits.idleTime))
        case .idle where takenCount * 2 > seatCount: TimeAmount(min(limits.crowdedIdleTime, limits.idleTime))
        case .idle: TimeAmount(limits.idleTime)
        }
    }

    private mutating func lane(of limits: StreamLimits) -> Int {
        if let lane = lanes.firstIndex(where: { $0.limits == limits }) { return lane }
        // A reload may bring others each time; those of nobody are used again. The first belongs to `init`.
        guard let unused = lanes.indices.dropFirst().first(where: { lanes[$0].guestCount == 0 }) else {
            return addLane(limits)
        }
        lanes[unused].limits = limits
        return unused
    }

    private mutating func addLane(_ limits: StreamLimits) -> Int {
        lanes.append(Lane(limits: limits, firstHead: places.count))
        for _ in 0..<Self.queueCount { addHead() }
        return lanes.count - 1
    }

    private mutating func addHead() {
        var head = Place()
        head.previous = places.count
        head.next = places.count
        places.append(head)
    }

    private mutating func evict() -> Guest? {
        for phase in [Phase.idle, .receiving, .blocked, .waiting] {
            let fronts = lanes.indices.map { places[head(of: phase, $0)].next }.filter { places[$0].guest != nil }
            if let front = fronts.min(by: { places[$0].since < places[$1].since }) { return leave(Seat(index: front)) }
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
