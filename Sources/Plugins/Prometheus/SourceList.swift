import Synchronization

/// Keeps a source on the page. Retire it when its owner has stopped: what it counted stays, its gauges go.
public final class MetricsRegistration: Sendable {
    private let id: Int
    private let sources: SourceList

    init(_ id: Int, in sources: SourceList) {
        self.id = id
        self.sources = sources
    }

    deinit { sources.retire(id) }

    /// Reads the source a last time. A second call does nothing.
    public func retire() { sources.retire(id) }
}

/// The sources of a registry, and what those that are gone had counted.
final class SourceList: Sendable {
    typealias Source = @Sendable (inout MetricFamilies) -> Void

    private struct State {
        var nextID = 0
        var live: [(id: Int, read: Source)] = []
        var retired = MetricFamilies()
    }

    private let state = Mutex(State())

    func add(_ read: @escaping Source) -> Int {
        state.withLock { state in
            state.nextID += 1
            state.live.append((state.nextID, read))
            return state.nextID
        }
    }

    func retire(_ id: Int) {
        // Read without the lock: a source may take locks of its own.
        guard let read = state.withLock({ state in state.live.first { $0.id == id }?.read }) else { return }
        var last = MetricFamilies()
        read(&last)
        state.withLock { state in
            guard let index = state.live.firstIndex(where: { $0.id == id }) else { return }
            state.live.remove(at: index)
            state.retired.add(last, where: { $0.kind != .gauge })
        }
    }

    var count: Int { state.withLock { $0.live.count } }

    /// Adds what all sources say.
    func read(into families: inout MetricFamilies) {
        // One look at both, so that a source that is just being retired counts once.
        let (retired, live) = state.withLock { ($0.retired, $0.live) }
        families.add(retired)
        for source in live { source.read(&families) }
    }
}
