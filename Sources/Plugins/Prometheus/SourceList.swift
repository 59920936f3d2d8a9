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
    typealias Source = @Sendable () -> [MetricFamily]

    private struct State {
        var nextID = 0
        var live: [(id: Int, read: Source)] = []
        var retired: [String: MetricFamily] = [:]
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
        let last = read().filter { $0.metric.kind != .gauge }
        state.withLock { state in
            guard let index = state.live.firstIndex(where: { $0.id == id }) else { return }
            state.live.remove(at: index)
            for family in last { state.retired[family.metric.name, default: MetricFamily(family.metric)].add(family) }
        }
    }

    /// All families of all sources, each once.
    func families() -> [MetricFamily] {
        // One look at both, so that a source that is just being retired counts once.
        let (retired, live) = state.withLock { ($0.retired, $0.live) }
        var families = retired
        for source in live {
            for family in source.read() {
                families[family.metric.name, default: MetricFamily(family.metric)].add(family)
            }
        }
        return Array(families.values)
    }
}
