import Synchronization

/// What the query path knows of a block's counters: their address. Adding touches no reference count and no lock.
///
/// Valid as long as somebody holds the `BlockCounters` it belongs to. Only the thread that owns those may add.
@safe public struct CounterView: Sendable {
    nonisolated(unsafe) let words: UnsafeMutablePointer<Atomic<UInt64>>

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

    /// Counts an answer that is ready to be sent.
    ///
    /// - Parameters:
    ///   - code: all 12 bits, or the four of the header.
    ///   - plugin: whose answer it is.
    @inline(__always)
    public func countAnswer(code: Int, plugin: PluginIndex, byteCount: Int) {
        add(1, at: CounterLayout.answers &+ answerWord(code, plugin))
        add(1, at: CounterLayout.answers &+ CounterLayout.sizes &+ SizeBuckets.index(of: byteCount))
        add(UInt64(truncatingIfNeeded: byteCount), at: CounterLayout.answers &+ CounterLayout.byteCount)
    }

    /// Counts the time of `count` queries that were answered together and took `nanoseconds` each. Once a batch.
    @inline(__always)
    public func countDurations(_ count: Int, nanoseconds: UInt64) {
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

/// From the start of a part with answers.
@inline(__always)
private func answerWord(_ code: Int, _ plugin: PluginIndex) -> Int {
    CounterLayout.codes &+ CountedCode.index(of: code) &* CounterLayout.pluginCount &+ Int(plugin.rawValue)
}

extension CounterView {
    /// Counts an answer that did not come at once, and how long it took. Any thread: these are locked adds, on words
    /// that the owner does not write.
    func countLateAnswer(code: Int, plugin: PluginIndex, byteCount: Int, nanoseconds: UInt64) {
        addLocked(1, at: answerWord(code, plugin))
        addLocked(1, at: CounterLayout.sizes + SizeBuckets.index(of: byteCount))
        addLocked(UInt64(truncatingIfNeeded: byteCount), at: CounterLayout.byteCount)
        addLocked(1, at: CounterLayout.durations + DoublingBuckets.queries.index(of: nanoseconds))
        addLocked(nanoseconds, at: CounterLayout.nanoseconds)
    }

    private func addLocked(_ amount: UInt64, at word: Int) {
        unsafe words[CounterLayout.lateAnswers + word].wrappingAdd(amount, ordering: .relaxed)
    }
}
