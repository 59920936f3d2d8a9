/// Why a piece of text is no document: its place in the file and a sentence for the operator.
public struct DocumentProblem: Error, Hashable, Sendable {
    /// Counted from 1 in the file.
    public var line: Int
    /// Counted from 1 in characters (Unicode scalars) of the line.
    public var column: Int
    public var text: String

    public init(line: Int, column: Int, _ text: String) {
        self.line = line
        self.column = column
        self.text = text
    }

    /// The same with the name of the file that was read.
    public func diagnostic(inFile file: String) -> Diagnostic {
        Diagnostic(.error, at: SourceLocation(file: file, line: line, column: column), text)
    }
}

/// What one document may cost, whoever wrote it.
enum DocumentLimit {
    /// Mappings and sequences inside each other.
    static let nesting = 100
    /// Nodes that aliases stand for, summed over a document: an alias bomb needs a few hundred bytes for billions.
    static let aliasExpansion = 1_000_000
    /// Nodes of one document, 24 bytes each. A List of 100,000 Services that cannot be cut needs about 6 million.
    static let nodes = 1 << 24
    /// Bytes of one file.
    static let bytes = 1 << 30
    /// Objects of one file.
    static let pieces = 1 << 22
    /// Bytes of the buffers that stay allocated between two documents.
    static let residentBytes = 4 << 20
}
