/// Every way in which answering can end.
public enum Outcome: Equatable, Sendable {
    /// The first `byteCount` octets of the message are the answer.
    case answered(byteCount: Int)
    /// The message is a complete answer of CNAMEs (the first `byteCount` octets, NOERROR), and what they lead to is not
    /// ours: who can resolve the last target joins what it finds, others send the message as it is. The target lies
    /// uncompressed at `targetAt`, its root's zero included: `aliasTarget` reads it.
    case leads(byteCount: Int, targetAt: Int, targetByteCount: Int)
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

    /// Octets of the answer at the front of the message; nil when there is none.
    @inline(__always)
    public var byteCount: Int? {
        switch self {
        case .answered(let byteCount), .leads(let byteCount, _, _): byteCount
        case .dropped, .passed: nil
        }
    }
}

/// The name that an answer's CNAMEs lead to, at the place that `Outcome.leads` says; lower case. Allocates.
public func aliasTarget(in message: borrowing MutableRawSpan, at start: Int, byteCount: Int) -> Name? {
    guard start >= 0, byteCount > 0, start + byteCount <= message.byteCount else { return nil }
    let wire = (start..<(start + byteCount)).map { offset in
        unsafe message.bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
    return Name(wire: wire)?.lowercased
}
