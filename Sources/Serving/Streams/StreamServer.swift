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
        let options = StreamOptions(limits)
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            // Connections accepted before others are heard again; with 4 most of them cost a call that finds nobody.
            .serverChannelOption(.maxMessagesPerRead, value: 16)
            .childChannelInitializer { channel in
                do {
                    let loop = loops.current()
                    let handler = StreamHandler(loop: loop, desk: loop.desk(of: id, plan), limits: newest.current)
                    try options.apply(to: channel)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return channel.eventLoop.makeSucceededVoidFuture()
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }
            .withBoundSocket(listener.release())
            .get()
    }

    /// For connections that are accepted from now on.
    func replace(_ limits: StreamLimits?) { newest.replace(limits) }

    /// Lets another socket of this user listen on an address that overlaps ours.
    func share() async throws { try await channel.sharePort() }

    /// Accepts no more, and returns when every connection has its answers.
    func stop() async {
        await channel.closed()
        await loops.drain(id)
    }
}

/// What NIO is told of each connection, at once and on its event loop: `childChannelOption` makes futures of it, which
/// took a sixth of the time of a connection that asks once.
private struct StreamOptions: Sendable {
    // Queries are small, and an idle connection keeps its buffer: with 256 octets it costs under 3 KiB.
    private let receiveAllocator = AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 256, maximum: 16384)
    /// Nil: NIO's own.
    private let waterMark: ChannelOptions.Types.WriteBufferWaterMark?

    init(_ limits: StreamLimits) {
        let high = limits.unsentByteCount
        waterMark = high == 64 << 10 ? nil : .init(low: high / 2, high: high)
    }

    func apply(to channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(.recvAllocator, value: receiveAllocator)
        if let waterMark { try options.setOption(.writeBufferWaterMark, value: waterMark) }
    }
}

/// The limits of the next connection.
private final class NewestLimits: Sendable {
    private let limits: Mutex<SharedLimits?>
    init(_ limits: StreamLimits?) { self.limits = Mutex(limits.map(SharedLimits.init)) }
    var current: SharedLimits? { limits.withLock { $0 } }
    func replace(_ newest: StreamLimits?) { limits.withLock { $0 = newest.map(SharedLimits.init) } }
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
