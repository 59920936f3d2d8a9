/// The counters of one worker for one zone of a server, one transport and one address family.
///
/// The worker adds by `view`; anyone reads when metrics are asked for. Made by `MetricsRegistry.counters`, which keeps
/// the sums when the last holder has let go.
public final class BlockCounters: Sendable {
    /// For the owning thread alone. Whoever keeps it must hold this object as long.
    public let view: CounterView
    /// Outlives this object until its sums have been taken over.
    private let words = AtomicWords(count: CounterLayout.wordCount)
    private let store: CounterStore
    private let series: CounterSeries

    init(_ series: CounterSeries, in store: CounterStore) {
        view = CounterView(words)
        self.series = series
        self.store = store
        store.add(words, to: series)
    }

    deinit { store.retire(words, of: series) }

    /// Counts an answer that did not come at once, and how long its query waited. Any thread.
    public func countLateAnswer(code: Int, plugin: PluginIndex, byteCount: Int, nanoseconds: UInt64) {
        addLate(1, at: CounterLayout.answerWord(code, plugin))
        addLate(1, at: CounterLayout.sizes + SizeBuckets.index(of: byteCount))
        addLate(UInt64(truncatingIfNeeded: byteCount), at: CounterLayout.byteCount)
        addLate(1, at: CounterLayout.durations + DoublingBuckets.queries.index(of: nanoseconds))
        addLate(nanoseconds, at: CounterLayout.nanoseconds)
    }

    /// A locked add, on words that the owner does not write.
    private func addLate(_ amount: UInt64, at word: Int) { words.add(amount, at: CounterLayout.lateAnswers + word) }
}
