public import LinuxIO
public import SourceText

/// What `ready` says: where `/ready` is served, and for how long it may change its mind.
public struct ReadySettings: Hashable, Sendable {
    public enum Monitor: String, CaseIterable, Hashable, Sendable {
        /// Once ready, ready until the end.
        case untilReady = "until-ready"
        /// Asked anew each time.
        case continuously
    }

    /// The port 8181 of the wildcards of both families by default.
    public var listen: [SocketAddress]
    public var monitor = Monitor.untilReady
    /// The word `ready`.
    public var location: SourceLocation

    public init(listen: [SocketAddress], at location: SourceLocation) {
        self.listen = listen
        self.location = location
    }
}
