public import SourceText

/// What `cancel` says: how long a query may wait for others.
public struct CancelSettings: Hashable, Sendable {
    public var timeout = Duration.milliseconds(5001)
    /// The word `cancel`.
    public var location: SourceLocation

    public init(at location: SourceLocation) { self.location = location }
}
