/// Series as they are at one moment, by metric.
public struct MetricFamilies: Sendable {
    /// By name.
    private(set) var all: [String: MetricFamily] = [:]

    public init() {}

    /// Adds to the series with these label values, in the order of the metric's labels. Of a gauge the newest value
    /// stays: two sources that mean the same series mean the same thing.
    public mutating func add(_ value: MetricValue, _ labelValues: [String] = [], to metric: Metric) {
        all[metric.name, default: MetricFamily(metric)].add(value, labelValues)
    }

    public mutating func add(_ count: UInt64, _ labelValues: [String] = [], to metric: Metric) {
        add(.count(count), labelValues, to: metric)
    }

    /// A histogram that nothing fell into is left out.
    public mutating func add(_ histogram: HistogramValue, _ labelValues: [String] = [], to metric: Metric) {
        guard histogram.count > 0 else { return }
        add(.histogram(histogram), labelValues, to: metric)
    }

    public mutating func add(_ samples: some MetricSamples) { samples.add(to: &self) }

    mutating func add(_ other: MetricFamilies, where isWanted: (Metric) -> Bool = { _ in true }) {
        for family in other.all.values where isWanted(family.metric) {
            for sample in family.samples { add(sample.value, sample.labelValues, to: family.metric) }
        }
    }
}

/// Numbers of one part of the server that know their metrics.
public protocol MetricSamples: Sendable {
    func add(to families: inout MetricFamilies)
}

/// The series of one metric.
struct MetricFamily: Sendable {
    struct Sample: Equatable, Sendable {
        let labelValues: [String]
        var value: MetricValue
    }

    let metric: Metric
    private(set) var samples: [Sample] = []
    private var places: [[String]: Int] = [:]

    init(_ metric: Metric) { self.metric = metric }

    mutating func add(_ value: MetricValue, _ labelValues: [String]) {
        precondition(labelValues.count == metric.labels.count, "\(metric.name) has \(metric.labels.count) labels")
        guard let index = places[labelValues] else {
            places[labelValues] = samples.count
            return samples.append(Sample(labelValues: labelValues, value: value))
        }
        if metric.kind == .gauge { samples[index].value = value } else { samples[index].value.add(value) }
    }
}
