/// A place in a text file. Lines and columns count from 1; a column counts characters as an editor shows them.
public struct SourceLocation: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// "catalog.yaml:12:5", the form that editors and terminals turn into a link.
    public var description: String { "\(file):\(line):\(column)" }

    /// By file, then line, then column.
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// One mistake of an operator: where it stands and a sentence that says what is wrong and what to do.
public struct Diagnostic: Error, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// An error leaves something out; a warning changes nothing.
    public enum Severity: String, Hashable, Sendable {
        case error, warning
    }

    public var severity: Severity
    public var location: SourceLocation
    public var text: String

    public init(_ severity: Severity, at location: SourceLocation, _ text: String) {
        self.severity = severity
        self.location = location
        self.text = text
    }

    /// "catalog.yaml:12:5: error: port must be 1–65535, not \"0\"".
    public var description: String { "\(location): \(severity.rawValue): \(text)" }

    /// By place, errors before warnings of the same place, then by text: a stable order for a report.
    public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        guard left.location == right.location else { return left.location < right.location }
        guard left.severity == right.severity else { return left.severity == .error }
        return left.text < right.text
    }
}
