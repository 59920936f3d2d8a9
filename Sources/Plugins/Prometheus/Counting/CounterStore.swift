import Synchronization

/// What counters count for: the labels that they share.
struct CounterSeries: Hashable, Sendable {
    let server: String
    let zone: String
    let view: String
    let transport: Transport
    let isIPv4: Bool
}

/// Every counter of the process, and the sums of those that are gone.
final class CounterStore: Sendable {
    private struct Entry {
        var live: [AtomicWords] = []
        var retired = CounterSums()
    }

    private let entries = Mutex<[CounterSeries: Entry]>([:])

    func add(_ words: AtomicWords, to series: CounterSeries) {
        entries.withLock { $0[series, default: Entry()].live.append(words) }
    }

    /// In one step, so that no reader finds the numbers twice or not at all.
    func retire(_ words: AtomicWords, of series: CounterSeries) {
        entries.withLock { entries in
            entries[series]?.live.removeAll { $0 === words }
            entries[series]?.retired.add(words)
        }
    }

    func sums() -> [CounterSeries: CounterSums] {
        entries.withLock { entries in
            entries.mapValues { entry in
                var sums = entry.retired
                for words in entry.live { sums.add(words) }
                return sums
            }
        }
    }
}

/// The numbers of one series, added up at a scrape.
struct CounterSums: Sendable {
    var words = [UInt64](repeating: 0, count: CounterLayout.wordCount)

    mutating func add(_ more: AtomicWords) {
        for index in words.indices { words[index] &+= more[index] }
    }

    /// Queries by the label of their type; none that is zero.
    var queriesByType: [String: UInt64] {
        var counts: [String: UInt64] = [:]
        for (index, label) in CountedType.labels.enumerated() where words[CounterLayout.types + index] > 0 {
            counts[label, default: 0] &+= words[CounterLayout.types + index]
        }
        return counts
    }

    var signedQueries: UInt64 { words[CounterLayout.wantsSignatures] }

    var querySizes: HistogramValue {
        HistogramValue(
            SizeBuckets.bounds, counts: Array(words[CounterLayout.querySizes...].prefix(SizeBuckets.count)),
            sum: Double(words[CounterLayout.queryByteCount]))
    }

    func answers(code: Int, plugin: PluginIndex) -> UInt64 {
        answer(CounterLayout.codes + code * CounterLayout.pluginCount + Int(plugin.rawValue))
    }

    var answerSizes: HistogramValue {
        HistogramValue(
            SizeBuckets.bounds, counts: answers(from: CounterLayout.sizes, count: SizeBuckets.count),
            sum: Double(answer(CounterLayout.byteCount)))
    }

    var durations: HistogramValue {
        let buckets = DoublingBuckets.queries
        return HistogramValue(
            buckets.bounds, counts: answers(from: CounterLayout.durations, count: buckets.boundCount + 1),
            sum: Double(answer(CounterLayout.nanoseconds)) / 1e9)
    }

    private func answers(from word: Int, count: Int) -> [UInt64] { (word..<word + count).map(answer) }

    /// A number of the answers: those that came at once and those that came late.
    private func answer(_ word: Int) -> UInt64 {
        words[CounterLayout.answers + word] &+ words[CounterLayout.lateAnswers + word]
    }
}
