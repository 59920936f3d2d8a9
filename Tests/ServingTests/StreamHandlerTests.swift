import DNS
import LinuxIO
import NIOCore
import NIOEmbedded
import Plugins
import Testing

@testable import Serving

@Suite struct StreamHandlerTests {
    /// One connection on an event loop that the test turns by hand.
    final class Connection {
        let loop: StreamLoop
        let channel = EmbeddedChannel()
        private let reads = ReadCounter()

        init(limits: StreamLimits = StreamLimits(), seatCount: Int = 4, bigByteCount: Int = 250) throws {
            loop = StreamLoop(limits: limits, seatCount: seatCount, counters: StreamCounters())
            let desk = StreamDesk(Published(try testPlan(1, bigByteCount: bigByteCount)))
            try channel.pipeline.syncOperations.addHandlers([reads, StreamHandler(loop: loop, desk: desk)])
            try channel.connect(to: NIOCore.SocketAddress(ipAddress: "192.0.2.1", port: 9)).wait()
        }

        func send(_ bytes: [UInt8]) throws { try channel.writeInbound(ByteBuffer(bytes: bytes)) }

        /// The messages of each write, as summaries.
        func writes() throws -> [[String]] {
            var writes: [[String]] = []
            while var buffer = try channel.readOutbound(as: ByteBuffer.self) {
                var messages: [String] = []
                while let message = buffer.readLengthPrefixedSlice(as: UInt16.self) {
                    messages.append(summary(Array(message.readableBytesView)))
                }
                #expect(buffer.readableBytes == 0)
                if !messages.isEmpty { writes.append(messages) }
            }
            return writes
        }

        func setWritable(_ isWritable: Bool) {
            channel.isWritable = isWritable
            channel.pipeline.fireChannelWritabilityChanged()
        }

        func finishSending() { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }

        /// Another connection on the same event loop, of another listener.
        func neighbour() throws -> EmbeddedChannel {
            let channel = EmbeddedChannel(loop: channel.embeddedEventLoop)
            let desk = StreamDesk(Published(try testPlan(2)))
            try channel.pipeline.syncOperations.addHandler(StreamHandler(loop: loop, desk: desk))
            try channel.connect(to: NIOCore.SocketAddress(ipAddress: "192.0.2.1", port: 9)).wait()
            return channel
        }

        var readCount: Int { reads.count }
        var isOpen: Bool {
            channel.embeddedEventLoop.run()
            return channel.isActive
        }
    }

