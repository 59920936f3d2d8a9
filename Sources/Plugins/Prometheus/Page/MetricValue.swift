public enum MetricValue: Equatable, Sendable {
    case count(UInt64)
    case number(Double)
    case histogram(HistogramValue)

    /// What both counted together; a value of another shape stands for a metric that changed, and replaces this one.
    mutating func add(_ other: MetricValue) {
        switch (self, other) {
        case (.count(let mine), .count(let more)): self = .count(mine &+ more)
        case (.number(let mine), .number(let more)): self = .number(mine + more)
        case (.histogram(var mine), .histogram(let more)) where mine.bounds == more.bounds:
            mine.add(more)
            self = .histogram(mine)
        default: self = other
        }
    }
}

/// How often values fell into each bucket.
public struct HistogramValue: Equatable, Sendable {
    /// Upper bounds, inclusive, rising.
    public let bounds: [Double]
    /// One for each bound and one for what is above; not cumulative.
    public private(set) var counts: [UInt64]
    public private(set) var sum: Double

    public init(_ bounds: [Double], counts: [UInt64], sum: Double) {
        precondition(counts.count == bounds.count + 1)
        self.bounds = bounds
        self.counts = counts
        self.sum = sum
    }

    public var count: UInt64 { counts.reduce(0, &+) }

    mutating func add(_ other: HistogramValue) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        sum += other.sum
    }
}
