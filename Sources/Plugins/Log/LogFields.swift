public import LinuxIO

/// What one line of the query log can tell.
public struct LogFields: Sendable {
    public var remote: SocketAddress
    /// The address the query came to.
    public var local: IPAddress
    public var id: UInt16
    public var opcode: UInt8
    /// "A", "TYPE65280"
    public var type: String
    /// "IN"
    public var queryClass: String
    /// Lower case, with the trailing dot: "web.shop.svc.cluster.local."
    public var name: String
    /// "udp", "tcp"
    public var transport: String
    public var queryByteCount: Int
    public var isDNSSECWanted: Bool
    /// What the client can take in one datagram; 512 without EDNS.
    public var bufferByteCount: Int
    /// "NOERROR"
    public var responseCode: String
    /// Octets three and four of the answer's header (RFC 1035 §4.1.1).
    public var responseFlags: UInt16
    public var responseByteCount: Int
    public var duration: Duration
    /// The server of `forward` that gave the answer: "192.0.2.53:53"; nil for an answer of our own or of the cache.
    public var upstream: String?

    public init(
        remote: SocketAddress, local: IPAddress, id: UInt16, opcode: UInt8, type: String, queryClass: String,
        name: String,
        transport: String, queryByteCount: Int, isDNSSECWanted: Bool, bufferByteCount: Int, responseCode: String,
        responseFlags: UInt16, responseByteCount: Int, duration: Duration,
        upstream: String? = nil
    ) {
        self.remote = remote
        self.local = local
        self.id = id
        self.opcode = opcode
        self.type = type
        self.queryClass = queryClass
        self.name = name
        self.transport = transport
        self.queryByteCount = queryByteCount
        self.isDNSSECWanted = isDNSSECWanted
        self.bufferByteCount = bufferByteCount
        self.responseCode = responseCode
        self.responseFlags = responseFlags
        self.responseByteCount = responseByteCount
        self.duration = duration
        self.upstream = upstream
    }
}
