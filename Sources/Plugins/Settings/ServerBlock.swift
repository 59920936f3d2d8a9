public import LinuxIO
public import SourceText

/// One server block of a Corefile after every check: which zones, on which addresses, answered by which plugins.
///
/// A block whose keys name several ports (`example.org:53 example.org:1053`) is several values, one for each port,
/// alike in all but `zones`, `listen` and `location`. Their `kubernetes` settings are equal: one registry can serve all.
public struct ServerBlock: Hashable, Sendable {
    /// "cluster.local", "10.in-addr.arpa", ".": lower case, no trailing dot but in the root; in the order of the keys.
    public var zones: [String]
    /// Where to listen, UDP and TCP. Without `bind`: the wildcards of both families.
    public var listen: [SocketAddress]
    /// True if `bind` chose the addresses. If not, a machine without IPv6 may leave out `[::]`.
    public var isBound: Bool
    /// Every word of the block, each once.
    public var words: Set<String> = []
    public var kubernetes: KubernetesSettings?
    public var errors: ErrorsSettings?
    /// The first rule whose zones hold the name of the query decides about its line.
    public var log: [LogRule]
    public var ready: ReadySettings?
    public var health: HealthSettings?
    public var forward: [ForwardSettings] = []
    public var cache: CacheSettings?
    public var prometheus: PrometheusSettings?
    public var loop: LoopSettings?
    public var reload: ReloadSettings?
    public var loadbalance: LoadBalanceSettings?
    public var bufsize: BufsizeSettings?
    public var timeouts: TimeoutSettings?
    public var nsid: NSIDSettings?
    public var chaos: ChaosSettings?
    public var cancel: CancelSettings?
    public var multisocket: MultisocketSettings?
    /// The words `any`, `minimal`, `whoami` and `local` stand in the block.
    public var flags: BlockFlags = []
    /// The first key of the block.
    public var location: SourceLocation

    public init(zones: [String], listen: [SocketAddress], isBound: Bool = true, at location: SourceLocation) {
        self.zones = zones
        self.listen = listen
        self.isBound = isBound
        self.log = []
        self.location = location
    }

    /// The name of the server that listens on one of the addresses, as metrics and logs write it: "dns://:53" for the
    /// wildcards, "dns://127.0.0.1:53" for an address that `bind` names.
    public func serverName(on address: SocketAddress) -> String {
        isBound ? "dns://\(address)" : "dns://:\(address.port)"
    }
}

/// Words of a server block that have nothing to say but that they are there.
public struct BlockFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let any = BlockFlags(rawValue: 1)
    public static let minimal = BlockFlags(rawValue: 2)
    public static let whoami = BlockFlags(rawValue: 4)
    public static let local = BlockFlags(rawValue: 8)
}
