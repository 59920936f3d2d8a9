import DNS
import LinuxIO
import NIOCore
import Plugins

/// What the connections of one event loop share. Touched on that loop only.
@safe final class StreamLoop {
    let counters: StreamCounters
    let limits: StreamLimits
    private(set) var seats: Seats<StreamHandler>
    private var desks: [ListenerID: StreamDesk] = [:]
    private let scratch: UnsafeMutableRawBufferPointer
    /// An empty buffer for the answers of one read; gone while a connection fills it.
    private var spare: ByteBuffer?

    /// A message of TCP with the largest length that fits in front of it.
    static let messageByteCount = 65535

    init(limits: StreamLimits, seatCount: Int, counters: StreamCounters) {
        self.limits = limits
        self.counters = counters
        seats = Seats(count: seatCount, limits: limits)
        unsafe scratch = .allocate(byteCount: Self.messageByteCount, alignment: 64)
    }

    deinit { unsafe scratch.deallocate() }
}

// MARK: - Answering

extension StreamLoop {
    /// Answers one message, and puts the answer with its length behind those of the read at hand.
    func answer(
        _ query: ByteBufferView, at desk: StreamDesk, into outgoing: inout ByteBuffer,
        peer: () -> LinuxIO.SocketAddress?, later: () -> any ReturnAddress
    ) {
        counters.received.add()
        let queryByteCount = query.count
        unsafe query.withUnsafeBytes { unsafe scratch.copyMemory(from: $0) }
        var message = unsafe MutableRawSpan(_unsafeBytes: scratch)
        let byteCount = desk.answer(&message, queryByteCount: queryByteCount, peer: peer, later: later)
        guard byteCount > 0 else { return }
        precondition(byteCount <= Self.messageByteCount, "an answer is longer than a message")
        counters.answered.add()
        outgoing.writeInteger(UInt16(byteCount))
        unsafe outgoing.writeBytes(UnsafeRawBufferPointer(rebasing: scratch[..<byteCount]))
    }

    /// The same with an answer that came later.
    func write(_ answer: [UInt8], into outgoing: inout ByteBuffer) {
        precondition(answer.count <= Self.messageByteCount, "an answer is longer than a message")
        counters.late.add()
        counters.answered.add()
        outgoing.writeInteger(UInt16(answer.count))
        outgoing.writeBytes(answer)
    }

    /// A buffer for answers, the connection's own until it gives it back: answers of a connection that ends in the
    /// middle of a read go with it, never to a neighbour.
    func takeBuffer() -> ByteBuffer {
        spare.take() ?? ByteBufferAllocator().buffer(capacity: limits.unsentByteCount)
    }

    /// Once it was written; if the kernel took all of it, its memory serves the next read.
    func giveBack(_ buffer: consuming ByteBuffer) {
        buffer.clear(minimumCapacity: limits.unsentByteCount)
        spare = buffer
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
        while let handler = seats.expired(now: now) {
            if handler.hasProgressed() { continue }
            counters.expired.add()
            handler.expire()
        }
        for desk in desks.values { desk.refresh() }
    }
}
