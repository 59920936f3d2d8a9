public import SourceText

/// What `errors` says: that the errors of answering are logged, and which of them together.
public struct ErrorsSettings: Hashable, Sendable {
    /// One line `consolidate`: errors that a pattern fits are counted, and told once.
    public struct Consolidation: Hashable, Sendable {
        public enum Level: String, CaseIterable, Hashable, Sendable { case warning, error, info, debug }

        /// From the first error to the line that counts them.
        public var period: Duration
        /// A regular expression that `Regex` accepts.
        public var pattern: String
        public var level = Level.error
        /// Whether the first error of a period is written at once.
        public var showsFirst = false
        /// The word `consolidate`.
        public var location: SourceLocation

        public init(period: Duration, pattern: String, at location: SourceLocation) {
            self.period = period
            self.pattern = pattern
            self.location = location
        }
    }

    /// The first whose pattern fits an error takes it.
    public var consolidations: [Consolidation] = []
    /// The word `errors`.
    public var location: SourceLocation

    public init(at location: SourceLocation) {
        self.location = location
    }
}
