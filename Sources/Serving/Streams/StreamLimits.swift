import LinuxIO
import NIOCore

/// What one client may cost us over TCP.
public struct StreamLimits: Equatable, Sendable {
    /// From the first octet of a message to its last.
    public var messageTime = Duration.seconds(3)
    /// Between messages, while there are enough places.
    public var idleTime = Duration.seconds(10)
    /// The same above half of the places.
    public var crowdedIdleTime = Duration.seconds(1)
    /// The same above nine tenths of the places.
    public var fullIdleTime = Duration.milliseconds(200)
    /// Without the peer reading anything while answers wait.
    public var blockedTime = Duration.seconds(5)
    /// For answers from elsewhere, when the listener is given up.
    public var waitingTime = Duration.seconds(6)
    /// Queries of one connection that may wait for answers from elsewhere before we stop reading.
    public var waitingCount = 100
    /// Queries of one connection before it is closed behind their answers; nil: no limit.
    public var queryCount: Int?
    /// Answers that may wait to be read before we stop reading queries.
    public var unsentByteCount = 64 << 10
    /// Connections at once; the one that was silent longest goes first.
    public var placeCount = min(descriptorLimit() / 2, 10_000)

    public init() {}
}

/// One copy for all connections that have them.
final class SharedLimits: Sendable {
    let value: StreamLimits
    init(_ value: StreamLimits) { self.value = value }
}
