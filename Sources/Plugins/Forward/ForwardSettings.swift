public import DNS
public import LinuxIO
public import SourceText

/// What one line of `forward` says: which names are asked of which servers, and how.
public struct ForwardSettings: Hashable, Sendable {
    /// A server to ask.
    public struct Upstream: Hashable, Sendable {
        public var address: SocketAddress
        /// DNS over TLS (RFC 7858).
        public var isTLS: Bool
        /// The name that its certificate must have; nil: that of `tls_servername`, else its address.
        public var serverName: String?
        /// The word of the Corefile, or the line of the resolv.conf that it comes from.
        @WrittenAt public var location: SourceLocation

        public init(
            _ address: SocketAddress, isTLS: Bool = false, serverName: String? = nil, at location: SourceLocation
        ) {
            self.address = address
            self.isTLS = isTLS
            self.serverName = serverName
            self.location = location
        }
    }

    public enum Policy: String, CaseIterable, Hashable, Sendable {
        case random
        case roundRobin = "round_robin"
        case sequential
    }

    /// PEM files: a certificate and key that we show, and the authorities that we trust.
    public struct TLSFiles: Hashable, Sendable {
        public var certificate: String?
        public var key: String?
        public var authority: String?

        public init(certificate: String? = nil, key: String? = nil, authority: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.authority = authority
        }
    }

    /// Zones: lower case, no trailing dot but in the root.
    public var from: [String]
    public var upstreams: [Upstream]
    /// Zones below `from` that are not forwarded.
    public var except: [String] = []
    public var policy = Policy.random
    public var forcesTCP = false
    public var prefersUDP = false
    /// How long an idle connection is kept.
    public var expire = Duration.seconds(10)
    /// Failed probes after which an upstream counts as down; 0: never.
    public var maxFails: UInt32 = 2
    public var healthInterval = Duration.milliseconds(500)
    /// Whether probes ask for recursion.
    public var healthIsRecursive = true
    /// What probes ask for (NS).
    public var healthDomain = "."
    /// How long one upstream is listened to.
    public var readTimeout = Duration.seconds(2)
    /// Clients that wait at once; 0: no limit.
    public var maxConcurrent: UInt32 = 1000
    /// Upstreams tried for one query; 0: twice as many as there are.
    public var maxConnectAttempts: UInt32 = 0
    /// Idle connections kept for each upstream; 0: no limit.
    public var maxIdleConnections: UInt32 = 0
    /// Codes after which the next upstream is asked.
    public var failoverCodes: [ResponseCode] = []
    /// Codes after which the next `forward` of the block is asked.
    public var nextCodes: [ResponseCode] = []
    /// The same after an answer without data.
    public var nextOnNoData = false
    /// All upstreams down: SERVFAIL at once instead of one more try.
    public var failsFast = false
    public var tls: TLSFiles?
    public var tlsServerName: String?
    /// The block has `loop`: find queries that come back to us.
    public var guardsLoops = false
    /// The zone whose names come to this line when they come to our door: the narrower of the server block's and FROM;
    /// nil: FROM.
    public var guardZone: String?
    /// The word `forward`.
    @WrittenAt public var location: SourceLocation

    public init(from: [String], to upstreams: [Upstream], at location: SourceLocation) {
        self.from = from
        self.upstreams = upstreams
        self.location = location
    }
}
