import DNS
import LinuxIO
import NIOCore
import Plugins

/// Which listener a connection came from: each has a plan of its own.
struct ListenerID: Hashable, Sendable {
    let rawValue: Int
}

/// What the connections of one listener on one event loop share: where they ask, and how many they are.
class StreamDesk {
    private var desk: PlanDesk
    private var whenEmpty: EventLoopPromise<Void>?

    var connectionCount = 0 {
        didSet { if connectionCount == 0 { whenEmpty.take()?.succeed() } }
    }

    init(_ plan: Published<QueryPlan>) { desk = PlanDesk(plan, for: .tcp) }

    func refresh() { desk.refresh() }

    /// After the queries of a read.
    func settle() { desk.settle() }

    /// First pass over the queries of a read; asks no table.
    final func read(_ message: inout MutableRawSpan, byteCount: Int) -> Query {
        desk.read(&message, byteCount: byteCount)
    }

    /// Between the passes.
    final func warm(_ queries: [Query]) { desk.warm(queries.span, count: queries.count) }

    /// Second pass.
    func answer(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, peer: () -> LinuxIO.SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        desk.answer(query, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
    }

    /// - Returns: when no connection is left.
    func drain(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        guard connectionCount > 0 else { return eventLoop.makeSucceededVoidFuture() }
        let promise = eventLoop.makePromise(of: Void.self)
        whenEmpty = promise
        return promise.futureResult
    }
}

extension LinuxIO.SocketAddress {
    init?(_ address: NIOCore.SocketAddress) {
        guard let text = address.ipAddress, let ip = IPAddress(text), let port = address.port else { return nil }
        self.init(ip, port: UInt16(truncatingIfNeeded: port))
    }
}
