import Glibc
import LinuxIO
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import Serving

@Suite struct StreamOutletTests {
    /// Lets a test act on the event loop, in the middle of a pipeline.
    final class Bystander: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var outlet = StreamOutlet()
    }

    private static func send(_ bytes: [UInt8], by handler: Bystander, _ context: ChannelHandlerContext) -> Int {
        unsafe bytes.withUnsafeBytes { unsafe handler.outlet.send($0, from: context) }
    }

    @Test func aChannelWithoutSocketWritesAllItself() throws {
        let channel = EmbeddedChannel()
        let handler = Bystander()
        try channel.pipeline.syncOperations.addHandler(handler)
        let context = try channel.pipeline.syncOperations.context(handlerType: Bystander.self)
        for _ in 1...3 {
            #expect(Self.send([1], by: handler, context) == 0)
            handler.outlet.goesThroughChannel()
            #expect(!handler.outlet.isOpen)
        }
    }

    /// Nothing goes past the channel before it was written to, nor while it holds octets.
    @Test func answersOvertakeNothing() async throws {
        var numbers: [Int32] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &numbers) == 0)
        let far = Descriptor(owning: numbers[1])
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Bystander()) }
            }
            .withConnectedSocket(numbers[0]).get()
        let steps = try await channel.eventLoop.submit {
            let context = try channel.pipeline.syncOperations.context(handlerType: Bystander.self)
            let handler = try channel.pipeline.syncOperations.handler(type: Bystander.self)
            var steps: [Int] = []
            steps.append(Self.send([1], by: handler, context))
            handler.outlet.goesThroughChannel()
            context.writeAndFlush(NIOAny(ByteBuffer(bytes: [1])), promise: nil)
            steps.append(Self.send([2], by: handler, context))
            steps.append(Self.send([3], by: handler, context))
            handler.outlet.goesThroughChannel()
            context.write(NIOAny(ByteBuffer(bytes: [4])), promise: nil)
            steps.append(Self.send([5], by: handler, context))
            context.flush()
            steps.append(Self.send([5], by: handler, context))
            return steps
        }.get()
        #expect(steps == [0, 1, 1, 0, 1])
        var arrived = [UInt8](repeating: 0, count: 9)
        #expect(unsafe recv(far.number, &arrived, 9, 0) == 5)
        #expect(arrived.prefix(5) == [1, 2, 3, 4, 5])
        try await channel.close()
        try await group.shutdownGracefully()
    }
}
