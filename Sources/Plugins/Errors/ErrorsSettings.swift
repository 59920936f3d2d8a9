public import SourceText

/// What `errors` says: that the errors of answering are logged.
public struct ErrorsSettings: Hashable, Sendable {
    /// The word `errors`.
    public var location: SourceLocation

    public init(at location: SourceLocation) {
        self.location = location
    }
}
