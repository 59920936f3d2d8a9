import DNS
import LinuxIO
import NIOCore
import NIOEmbedded
import Plugins
import Testing

@testable import Serving

/// A desk that answers nothing at once: the test brings each answer when it likes.
final class LateDesk: StreamDesk {
    private(set) var returns: [any ReturnAddress] = []

    override func answer(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, peer: () -> LinuxIO.SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        returns.append(later())
        return 0
    }

    func answer(_ index: Int, byteCount: Int = 14) {
        returns[index].send([0, UInt8(index), 0x80, 0] + Array(repeating: UInt8(index), count: byteCount - 4))
    }

    func forget() { returns = [] }
}

@Suite struct LateStreamTests {
    /// One connection whose queries all wait.
    final class Connection {
        let loop: StreamLoop
        let desk: LateDesk
        let channel = EmbeddedChannel()

        init(waitingCount: Int = 3, queryCount: Int? = nil, seatCount: Int = 4) throws {
            var limits = StreamLimits()
            limits.waitingCount = waitingCount
            limits.queryCount = queryCount
            loop = StreamLoop(limits: limits, seatCount: seatCount, counters: StreamCounters())
            desk = LateDesk(Published(try testPlan(1)))
            try channel.pipeline.syncOperations.addHandler(StreamHandler(loop: loop, desk: desk))
            try channel.connect(to: NIOCore.SocketAddress(ipAddress: "192.0.2.1", port: 9)).wait()
        }

        func ask(_ count: Int = 1) throws {
            try channel.writeInbound(ByteBuffer(bytes: (0..<count).flatMap { _ in framed(query()) }))
        }

        /// The ids of the answers that have left since the last look.
        func answers() throws -> [Int] {
            channel.embeddedEventLoop.run()
            var ids: [Int] = []
            while var buffer = try channel.readOutbound(as: ByteBuffer.self) {
                while let message = buffer.readLengthPrefixedSlice(as: UInt16.self) {
                    ids.append(Int(message.readableBytesView[message.readerIndex + 1]))
                }
                #expect(buffer.readableBytes == 0)
            }
            return ids
        }

        func finishSending() { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }

        var isOpen: Bool {
            channel.embeddedEventLoop.run()
            return channel.isActive
        }

        /// Queries that wait, as the counters say.
        var waitingCount: UInt64 { loop.counters.handedOn.current - loop.counters.handedBack.current }
    }

    @Test func answersComeInAnyOrder() throws {
        let connection = try Connection()
        try connection.ask(3)
        #expect(try connection.answers() == [])
        #expect(connection.waitingCount == 3)
        #expect(connection.desk.returns[0].peer == LinuxIO.SocketAddress("192.0.2.1:9"))
        for index in [1, 2, 0] {
            connection.desk.answer(index)
            #expect(try connection.answers() == [index])
        }
        #expect(connection.waitingCount == 0)
        #expect(connection.loop.counters.answered.current == 3)
        #expect(connection.loop.counters.late.current == 3)
        #expect(connection.isOpen)
    }

    @Test func readsNoMoreWhileTooManyWait() throws {
        let connection = try Connection(waitingCount: 3)
        try connection.ask(5)
        #expect(connection.desk.returns.count == 3)
        connection.desk.answer(2)
        #expect(try connection.answers() == [2])
        #expect(connection.desk.returns.count == 4)
        connection.desk.answer(0)
        connection.desk.answer(1)
        #expect(try connection.answers() == [0, 1])
        #expect(connection.desk.returns.count == 5)
        connection.desk.answer(3)
        connection.desk.answer(4)
        #expect(try connection.answers() == [3, 4])
    }

    @Test func aHalfClosedPeerGetsWhatItWaitsFor() throws {
        let connection = try Connection()
        try connection.ask(2)
        connection.finishSending()
        #expect(connection.isOpen)
        connection.desk.answer(1)
        #expect(try connection.answers() == [1])
        #expect(connection.isOpen)
        connection.desk.answer(0)
        #expect(try connection.answers() == [0])
        #expect(!connection.isOpen)
    }

    @Test func waitingForUsIsNoIdling() throws {
        let connection = try Connection()
        try connection.ask()
        connection.loop.sweep(now: .now() + .hours(1))
        #expect(connection.isOpen)
        connection.desk.answer(0)
        #expect(try connection.answers() == [0])
        connection.loop.sweep(now: .now() + .seconds(9))
        #expect(connection.isOpen)
        connection.loop.sweep(now: .now() + .seconds(10))
        #expect(!connection.isOpen)
    }

    @Test func aClosedConnectionLetsGoOfItsAnswers() throws {
        let connection = try Connection()
        try connection.ask(2)
        connection.channel.close(promise: nil)
        #expect(!connection.isOpen)
        #expect(connection.waitingCount == 0)
        connection.desk.answer(0)
        connection.desk.forget()
        connection.channel.embeddedEventLoop.run()
        #expect(connection.waitingCount == 0)
        #expect(connection.loop.counters.answered.current == 0)
    }

    /// Nothing is sent for an empty answer, nor for a query that was given up without a word.
    @Test func noAnswerIsAnEndToo() throws {
        let connection = try Connection()
        try connection.ask(2)
        connection.desk.returns[0].send([])
        connection.finishSending()
        #expect(connection.isOpen)
        connection.desk.forget()
        #expect(try connection.answers() == [])
        #expect(!connection.isOpen)
        #expect(connection.loop.counters.answered.current == 0)
        #expect(connection.waitingCount == 0)
    }

    @Test func closesAfterAsManyQueriesAsOneMayAsk() throws {
        let connection = try Connection(queryCount: 2)
        try connection.ask(3)
        #expect(connection.desk.returns.count == 2)
        connection.desk.answer(0)
        #expect(try connection.answers() == [0])
        #expect(connection.isOpen)
        connection.desk.answer(1)
        #expect(try connection.answers() == [1])
        #expect(!connection.isOpen)
    }

    /// Answers for a peer that reads nothing wait behind those it has not read, and give it no more time.
    @Test func aPeerThatReadsNothingIsClosedInTime() throws {
        let connection = try Connection()
        try connection.ask(2)
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.desk.answer(0)
        connection.channel.embeddedEventLoop.run()
        connection.desk.answer(1)
        connection.loop.sweep(now: .now() + .milliseconds(4500))
        #expect(connection.isOpen)
        connection.loop.sweep(now: .now() + .seconds(5))
        #expect(!connection.isOpen)
    }

    @Test func drainingWaitsForAnswers() throws {
        let connection = try Connection()
        try connection.ask()
        for handler in connection.loop.seats.guests { handler.drain() }
        #expect(connection.isOpen)
        connection.desk.answer(0)
        #expect(try connection.answers() == [0])
        #expect(!connection.isOpen)
    }
}
