/// Every way in which answering can end.
public enum Outcome: Equatable, Sendable {
    /// The first `byteCount` octets of the message are the answer.
    case answered(byteCount: Int)
    /// Nothing may be sent.
    case dropped
    /// Not ours: the plan's next step decides. The message is untouched.
    case passed(Passage)

    public enum Passage: Sendable {
        /// The name lies in none of the table's zones.
        case outside
        /// The zone does not have the name, and `fallthrough` hands it on.
        case fellThrough
    }
}

/// What limits one answer.
public struct AnswerLimits: Sendable {
    /// Octets that the transport takes at most: 1,232 for UDP (RFC 9715), 65,535 for TCP.
    public let byteCount: Int
    let countsUDPSize: Bool

    public static let udp = AnswerLimits(byteCount: 1232, countsUDPSize: true)
    public static let tcp = AnswerLimits(byteCount: 65535, countsUDPSize: false)

    /// Without EDNS a datagram holds 512 octets (RFC 1035 §4.2.1), with it what the client says, within ours.
    @inline(__always)
    func byteCount(for query: Query) -> Int {
        guard countsUDPSize else { return byteCount }
        return min(Int(query.edns?.udpByteCount ?? 512), byteCount)
    }
}
