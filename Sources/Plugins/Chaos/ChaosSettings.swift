public import SourceText

/// What `chaos` says: the answers to questions about the server in class CH.
public struct ChaosSettings: Hashable, Sendable {
    public var version: String
    public var authors: [String]
    /// The word `chaos`.
    public var location: SourceLocation

    public init(version: String, authors: [String], at location: SourceLocation) {
        self.version = version
        self.authors = authors
        self.location = location
    }
}
