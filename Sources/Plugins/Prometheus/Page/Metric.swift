/// What one family of series is called, means and is labelled with.
public struct Metric: Hashable, Sendable {
    public enum Kind: String, Sendable { case counter, gauge, histogram }

    public let name: String
    public let kind: Kind
    /// In the order in which samples give their values.
    public let labels: [String]
    public let help: String

    public init(_ name: String, _ kind: Kind, _ labels: [String], _ help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }

    /// A metric of a single series.
    public init(_ name: String, _ kind: Kind, _ help: String) { self.init(name, kind, [], help) }
}
