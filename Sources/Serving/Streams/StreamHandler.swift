import LinuxIO
import NIOCore

/// One TCP connection: cuts what arrives into messages, answers them at once, or lone ones at the end of the event loop's
/// turn, and sends all answers of a read in one write; what must wait is answered when its answer comes. Reads no more
/// while the peer does not take its answers, or while too many of them wait.
final class StreamHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private let loop: StreamLoop
    let desk: StreamDesk
    private let limits: SharedLimits
    private var state: StreamState
    private var seat: Seats<StreamHandler>.Seat?
    private var context: ChannelHandlerContext?
    /// What is not cut yet: the beginning of a message, or messages that wait for room.
    private var tail: ByteBuffer?
    /// The answers of the read at hand.
    private var outgoing: ByteBuffer?
    private var outlet = StreamOutlet()
    private var hasAnswered = false
    private var holdsRead = false
    private var unsentByteCount = 0
    private var isCutting = false
    /// What was read is in the tail, and is answered at the end of the event loop's turn.
    private var awaitsTurnEnd = false
    private var allowsHalfClosure = false
    /// Made when the first query must wait.
    private var way: StreamWay?

    init(loop: StreamLoop, desk: StreamDesk, limits: SharedLimits? = nil) {
        self.loop = loop
        self.desk = desk
        self.limits = limits ?? loop.limits
        let limits = self.limits.value
        state = StreamState(mostWaiting: limits.waitingCount, mostQueries: limits.queryCount)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        seat = loop.seat(self, limits.value)
        desk.connectionCount += 1
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        guard context.take() != nil else { return }
        if let seat = seat.take() { loop.leave(seat) }
        tail = nil
        outgoing = nil
        way.take()?.close()
        loop.counters.handedBack.add(UInt64(state.waitingCount))
        desk.connectionCount -= 1
    }
}

// MARK: - Reading

