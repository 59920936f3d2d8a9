public import SourceText

/// What `loop` says: that queries which come back to us are found, and their upstream is no longer asked.
public struct LoopSettings: Hashable, Sendable {
    /// The word `loop`.
    public var location: SourceLocation

    public init(at location: SourceLocation) { self.location = location }
}
