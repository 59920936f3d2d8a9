import DNS
import LinuxIO
import NIOCore
import Plugins

/// What the connections of one event loop share. Touched on that loop only.
final class StreamLoop {
    let counters: StreamCounters
    /// Of those who bring none.
    let limits: SharedLimits
    private(set) var seats: Seats<StreamHandler>
    private var desks: [ListenerID: StreamDesk] = [:]
    private var round = StreamRound()
    /// An empty buffer for the answers of one read; gone while a connection fills it.
    private var spare: ByteBuffer?
    /// Connections that are answered at the end of this turn.
    private var arrivals: [StreamHandler] = []

    init(limits: StreamLimits, seatCount: Int, counters: StreamCounters) {
        self.limits = SharedLimits(limits)
        self.counters = counters
        seats = Seats(count: seatCount, limits: limits)
    }
}

// MARK: - Answering

extension StreamLoop {
    /// For one connection at a time; it takes its answers out before it returns.
    func withRound(_ body: (inout StreamRound) -> Void) {
        round.begin()
        body(&round)
        assert(round.answerByteCount == 0, "answers were left for the next connection")
    }

    /// Puts an answer that came later behind those of the read at hand.
    func write(_ answer: [UInt8], into outgoing: inout ByteBuffer) {
        precondition(answer.count <= StreamRound.messageByteCount, "an answer is longer than a message")
        counters.late.add()
        counters.answered.add()
        outgoing.writeInteger(UInt16(answer.count))
        outgoing.writeBytes(answer)
    }

    /// A buffer for answers, the connection's own until it gives it back: answers of a connection that ends in the
    /// middle of a read go with it, never to a neighbour.
    func takeBuffer() -> ByteBuffer { spare.take() ?? ByteBufferAllocator().buffer(capacity: 4096) }

    /// Once it was written.
    /// - Returns: whether the kernel took all of it; its memory serves the next read then.
    func giveBack(_ buffer: consuming ByteBuffer) -> Bool {
        guard buffer.modifyIfUniquelyOwned({ $0.clear() }) != nil else { return false }
        spare = buffer
        return true
    }
}

// MARK: - Turns

extension StreamLoop {
    /// Has the connection answered once all that arrived in this turn was read.
    ///
    /// A lone query would wait for the memory of its answer alone; those of all connections are fetched side by side, as
    /// with UDP, and leave close behind each other (8.2 → 7.7 µs an answer).
    func atTurnEnd(_ handler: StreamHandler, on eventLoop: any EventLoop) {
        arrivals.append(handler)
        if arrivals.count == 1 { eventLoop.assumeIsolated().execute { [self] in endTurn() } }
    }

    private func endTurn() {
        var first = 0
        while first < arrivals.count {
            let end = min(first + StreamRound.mostQueries, arrivals.count)
            answer(first..<end)
            first = end
        }
        arrivals.removeAll(keepingCapacity: true)
    }

    private func answer(_ group: Range<Int>) {
        var desk: StreamDesk?
        for index in group {
            let handler = arrivals[index]
            if handler.desk !== desk {
                desk?.settle()
                desk = handler.desk
                handler.desk.refresh()
                warm(handler.desk, for: index..<group.upperBound)
            }
            handler.endTurn()
        }
        desk?.settle()
    }

    /// Fetches the answers that connections of the same listener wait for.
    private func warm(_ desk: StreamDesk, for group: Range<Int>) {
        round.begin()
        for index in group where arrivals[index].desk === desk { arrivals[index].readAhead(&round) }
        round.warm(desk)
    }
}

// MARK: - Connections

extension StreamLoop {
    func desk(of listener: ListenerID, _ plan: Published<QueryPlan>) -> StreamDesk {
        if let desk = desks[listener] { return desk }
        let desk = StreamDesk(plan)
        desks[listener] = desk
        return desk
    }

    /// The connections of this listener answer what has begun, and close; after `limit`, whatever is left is closed.
    ///
    /// - Returns: when the last one has left.
    func drain(
        _ listener: ListenerID, on eventLoop: any EventLoop, atMost limit: TimeAmount
    ) -> EventLoopFuture<Void> {
        guard let desk = desks.removeValue(forKey: listener) else { return eventLoop.makeSucceededVoidFuture() }
        let drained = desk.drain(on: eventLoop)
        for handler in seats.guests where handler.desk === desk { handler.drain() }
        let deadline = eventLoop.assumeIsolated().scheduleTask(in: limit) { [self] in
            for handler in seats.guests where handler.desk === desk { handler.expire() }
        }
        drained.assumeIsolated().whenComplete { _ in deadline.cancel() }
        return drained
    }

    func seat(_ handler: StreamHandler, _ limits: StreamLimits) -> Seats<StreamHandler>.Seat {
        counters.accepted.add()
        // Who is about to be answered is not the one who has been silent longest.
        if seats.isFull { endTurn() }
        let (seat, evicted) = seats.take(handler, limits: limits, now: .now())
        if let evicted {
            counters.evicted.add()
            evicted.giveWay()
        }
        return seat
    }

    func leave(_ seat: Seats<StreamHandler>.Seat) { seats.leave(seat) }

    func move(_ seat: Seats<StreamHandler>.Seat, to phase: StreamState.Phase, progressed: Bool) {
        seats.move(seat, to: phase, progressed: progressed, now: .now())
    }

    /// A few times a second: closes what has taken too long, and lets go of old tables.
    func sweep(now: NIODeadline = .now()) {
        // Who is about to be answered is not silent.
        endTurn()
        while let handler = seats.expired(now: now) {
            if handler.hasProgressed() { continue }
            counters.expired.add()
            handler.expire()
        }
        for desk in desks.values { desk.refresh() }
    }
}
