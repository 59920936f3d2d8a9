public import LinuxIO
public import SourceText

/// What `prometheus` says: where `/metrics` is served.
public struct PrometheusSettings: Hashable, Sendable {
    public var listen: [SocketAddress]
    /// The word `prometheus`.
    public var location: SourceLocation

    public init(listen: [SocketAddress], at location: SourceLocation) {
        self.listen = listen
        self.location = location
    }
}