extension StreamHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state.phase != .closed else { return }
        var arrived = unwrapInboundIn(data)
        // More may follow in this turn, and the peer's end before our answers have left.
        let moreMayFollow = arrived.writableBytes == 0
        if moreMayFollow { allowHalfClosure(context) }
        if tail == nil, !moreMayFollow, outlet.isOpen, arrived.isOneMessage {
            tail = arrived
            awaitTurnEnd(context)
            return
        }
        desk.refresh()
        if tail == nil { tail = arrived } else { tail?.writeBuffer(&arrived) }
        cut(context, moreMayFollow: moreMayFollow)
    }

    private func awaitTurnEnd(_ context: ChannelHandlerContext) {
        // The peer's end may come in this turn, too.
        allowHalfClosure(context)
        awaitsTurnEnd = true
        loop.atTurnEnd(self, on: context.eventLoop)
    }

    /// Reads the query that waits, without answering it.
    func readAhead(_ round: inout StreamRound) {
        guard awaitsTurnEnd else { return }
        unsafe tail?.withUnsafeReadableBytes { unsafe round.readAhead($0, atMost: 1, for: desk) }
    }

    func endTurn() {
        guard awaitsTurnEnd, let context else { return }
        cut(context)
        flush(context)
        settle()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard !awaitsTurnEnd else { return }
        desk.settle()
        flush(context)
        settle()
    }

    /// Back-pressure: a read is asked for again once there is room for its answers.
    func read(context: ChannelHandlerContext) {
        guard state.isReading else {
            holdsRead = true
            return
        }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, state.phase == .blocked {
            hasAnswered = true
            resume(context)
        }
        context.fireChannelWritabilityChanged()
    }

    private func resume(_ context: ChannelHandlerContext) {
        proceed(context)
        guard holdsRead, state.isReading else { return }
        holdsRead = false
        context.read()
    }

    /// Answers every whole message of the tail, and keeps the rest.
    private func cut(_ context: ChannelHandlerContext, moreMayFollow: Bool = false) {
        // Answers that leave early may make the channel writable: whoever is cutting goes on by itself.
        guard !isCutting else { return }
        isCutting = true
        awaitsTurnEnd = false
        let wasClosed = state.phase == .closed
        var arrived = tail.take() ?? ByteBuffer()
        loop.withRound { round in
            unsafe arrived.readWithUnsafeReadableBytes { unsafe cut($0, &round, context) }
            if moreMayFollow { collect(&round) } else { send(&round, context) }
        }
        isCutting = false
        guard self.context != nil else { return }
        if state.phase == .closed, !wasClosed { finish(context) } else { keep(arrived) }
    }

    /// - Returns: how many octets are done with.
    private func cut(
        _ arrived: UnsafeRawBufferPointer, _ round: inout StreamRound, _ context: ChannelHandlerContext
    ) -> Int {
        var at = 0
        var hasRoom = outlet.isOpen || context.channel.isWritable
        while true {
            if isFull(round) {
                send(&round, context)
                flush(context)
                // The kernel may have told us that the connection is gone.
                guard self.context != nil else { return at }
                hasRoom = outlet.isOpen || context.channel.isWritable
            }
            let length = unsafe arrived.length(at: at)
            switch state.next(available: arrived.count - at, length: length, hasRoom: hasRoom) {
            case .answer(let byteCount):
                unsafe answer(UnsafeRawBufferPointer(rebasing: arrived[at...]), byteCount, &round, context)
                at += 2 + byteCount
            case .skip: at += 2
            case .wait, .finish: return at
            }
        }
    }

    @inline(__always)
    private func answer(
        _ arrived: UnsafeRawBufferPointer, _ byteCount: Int, _ round: inout StreamRound,
        _ context: ChannelHandlerContext
    ) {
        loop.counters.received.add()
        hasAnswered = true
        let isAnswered = unsafe round.answer(
            arrived, byteCount: byteCount, at: desk, peer: { peer(context) }, later: { returnAddress(context) })
        if isAnswered { loop.counters.answered.add() }
    }

    /// The buffer of a read is large and the beginning of a message small, so it moves to one of its own.
    private func keep(_ rest: ByteBuffer) {
        guard rest.readableBytes > 0 else { return }
        guard rest.readerIndex > 0, state.phase == .receiving else {
            tail = rest
            return
        }
        let length = rest.getInteger(at: rest.readerIndex, as: UInt16.self) ?? 0
        var kept = ByteBufferAllocator().buffer(capacity: min(max(2 + Int(length), rest.readableBytes), 4096))
        kept.writeImmutableBuffer(rest)
        tail = kept
    }
}

// MARK: - Answers that come later

extension StreamHandler {
    private func returnAddress(_ context: ChannelHandlerContext) -> StreamReturn {
        state.mustWait()
        loop.counters.handedOn.add()
        allowHalfClosure(context)
        let way = way ?? StreamWay(to: self, peer: peer(context), on: context.eventLoop)
        self.way = way
        return StreamReturn(way)
    }

    private func peer(_ context: ChannelHandlerContext) -> LinuxIO.SocketAddress {
        // A connection without an address is one that was reset a moment ago.
        context.remoteAddress.flatMap { LinuxIO.SocketAddress($0) } ?? LinuxIO.SocketAddress(.anyIPv4, port: 0)
    }

    /// The answer to one of those that wait; empty when there is none.
    func bring(_ answer: [UInt8]) {
        guard let context else { return }
        state.hasWaited()
        loop.counters.handedBack.add()
        if !answer.isEmpty {
            var answers = outgoing.take() ?? loop.takeBuffer()
            loop.write(answer, into: &answers)
            outgoing = answers
            // Another answer for a peer that takes none gives it no more time.
            hasAnswered = state.phase != .blocked
        }
        resume(context)
    }
}

// MARK: - Writing

extension StreamHandler {
    /// At 64 KiB of answers they leave early, and if the peer does not take them, the rest of the queries waits.
    private func isFull(_ round: borrowing StreamRound) -> Bool {
        let byteCount = round.answerByteCount + (outgoing?.readableBytes ?? 0)
        return byteCount >= min(limits.value.unsentByteCount, StreamRound.fullByteCount)
    }