    final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        private(set) var count = 0
        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
    }

    private func now(after time: TimeAmount) -> NIODeadline { .now() + time }

    @Test func answersAllMessagesOfAReadInOneWrite() throws {
        let connection = try Connection()
        try connection.send((1...5).flatMap { framed(query($0)) })
        #expect(try connection.writes() == [["1 10.0.0.1", "2 10.0.0.1", "3 10.0.0.1", "4 10.0.0.1", "5 10.0.0.1"]])
    }

    @Test(arguments: 0...56) func joinsMessagesCutAnywhere(_ place: Int) throws {
        let connection = try Connection()
        let bytes = framed(query(1)) + framed(query(2))
        #expect(bytes.count == 56)
        try connection.send(Array(bytes[..<place]))
        try connection.send(Array(bytes[place...]))
        #expect(try connection.writes().flatMap { $0 } == ["1 10.0.0.1", "2 10.0.0.1"])
        #expect(connection.isOpen)
    }

    @Test func joinsMessagesSentOctetByOctet() throws {
        let connection = try Connection()
        for byte in framed(query(1)) + framed(query(2)) { try connection.send([byte]) }
        #expect(try connection.writes() == [["1 10.0.0.1"], ["2 10.0.0.1"]])
    }

    @Test func passesOverEmptyMessagesAndDropsWhatIsNoQuery() throws {
        let connection = try Connection()
        let answer = [UInt8](query(9)).enumerated().map { $0.offset == 2 ? $0.element | 0x80 : $0.element }
        try connection.send(
            [0, 0] + framed(query(1)) + framed([1, 2, 3]) + [0, 0] + framed(answer) + framed(query(2)))
        #expect(try connection.writes() == [["1 10.0.0.1", "2 10.0.0.1"]])
        #expect(connection.isOpen)
        #expect(connection.loop.counters.received.current == 4)
        #expect(connection.loop.counters.answered.current == 2)
    }

    /// Queries are read ahead, some at a time: whatever lies between them, each gets the answer that it gets alone.
    @Test(arguments: 0..<12) func aReadIsAnsweredLikeItsMessagesOneByOne(_ run: Int) throws {
        var random = SplitMix(state: UInt64(run))
        let kinds: [(UInt16) -> [UInt8]] = [
            { framed(query($0)) }, { framed(query($0, big: true)) }, { _ in [0, 0] }, { _ in framed([1, 2, 3]) },
            { framed(Array(query($0).prefix(14))) }, { framed(query($0) + [UInt8](repeating: 9, count: 30_000)) },
        ]
        let messages = (1...UInt16(run * 9 + 1)).map { kinds[Int(random.next() % UInt64(kinds.count))]($0) }
        let alone = try Connection(bigByteCount: 5000)
        for message in messages { try alone.send(message) }
        let together = try Connection(bigByteCount: 5000)
        var rest = messages.flatMap { $0 }[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + Int(random.next() % 20_000))
            try together.send(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        #expect(try together.writes().flatMap { $0 } == (try alone.writes().flatMap { $0 }))
        #expect(together.loop.counters.received.current == alone.loop.counters.received.current)
        #expect(together.loop.counters.answered.current == alone.loop.counters.answered.current)
    }

    @Test func reusesItsBuffersAcrossReads() throws {
        let connection = try Connection()
        for id in 1...20 as ClosedRange<UInt16> {
            try connection.send(framed(query(id)))
            #expect(try connection.writes() == [["\(id) 10.0.0.1"]])
        }
    }

    /// NIO closes by itself at the end of a peer that has all its answers.
    @Test(arguments: [true, false]) func aPeerMayFinishEarlyWhileAnswersAreToLeave(_ kernelTakesAll: Bool) throws {
        let connection = try Connection()
        if kernelTakesAll { try connection.channel.pipeline.syncOperations.addHandler(Taker(), position: .first) }
        for id in 1...3 as ClosedRange<UInt16> { try connection.send(framed(query(id))) }
        let isAllowed = connection.channel.options.contains {
            $0.option is ChannelOptions.Types.AllowRemoteHalfClosureOption
        }
        #expect(isAllowed == !kernelTakesAll)
    }

    /// A peer that takes everything at once.
    final class Taker: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            promise?.succeed()
        }
    }

    @Test func readsNoMoreWhileThePeerTakesNothing() throws {
        let connection = try Connection()
        connection.setWritable(false)
        try connection.send(framed(query(1)) + framed(query(2)))
        #expect(try connection.writes() == [])
        let before = connection.readCount
        connection.channel.read()
        #expect(connection.readCount == before)
        connection.setWritable(true)
        #expect(try connection.writes() == [["1 10.0.0.1", "2 10.0.0.1"]])
        #expect(connection.readCount == before + 1)
        connection.channel.read()
        #expect(connection.readCount == before + 2)
    }

    @Test func sendsEarlyWhenAnswersAreLarge() throws {
        let connection = try Connection(bigByteCount: 40_000)
        try connection.send((1...6).flatMap { framed(query($0, big: true)) })
        #expect(try connection.writes().map(\.count) == [2, 2, 2])
    }

    @Test func stopsCuttingWhenLargeAnswersAreNotTaken() throws {
        let connection = try Connection(bigByteCount: 40_000)
        let blocker = Blocker()
        try connection.channel.pipeline.syncOperations.addHandler(blocker, position: .first)
        try connection.send((1...6).flatMap { framed(query($0, big: true)) })
        #expect(connection.loop.counters.answered.current == 2)
        connection.setWritable(true)
        #expect(connection.loop.counters.answered.current == 4)
    }

    /// A peer that takes one write, and then no more until it is asked again.
    final class Blocker: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            (context.channel as? EmbeddedChannel)?.isWritable = false
            context.write(data, promise: promise)
        }
    }

    @Test func aHalfClosedPeerGetsItsAnswers() throws {
        let connection = try Connection()
        try connection.send(framed(query(1)) + [0])
        connection.finishSending()
        #expect(try connection.writes() == [["1 10.0.0.1"]])
        #expect(!connection.isOpen)
    }

    @Test func aHalfClosedPeerGetsItsAnswersOnceItReads() throws {
        let connection = try Connection()
        connection.setWritable(false)
        try connection.send(framed(query(1)))
        connection.finishSending()
        #expect(connection.isOpen)
        connection.setWritable(true)
        #expect(try connection.writes() == [["1 10.0.0.1"]])
        #expect(!connection.isOpen)
    }

    @Test func aMessageMustBeCompleteInTime() throws {
        let connection = try Connection()
        try connection.send([0])
        connection.loop.sweep(now: now(after: .milliseconds(2500)))
        #expect(connection.isOpen)
        try connection.send([26])
        connection.loop.sweep(now: now(after: .seconds(3)))
        #expect(!connection.isOpen)
        #expect(connection.loop.counters.expired.current == 1)
    }

    @Test func anIdleConnectionIsClosedInTime() throws {
        let connection = try Connection()
        try connection.send(framed(query(1)))
        connection.loop.sweep(now: now(after: .milliseconds(9500)))
        #expect(connection.isOpen)
        connection.loop.sweep(now: now(after: .seconds(10)))
        #expect(!connection.isOpen)
    }

    @Test func aPeerThatReadsNothingIsClosedInTime() throws {
        let connection = try Connection()
        connection.setWritable(false)
        try connection.send(framed(query(1)))
        connection.loop.sweep(now: now(after: .milliseconds(4500)))
        #expect(connection.isOpen)
        connection.loop.sweep(now: now(after: .seconds(5)))
        #expect(!connection.isOpen)
    }

    /// NIO reports no end of a read that an error cuts short.
    @Test func answersOfABrokenConnectionGoToNobodyElse() throws {
        let broken = try Connection()
        broken.channel.pipeline.fireChannelRead(ByteBuffer(bytes: framed(query(1))))
        broken.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "reset"))
        #expect(!broken.isOpen)
        let next = try broken.neighbour()
        try next.writeInbound(ByteBuffer(bytes: framed(query(2))))
        var sent = try #require(try next.readOutbound(as: ByteBuffer.self))
        let message = sent.readLengthPrefixedSlice(as: UInt16.self)
        #expect(message.map { summary(Array($0.readableBytesView)) } == "2 10.0.0.2")
        #expect(sent.readableBytes == 0)
    }

    @Test func hearsNoMoreOnceItCloses() throws {
        let connection = try Connection()
        connection.finishSending()
        try connection.send(framed(query(1)))
        #expect(try connection.writes() == [])
        #expect(!connection.isOpen)
    }

    @Test func givesItsSeatBack() throws {
        let connection = try Connection(seatCount: 1)
        #expect(connection.loop.seats.takenCount == 1)
        connection.channel.close(promise: nil)
        #expect(!connection.isOpen)
        #expect(connection.loop.seats.takenCount == 0)
    }

    @Test func givesWayToANewerConnection() throws {
        let connection = try Connection(seatCount: 1)
        let newer = try connection.neighbour()
        #expect(!connection.isOpen)
        #expect(connection.loop.counters.evicted.current == 1)
        try newer.writeInbound(ByteBuffer(bytes: framed(query(3))))
        #expect(try newer.readOutbound(as: ByteBuffer.self) != nil)
        #expect(connection.loop.seats.takenCount == 1)
    }
}
