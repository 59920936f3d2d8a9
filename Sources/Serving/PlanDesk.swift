import DNS
import LinuxIO
import Plugins

/// A desk that follows its plan: made anew when the plan was replaced, refreshed otherwise.
struct PlanDesk: ~Copyable {
    private let published: Published<QueryPlan>
    private var generation: UInt64
    private let transport: Transport
    private var desk: QueryDesk

    init(_ published: Published<QueryPlan>, for transport: Transport) {
        self.transport = transport
        self.published = published
        // Read before the plan: a replacement in between is then seen at the next look, never missed.
        generation = published.generation
        desk = published.value.makeDesk(for: transport)
    }

    /// Once a batch, and when idle, so that nobody keeps an old table alive.
    mutating func refresh() {
        let newest = published.generation
        if newest != generation {
            generation = newest
            desk = published.value.makeDesk(for: transport)
        }
        desk.refresh()
    }

    @inline(__always)
    func read(_ message: inout MutableRawSpan, byteCount: Int) -> Query { desk.read(&message, byteCount: byteCount) }

    @inline(__always)
    mutating func answer(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, peer: () -> SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        desk.answer(query, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
    }

    @inline(__always)
    mutating func answer(
        _ message: inout MutableRawSpan, queryByteCount: Int, peer: () -> SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        desk.answer(&message, queryByteCount: queryByteCount, peer: peer, later: later)
    }

    mutating func warm(_ queries: [Query]) { desk.warm(queries) }

    /// After the queries of a batch: notes how long they took.
    mutating func settle() { desk.settle() }
}
