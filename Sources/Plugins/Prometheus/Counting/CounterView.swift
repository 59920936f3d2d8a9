import Synchronization

/// What the query path knows of a block's counters: their address. Adding touches no reference count and no lock.
///
/// Valid as long as somebody holds the `BlockCounters` it belongs to. Only the thread that owns those may add.
@safe public struct CounterView: Sendable {
    nonisolated(unsafe) private let words: UnsafeMutablePointer<Atomic<UInt64>>

    init(_ words: AtomicWords) {
        precondition(words.count == CounterLayout.wordCount)
        unsafe self.words = words.base
    }

    /// Counts a query that came in.
    ///
    /// - Parameter type: the code of the question; any for a message that has none.
    @inline(__always)
    public func countQuery(type: UInt16, byteCount: Int, wantsSignatures: Bool) {
        add(1, at: CounterLayout.types &+ CountedType.index(of: type))
        add(1, at: CounterLayout.querySizes &+ SizeBuckets.index(of: byteCount))
        add(UInt64(truncatingIfNeeded: byteCount), at: CounterLayout.queryByteCount)
        if wantsSignatures { add(1, at: CounterLayout.wantsSignatures) }
    }

    /// Counts an answer that is ready to be sent; its time is counted by `countBatch`.
    ///
    /// - Parameters:
    ///   - code: all 12 bits, or the four of the header.
    ///   - plugin: whose answer it is.
    @inline(__always)
    public func countAnswer(code: Int, plugin: PluginIndex, byteCount: Int) {
        add(1, at: CounterLayout.answers &+ CounterLayout.answerWord(code, plugin))
        add(1, at: CounterLayout.answers &+ CounterLayout.sizes &+ SizeBuckets.index(of: byteCount))
        add(UInt64(truncatingIfNeeded: byteCount), at: CounterLayout.answers &+ CounterLayout.byteCount)
        add(1, at: CounterLayout.untimed)
    }

    /// Ends a batch: every answer since the last call took `nanoseconds`. Costs one look where there was none.
    @inline(__always)
    public func countBatch(nanoseconds: UInt64) {
        let count = unsafe words[CounterLayout.untimed].load(ordering: .relaxed)
        guard count > 0 else { return }
        unsafe words[CounterLayout.untimed].store(0, ordering: .relaxed)
        countDurations(Int(truncatingIfNeeded: count), nanoseconds: nanoseconds)
    }

    /// Counts the time of `count` queries that took `nanoseconds` each.
    @inline(__always)
    func countDurations(_ count: Int, nanoseconds: UInt64) {
        let count = UInt64(truncatingIfNeeded: count)
        let bucket = DoublingBuckets.queries.index(of: nanoseconds)
        add(count, at: CounterLayout.answers &+ CounterLayout.durations &+ bucket)
        add(count &* nanoseconds, at: CounterLayout.answers &+ CounterLayout.nanoseconds)
    }

    /// A load and a store, never a locked add: nobody else writes here.
    @inline(__always)
    private func add(_ amount: UInt64, at word: Int) {
        let value = unsafe words[word].load(ordering: .relaxed)
        unsafe words[word].store(value &+ amount, ordering: .relaxed)
    }
}