    /// The answers of a round leave; what the kernel does not take of them stays with us.
    private func send(_ round: inout StreamRound, _ context: ChannelHandlerContext) {
        // Those that were collected before leave before.
        guard outgoing == nil, self.context != nil else { return collect(&round) }
        unsafe round.takeAnswers { answers in
            guard unsafe !answers.isEmpty else { return }
            let sentByteCount = unsafe outlet.send(answers, from: context)
            guard sentByteCount < answers.count else { return }
            var rest = loop.takeBuffer()
            unsafe rest.writeBytes(UnsafeRawBufferPointer(rebasing: answers[sentByteCount...]))
            outgoing = rest
        }
    }

    /// The answers of a round are ours before it is anybody else's.
    private func collect(_ round: inout StreamRound) {
        guard round.answerByteCount > 0 else { return }
        var answers = outgoing.take() ?? loop.takeBuffer()
        unsafe round.takeAnswers { _ = unsafe answers.writeBytes($0) }
        // A connection that is gone has nobody to answer.
        if context != nil { outgoing = answers }
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard let answers = outgoing.take() else { return }
        outlet.goesThroughChannel()
        if answers.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(answers), promise: nil) }
        // A copy of ours would look like one that still waits.
        if !loop.giveBack(consume answers) { allowHalfClosure(context) }
    }

    /// The peer may finish sending while answers are still to leave, and gets them. NIO is told only when there are
    /// such: without, it closes at the peer's end by itself, which saves a connection that asks once a system call and
    /// an event.
    private func allowHalfClosure(_ context: ChannelHandlerContext) {
        guard !allowsHalfClosure else { return }
        allowsHalfClosure = true
        do {
            try context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        } catch {
            assert(error as? ChannelError == .ioOnClosedChannel, "half closure was refused: \(error)")
        }
    }

    /// The peer has all it asked for, or will have once it has read it.
    private func finish(_ context: ChannelHandlerContext) {
        tail = nil
        flush(context)
        let nothing = ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(nothing)).assumeIsolated().whenComplete { [self] _ in close() }
    }
}

// MARK: - Ending

extension StreamHandler {
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        state.peerHasFinished()
        if state.phase != .blocked { proceed(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, most likely: the peer's right, and nothing to report.
        close()
    }

    /// No new message; ends when the one that has begun is answered.
    func drain() {
        state.drain()
        if let context, state.phase != .blocked { proceed(context) }
    }

    private func proceed(_ context: ChannelHandlerContext) {
        desk.refresh()
        cut(context)
        flush(context)
        settle()
    }

    private func close() { context?.close(promise: nil) }

    /// Our seat was given to another connection.
    func giveWay() {
        seat = nil
        close()
    }

    /// Our time is over.
    func expire() {
        if let seat = seat.take() { loop.leave(seat) }
        close()
    }

    /// Whether the peer took anything since the last look, though not enough for us to go on reading.
    func hasProgressed() -> Bool {
        guard let context, let seat, state.phase == .blocked || state.phase == .closed else { return false }
        let unsent = context.unsentByteCount ?? 0
        defer { unsentByteCount = unsent }
        guard unsent < unsentByteCount else { return false }
        loop.move(seat, to: state.phase, progressed: true)
        return true
    }

    /// Tells the loop what we wait for now.
    private func settle() {
        guard let seat, let context else { return }
        if state.phase == .blocked || state.phase == .closed { unsentByteCount = context.unsentByteCount ?? 0 }
        loop.move(seat, to: state.phase, progressed: hasAnswered)
        hasAnswered = false
    }
}

extension ByteBuffer {
    /// Whether there is a message with its length in front, and nothing else.
    fileprivate var isOneMessage: Bool {
        unsafe withUnsafeReadableBytes { unsafe $0.count > 2 && Int($0.length(at: 0)) + 2 == $0.count }
    }
}
