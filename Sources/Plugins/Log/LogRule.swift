public import SourceText

/// One line of `log`: for which names, which kinds of answers, written how.
public struct LogRule: Hashable, Sendable {
    /// Lower case, no trailing dot but in the root; ["."] means every name.
    public var zones: [String]
    public var classes: Classes
    public var format: LogFormat
    /// Answers that took this long are written whatever their kind; nil: time does not matter.
    public var slowFrom: Duration?
    /// The word `log`.
    public var location: SourceLocation

    public init(
        zones: [String] = ["."], classes: Classes = .all, format: LogFormat = .common, at location: SourceLocation
    ) {
        self.zones = zones
        self.classes = classes
        self.format = format
        self.location = location
    }

    /// Whether an answer of this kind that took this long is written.
    public func wants(_ kind: Classes, taking duration: Duration) -> Bool {
        classes.contains(kind) || slowFrom.map { duration >= $0 } == true
    }

    /// The kinds of answers that a rule writes down. An answer is of one kind.
    public struct Classes: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// NOERROR with records.
        public static let success = Classes(rawValue: 1)
        /// NXDOMAIN, or NOERROR without records of the asked type.
        public static let denial = Classes(rawValue: 2)
        /// SERVFAIL, REFUSED, NOTIMP, FORMERR and every other code.
        public static let error = Classes(rawValue: 4)
        public static let all: Classes = [.success, .denial, .error]
    }
}
