/// A checked answer of an upstream: immutable, and safe to copy behind any client's question.
///
/// Every record was read, every pointer leads backwards to a name; OPT and TSIG are gone (RFC 6891 §6.1.1, 8945 §5.3).
public struct Response: Sendable {
    /// What an answer says about the name.
    public enum Kind: UInt8, Sendable {
        /// Records of the type that was asked for, perhaps behind aliases.
        case success
        /// The name exists, without this type (RFC 2308 §2.2).
        case noData
        /// The name does not exist (RFC 2308 §2.1).
        case nameError
        /// SERVFAIL or NOTIMP: the upstream could not answer.
        case failure
        /// REFUSED, FORMERR, a referral, a chain without its end: nothing to keep.
        case other
    }

    /// As `PackedReply` reads it.
    let packed: [UInt8]

    public let question: Question
    /// With the upper eight bits of the OPT record (RFC 6891 §6.1.3).
    public let code: ResponseCode
    public let kind: Kind
    /// Seconds that it may be kept by its own TTLs (RFC 2181 §5.2, 2308 §5); 0 for a failure, whose time the cache
    /// knows; nil when it must not be kept.
    public let freshFor: UInt32?
    public let isTruncated: Bool
    public let isAuthoritative: Bool
    /// The AD bit (RFC 4035 §3.2.3).
    public let isAuthenticated: Bool
    /// Whether the upstream speaks EDNS.
    public let hasOPT: Bool
    public let answerCount: Int
    /// When the first of its signatures ends, in seconds since 1970 (RFC 4034 §3.1.5); nil without signatures.
    public let signedUntil: UInt32?
    /// Why the upstream's answer is not the plain truth (RFC 8914); the cache does not keep it.
    public let explanation: ExtendedError?

    private init(_ packed: [UInt8], _ question: Question, saying explanation: ExtendedError? = nil) {
        self.packed = packed
        self.question = question
        self.explanation = explanation
        let read = unsafe packed.withUnsafeBytes { raw in
            unsafe raw.baseAddress.map { start in
                let reply = unsafe PackedReply(start)
                return (
                    reply.code, reply.kind, reply.freshFor, reply.flags, reply.notes, reply.answerCount,
                    reply.signedUntil
                )
            }
        }
        let (code, kind, freshFor, flags, notes, count, signed) =
            read ?? (.serverFailure, .other, .max, 0, [], 0, 0)
        self.code = code
        self.kind = kind
        self.freshFor = freshFor == .max ? nil : freshFor
        isTruncated = flags & Header.truncated != 0
        isAuthoritative = flags & Header.authoritative != 0
        isAuthenticated = flags & Header.authenticated != 0
        hasOPT = notes.contains(.hasOPT)
        answerCount = count
        signedUntil = notes.contains(.isSigned) ? signed : nil
    }

    /// Reads an upstream's message; nil when it is no whole answer to `question`: not a response, another question,
    /// a class other than IN, or a record that cannot be read. The id is the caller's to check.
    /// - Complexity: linear in the octets.
    public init?(reading bytes: UnsafeRawBufferPointer, to question: Question) {
        guard let message = unsafe MessageBytes(UnsafeMutableRawBufferPointer(mutating: bytes)),
            var reader = ResponseReader(message, to: question), let packed = reader.read()
        else { return nil }
        self.init(packed, question, saying: reader.explanation)
    }

    public init?(reading bytes: [UInt8], to question: Question) {
        let read = unsafe bytes.withUnsafeBytes { unsafe Response(reading: $0, to: question) }
        guard let read else { return nil }
        self = read
    }

    /// What we say ourselves when no upstream answered.
    public init(failure code: ResponseCode = .serverFailure, to question: Question) {
        var parts = ReplyParts()
        parts.code = code
        parts.kind = code == .serverFailure ? .failure : .other
        parts.freshFor = code == .serverFailure ? 0 : nil
        self.init(parts.packed(for: question), question)
    }

    /// The id of a message; nil when it is shorter than a header.
    public static func id(of bytes: UnsafeRawBufferPointer) -> UInt16? {
        guard bytes.count >= Query.headerByteCount else { return nil }
        return unsafe UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    }

    /// The code of a response that has no question at all: how servers refuse what they cannot read, such as an OPT
    /// record (RFC 6891 §7). Nil for every other message.
    public static func bareCode(of bytes: UnsafeRawBufferPointer) -> ResponseCode? {
        guard bytes.count == Query.headerByteCount,
            let message = unsafe MessageBytes(UnsafeMutableRawBufferPointer(mutating: bytes))
        else { return nil }
        let header = Header(message)
        guard header.isResponse, header.opcode == 0, header.counts == 0 else { return nil }
        return ResponseCode(rawValue: header.flags & 15)
    }

    func withReply<Result>(_ body: (PackedReply) -> Result) -> Result? {
        unsafe packed.withUnsafeBytes { raw in
            unsafe raw.baseAddress.map { unsafe body(PackedReply($0)) }
        }
    }
}
