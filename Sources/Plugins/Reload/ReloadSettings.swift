public import SourceText

/// What `reload` says: how often the Corefile is looked at.
public struct ReloadSettings: Hashable, Sendable {
    public var interval = Duration.seconds(30)
    /// At most this much is added to or taken from each interval.
    public var jitter = Duration.seconds(15)
    /// The word `reload`.
    public var location: SourceLocation

    public init(at location: SourceLocation) { self.location = location }
}
