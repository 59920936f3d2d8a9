import DNS
import LinuxIO
import NIOCore
import NIOPosix
import Plugins

/// Accepts the TCP connections of one address, and spreads them over the event loops.
final class StreamServer: Sendable {
    private let id: ListenerID
    private let loops: StreamLoops
    private let channel: any Channel

    init(
        _ listener: consuming StreamListener, id: ListenerID, plan: Published<QueryPlan>, loops: StreamLoops,
        group: any EventLoopGroup
    ) async throws {
        self.id = id
        self.loops = loops
        let limits = loops.limits
        let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
            low: limits.unsentByteCount / 2, high: limits.unsentByteCount)
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            // Queries are small: 512 octets to begin with keep an idle connection at 3 KiB.
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 16384)
            )
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let loop = loops.current()
                    let handler = StreamHandler(loop: loop, desk: loop.desk(of: id, plan))
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .withBoundSocket(listener.release())
            .get()
    }

    /// Accepts no more, and returns when every connection has its answers.
    func stop() async {
        await channel.closed()
        await loops.drain(id)
    }
}

extension Channel {
    /// Closes the channel; fine if it is closed already.
    func closed() async {
        do { try await close() } catch {
            assert(error as? ChannelError == .alreadyClosed, "closing failed: \(error)")
        }
    }
}
