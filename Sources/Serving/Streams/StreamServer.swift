import DNS
import Glibc
import LinuxIO
import NIOCore
import NIOPosix
import Plugins
import Synchronization

/// Accepts the TCP connections of one address, and spreads them over the event loops.
final class StreamServer: Sendable {
    private let id: ListenerID
    private let loops: StreamLoops
    private let channel: any Channel
    private let newest: NewestLimits

    init(
        _ listener: consuming StreamListener, id: ListenerID, plan: Published<QueryPlan>, limits: StreamLimits?,
        loops: StreamLoops, group: any EventLoopGroup
    ) async throws {
        self.id = id
        self.loops = loops
        let newest = NewestLimits(limits)
        self.newest = newest
        let limits = limits ?? loops.limits
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
                    let handler = StreamHandler(loop: loop, desk: loop.desk(of: id, plan), limits: newest.value)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .withBoundSocket(listener.release())
            .get()
    }

    /// For connections that are accepted from now on.
    func replace(_ limits: StreamLimits?) { newest.value = limits }

    /// Lets another socket of this user listen on an address that overlaps ours.
    func share() async throws { try await channel.sharePort() }

    /// Accepts no more, and returns when every connection has its answers.
    func stop() async {
        await channel.closed()
        await loops.drain(id)
    }
}

/// The limits of the next connection.
private final class NewestLimits: Sendable {
    private let limits: Mutex<StreamLimits?>
    init(_ limits: StreamLimits?) { self.limits = Mutex(limits) }
    var value: StreamLimits? {
        get { limits.withLock { $0 } }
        set { limits.withLock { $0 = newValue } }
    }
}

extension Channel {
    /// Sets SO_REUSEPORT on a socket that listens already.
    func sharePort() async throws {
        try await setOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1).get()
    }

    /// Closes the channel; fine if it is closed already.
    func closed() async {
        do { try await close() } catch {
            assert(error as? ChannelError == .alreadyClosed, "closing failed: \(error)")
        }
    }
}
