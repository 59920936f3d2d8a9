/// The text of a scrape: Prometheus' exposition format, version 0.0.4.
public enum MetricsPage {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Families by name, series by their labels: the same numbers are the same text.
    static func text(_ families: MetricFamilies) -> String {
        var text = ""
        for (_, family) in families.all.sorted(by: { $0.key < $1.key }) { write(family, to: &text) }
        return text
    }

    private static func write(_ family: MetricFamily, to text: inout String) {
        let metric = family.metric
        text += "# HELP \(metric.name) \(escaped(metric.help, quotes: false))\n"
        text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
        for sample in family.samples.sorted(by: { $0.labelValues.lexicographicallyPrecedes($1.labelValues) }) {
            let labels = zip(metric.labels, sample.labelValues).map { "\($0)=\"\(escaped($1, quotes: true))\"" }
            switch sample.value {
            case .count(let count): writeLine(metric.name, labels, "\(count)", to: &text)
            case .number(let number): writeLine(metric.name, labels, MetricsPage.text(of: number), to: &text)
            case .histogram(let histogram): write(histogram, of: metric.name, labels, to: &text)
            }
        }
    }

    private static func write(
        _ histogram: HistogramValue, of name: String, _ labels: [String], to text: inout String
    ) {
        var count: UInt64 = 0
        for (bound, more) in zip(histogram.bounds + [.infinity], histogram.counts) {
            count &+= more
            writeLine(name + "_bucket", labels + ["le=\"\(MetricsPage.text(of: bound))\""], "\(count)", to: &text)
        }
        writeLine(name + "_sum", labels, MetricsPage.text(of: histogram.sum), to: &text)
        writeLine(name + "_count", labels, "\(count)", to: &text)
    }

    private static func writeLine(_ name: String, _ labels: [String], _ value: String, to text: inout String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels.joined(separator: ","))} \(value)\n"
    }

    /// As Go writes numbers, because `le` is compared as text: 16000 and not 16000.0.
    static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number > 0 ? "+Inf" : "-Inf" }
        // Every whole number up to here is exact.
        if number.rounded() == number, abs(number) <= 9_007_199_254_740_992 { return "\(Int64(number))" }
        return number.description
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
