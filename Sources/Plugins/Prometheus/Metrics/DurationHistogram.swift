/// A histogram that any thread adds to and any thread reads.
public final class DurationHistogram: Sendable {
    public enum Buckets: Sendable {
        /// 0.25 ms to 8.192 s, doubling: queries.
        case queries
        /// 1 ms to 524.288 s, doubling: changes of the cluster.
        case changes
        /// 0.25 ms to 2.5 s, each ten times the one before: the health check.
        case health

        /// In nanoseconds, inclusive.
        var bounds: [UInt64] {
            switch self {
            case .queries: DoublingBuckets.queries.nanoseconds
            case .changes: DoublingBuckets.changes.nanoseconds
            case .health: [250_000, 2_500_000, 25_000_000, 250_000_000, 2_500_000_000]
            }
        }
    }

    private let bounds: [UInt64]
    /// One for each bound, one for what is longer, and the sum.
    private let words: AtomicWords

    public init(_ buckets: Buckets) {
        bounds = buckets.bounds
        words = AtomicWords(count: bounds.count + 2)
    }

    public func observe(nanoseconds: UInt64) {
        words.add(1, at: bounds.firstIndex { nanoseconds <= $0 } ?? bounds.count)
        words.add(nanoseconds, at: bounds.count + 1)
    }

    /// A duration below zero, which a clock that was set back makes, counts as none.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let whole = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !whole.overflow else { return observe(nanoseconds: .max) }
        observe(nanoseconds: whole.partialValue &+ UInt64(clamping: attoseconds / 1_000_000_000))
    }

    public var value: HistogramValue {
        HistogramValue(
            bounds.map { Double($0) / 1e9 }, counts: (0...bounds.count).map { words[$0] },
            sum: Double(words[bounds.count + 1]) / 1e9)
    }
}
