import Synchronization

/// The counters of one worker for one zone of a server, one transport and one address family.
///
/// The worker adds by `view`; anyone reads when metrics are asked for. Made by `MetricsRegistry.counters`, which keeps
/// the sums when the last holder has let go.
public final class BlockCounters: Sendable {
    /// For the owning thread alone. Whoever keeps it must hold this object as long.
    public let view: CounterView
    private let words: CounterWords
    private let store: CounterStore
    private let series: CounterSeries

    init(_ series: CounterSeries, in store: CounterStore) {
        words = CounterWords()
        view = words.view
        self.series = series
        self.store = store
        store.add(words, to: series)
    }

    deinit { store.retire(words, of: series) }

    /// Counts an answer that did not come at once, and how long its query waited. Any thread.
    public func countLateAnswer(code: Int, plugin: PluginIndex, byteCount: Int, nanoseconds: UInt64) {
        view.countLateAnswer(code: code, plugin: plugin, byteCount: byteCount, nanoseconds: nanoseconds)
    }
}

/// The memory of one `BlockCounters`: outlives it until its sums have been taken over.
@safe final class CounterWords: Sendable {
    nonisolated(unsafe) private let words: UnsafeMutablePointer<Atomic<UInt64>>

    init() {
        // Two lines at a time is what processors fetch: no two workers write near each other.
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: CounterLayout.wordCount * 8, alignment: 128)
        unsafe words = bytes.bindMemory(to: Atomic<UInt64>.self, capacity: CounterLayout.wordCount)
        for index in 0..<CounterLayout.wordCount { unsafe (words + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe words.deinitialize(count: CounterLayout.wordCount)
        unsafe UnsafeMutableRawPointer(words).deallocate()
    }

    var view: CounterView { unsafe CounterView(words: words) }

    /// Adds every number to `sums`.
    func add(to sums: inout CounterSums) {
        for index in 0..<CounterLayout.wordCount {
            unsafe sums.words[index] &+= words[index].load(ordering: .relaxed)
        }
    }
}
