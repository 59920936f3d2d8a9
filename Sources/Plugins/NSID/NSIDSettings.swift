public import SourceText

/// What `nsid` says: the text that tells which server answered (RFC 5001).
public struct NSIDSettings: Hashable, Sendable {
    /// Text, sent as UTF-8.
    public var data: String
    /// The word `nsid`.
    public var location: SourceLocation

    public init(data: String, at location: SourceLocation) {
        self.data = data
        self.location = location
    }
}
