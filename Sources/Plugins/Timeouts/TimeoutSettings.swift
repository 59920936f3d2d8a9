public import SourceText

/// What `timeouts` says: how long a TCP connection may take over something. nil: the server's own limit.
public struct TimeoutSettings: Hashable, Sendable {
    /// From the first octet of a message to its last.
    public var read: Duration?
    /// Without the peer reading anything while answers wait.
    public var write: Duration?
    /// Between messages.
    public var idle: Duration?
    /// Queries of one connection.
    public var maxTCPQueries: UInt32?
    /// The word `timeouts`.
    public var location: SourceLocation

    public init(at location: SourceLocation) { self.location = location }
}
