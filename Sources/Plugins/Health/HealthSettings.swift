public import LinuxIO
public import SourceText

/// What `health` says: where `/health` is served, and how long the server goes on answering after it was told to stop.
public struct HealthSettings: Hashable, Sendable {
    /// The port 8080 of the wildcards of both families by default.
    public var listen: [SocketAddress]
    public var lameduck = Duration.zero
    /// The word `health`.
    public var location: SourceLocation

    public init(listen: [SocketAddress], at location: SourceLocation) {
        self.listen = listen
        self.location = location
    }
}
