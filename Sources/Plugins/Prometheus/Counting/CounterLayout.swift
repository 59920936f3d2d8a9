/// Where each number of a block's counters lies, in words of eight octets.
///
/// What the owner counts comes first; what other threads count stands on cache lines of its own behind it. All of it is
/// computed, so that the compiler folds it: a stored constant would be asked for at run time.
enum CounterLayout {
    static var types: Int { 0 }
    static var wantsSignatures: Int { types + CountedType.count }
    static var querySizes: Int { wantsSignatures + 1 }
    static var queryByteCount: Int { querySizes + SizeBuckets.count }
    /// Answers whose time has not been counted yet: no metric, the owner's note.
    static var untimed: Int { queryByteCount + 1 }
    /// Answers follow: the owner's, then those of other threads at the same distances.
    static var answers: Int { untimed + 1 }

    // From the start of a part with answers.
    static var sizes: Int { 0 }
    static var byteCount: Int { sizes + SizeBuckets.count }
    static var durations: Int { byteCount + 1 }
    static var nanoseconds: Int { durations + DoublingBuckets.queries.boundCount + 1 }
    /// By response code, then by plugin.
    static var codes: Int { nanoseconds + 1 }
    static var answerWordCount: Int { codes + CountedCode.count * pluginCount }

    @inline(__always)
    static func answerWord(_ code: Int, _ plugin: PluginIndex) -> Int {
        codes &+ CountedCode.index(of: code) &* pluginCount &+ Int(plugin.rawValue)
    }

    static var pluginCount: Int { PluginIndex.count }
    static var lineWordCount: Int { 8 }
    static var lateAnswers: Int { roundedUp(answers + answerWordCount) }
    static var wordCount: Int { roundedUp(lateAnswers + answerWordCount) }

    private static func roundedUp(_ words: Int) -> Int { (words + lineWordCount - 1) / lineWordCount * lineWordCount }
}
