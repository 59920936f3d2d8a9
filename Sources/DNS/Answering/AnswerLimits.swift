/// What limits one answer, and what it may say of the server besides records.
public struct AnswerLimits: Sendable {
    /// Octets that the transport takes at most: 1,232 for UDP (RFC 9715), 65,535 for TCP.
    public let byteCount: Int
    let countsUDPSize: Bool
    /// Who answers, for clients that ask (RFC 5001); nil says nothing.
    public var nsid: ServerID.View?
    /// How long a silent connection stays open, in tenths of a second, for clients that ask (RFC 7828); nil says nothing.
    /// Never said over UDP.
    public var keepalive: UInt16?
    /// Whether nobody on the way can read the answer: then it is padded for clients that pad (RFC 7830 §6).
    public var isEncrypted = false

    public static let udp = AnswerLimits(byteCount: 1232, countsUDPSize: true)
    public static let tcp = AnswerLimits(byteCount: 65535, countsUDPSize: false)

    /// UDP with datagrams of at most `byteCount` octets, which is taken as 512 to 1,232.
    public static func udp(atMost byteCount: Int) -> AnswerLimits {
        AnswerLimits(byteCount: min(max(byteCount, 512), udp.byteCount), countsUDPSize: true)
    }

    init(byteCount: Int, countsUDPSize: Bool) {
        self.byteCount = byteCount
        self.countsUDPSize = countsUDPSize
    }

    /// Without EDNS a datagram holds 512 octets (RFC 1035 §4.2.1), with it what the client says, within ours.
    @inline(__always)
    func byteCount(for query: Query) -> Int {
        guard countsUDPSize else { return byteCount }
        return min(Int(query.edns?.udpByteCount ?? 512), byteCount)
    }
}

/// The octets by which this server is told from others behind the same address (RFC 5001 §2.3).
@safe public final class ServerID: Sendable {
    nonisolated(unsafe) private let storage: UnsafeMutableRawPointer
    private let byteCount: Int

    /// The longest: with it, a question of any length and every option still fit into 512 octets.
    public static let longest = 128

    /// Nil when there are no octets, or more than `longest`.
    public init?(_ octets: [UInt8]) {
        guard (1...Self.longest).contains(octets.count) else { return nil }
        byteCount = octets.count
        unsafe storage = .allocate(byteCount: octets.count, alignment: 8)
        for (index, octet) in octets.enumerated() {
            unsafe storage.storeBytes(of: octet, toByteOffset: index, as: UInt8.self)
        }
    }

    deinit { unsafe storage.deallocate() }

    /// What answers are written from, without a reference; valid as long as somebody holds the `ServerID`.
    public var view: View { unsafe View(bytes: TableBytes(UnsafeRawPointer(storage)), byteCount: byteCount) }

    @safe public struct View: Sendable {
        nonisolated(unsafe) let bytes: TableBytes
        let byteCount: Int
    }
}
