/// What one family of series is called, means and is labelled with.
public struct Metric: Hashable, Sendable {
    public enum Kind: String, Sendable { case counter, gauge, histogram }

    public let name: String
    public let kind: Kind
    /// In the order in which samples give their values.
    public let labels: [String]
    public let help: String

    public init(_ name: String, _ kind: Kind, _ labels: [String] = [], _ help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }
}

/// The series of one metric at one moment.
public struct MetricFamily: Sendable {
    public struct Sample: Equatable, Sendable {
        /// As many as the metric has labels, in their order.
        public let labelValues: [String]
        public var value: MetricValue
    }

    public let metric: Metric
    public private(set) var samples: [Sample] = []
    private var places: [[String]: Int] = [:]

    public init(_ metric: Metric) { self.metric = metric }

    public init(_ metric: Metric, _ value: MetricValue) {
        self.init(metric)
        add(value, [])
    }

    /// Adds to the series with these label values; of a gauge the newest value stays.
    public mutating func add(_ value: MetricValue, _ labelValues: [String]) {
        precondition(labelValues.count == metric.labels.count, "\(metric.name) has \(metric.labels.count) labels")
        guard let index = places[labelValues] else {
            places[labelValues] = samples.count
            return samples.append(Sample(labelValues: labelValues, value: value))
        }
        if metric.kind == .gauge { samples[index].value = value } else { samples[index].value.add(value) }
    }

    mutating func add(_ other: MetricFamily) {
        for sample in other.samples { add(sample.value, sample.labelValues) }
    }

    var isEmpty: Bool { samples.isEmpty }
}

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
