import DNS
import Testing

@testable import Plugins

/// What the hot path counts where.
@Suite struct MetricsCountingTests {
    @Test func everyPluginHasItsColumn() {
        #expect(PluginIndex.allCases.count == PluginIndex.count)
        #expect(PluginIndex.allCases.map { Int($0.rawValue) } == Array(0..<PluginIndex.count))
        #expect(PluginIndex.allCases.map(\.label).contains("kubernetes"))
        #expect(PluginIndex.server.label == "")
        for plugin in PluginIndex.allCases where plugin != .server {
            #expect(PluginList.position(of: plugin.label) != nil, "\(plugin)")
        }
    }

    /// The bounds of a bucket belong to it.
    @Test func sizesFallIntoTheBucketOfTheirBound() {
        for size in 0...66_000 {
            let expected = SizeBuckets.bounds.firstIndex { Double(size) <= $0 } ?? SizeBuckets.bounds.count
            guard SizeBuckets.index(of: size) != expected else { continue }
            Issue.record("\(size) fell into \(SizeBuckets.index(of: size)), not \(expected)")
        }
        #expect(SizeBuckets.index(of: .max) == SizeBuckets.count - 1)
        #expect(SizeBuckets.index(of: -1) == SizeBuckets.count - 1)
        #expect(SizeBuckets.bounds.count + 1 == SizeBuckets.count)
    }

    @Test(arguments: [DoublingBuckets.queries, .changes])
    func durationsFallIntoTheBucketOfTheirBound(_ buckets: DoublingBuckets) {
        for (index, bound) in buckets.nanoseconds.enumerated() {
            #expect(buckets.index(of: bound - 1) == index)
            #expect(buckets.index(of: bound) == index)
            #expect(buckets.index(of: bound + 1) == index + 1)
        }
        #expect(buckets.index(of: 0) == 0)
        #expect(buckets.index(of: .max) == buckets.boundCount)
    }

    @Test func boundsAreThoseOfCoreDNS() {
        #expect(DoublingBuckets.queries.bounds.first == 0.00025)
        #expect(DoublingBuckets.queries.bounds.last == 8.192)
        #expect(DoublingBuckets.queries.bounds.count == 16)
        #expect(DoublingBuckets.changes.bounds.first == 0.001)
        #expect(DoublingBuckets.changes.bounds.last == 524.288)
        #expect(DoublingBuckets.changes.bounds.count == 20)
        #expect(DurationHistogram(.health).value.bounds == [0.00025, 0.0025, 0.025, 0.25, 2.5])
    }

    /// Eighteen types have a name here, as in CoreDNS; all others are one.
    @Test func typesHaveTheirLabels() {
        var codes: [String: Int] = [:]
        for code in 0...UInt16.max { codes[CountedType.labels[CountedType.index(of: code)], default: 0] += 1 }
        #expect(codes.count == 19)
        #expect(codes["other"] == 65536 - 18)
        for (label, count) in codes where label != "other" {
            #expect(count == 1, "\(label)")
            let code = RecordType(label)?.rawValue ?? (label == "NSEC3" ? 50 : 0)
            #expect(CountedType.labels[CountedType.index(of: code)] == label)
        }
    }

    static let codes: [(Int, String)] = [
        (0, "NOERROR"), (1, "FORMERR"), (2, "SERVFAIL"), (3, "NXDOMAIN"), (4, "NOTIMP"), (5, "REFUSED"),
        (6, "YXDOMAIN"), (9, "NOTAUTH"), (10, "NOTZONE"), (16, "BADVERS"), (23, "BADCOOKIE"), (24, "other"),
        (4095, "other"), (-1, "other"), (.max, "other"),
    ]

    @Test(arguments: codes) func codesHaveTheirLabels(_ code: Int, _ label: String) {
        #expect(CountedCode.label(at: CountedCode.index(of: code)) == label)
    }

    /// Each number lands in its own word, and in no other's.
    @Test func everyAnswerHasItsOwnWord() {
        var seen: Set<Int> = []
        for code in 0..<CountedCode.count {
            for plugin in PluginIndex.allCases { seen.insert(CounterLayout.answerWord(code, plugin)) }
        }
        #expect(seen.count == CountedCode.count * PluginIndex.count)
        #expect(seen.min() == CounterLayout.codes)
        #expect(seen.max() == CounterLayout.answerWordCount - 1)
        #expect(CounterLayout.answers + CounterLayout.answerWordCount <= CounterLayout.lateAnswers)
        #expect(CounterLayout.lateAnswers + CounterLayout.answerWordCount <= CounterLayout.wordCount)
        #expect(CounterLayout.lateAnswers % CounterLayout.lineWordCount == 0)
    }

    @Test func durationsAreObserved() {
        let histogram = DurationHistogram(.health)
        for duration in [Duration.zero, .microseconds(-3), .microseconds(250), .milliseconds(1), .seconds(3)] {
            histogram.observe(duration)
        }
        #expect(histogram.value.counts == [3, 1, 0, 0, 0, 1])
        #expect(histogram.value.sum == 3.00125)
        histogram.observe(.seconds(Int64.max))
        #expect(histogram.value.counts.last == 2)
    }
}
