/// One query, read once: what it asks, how large an answer may be, and whether it may be answered from a table at all.
///
/// A plain value without references, so that a worker can keep one for each datagram of a batch.
public struct Query: Sendable {
    /// What reading came to. Everything but `ordinary` is decided before any table is asked.
    enum Verdict: UInt8, Sendable { case ordinary, dropped, refusedBare, refused, cookieAlone }

    static let headerByteCount = 12
    static let optByteCount = 11
    /// What every caller provides: an answer of 1,232 octets and a word behind it.
    static let smallestRoom = 1280

    var verdict = Verdict.dropped
    /// A table decides the answer, and no option of the client's asks for more: true of nearly all queries.
    public internal(set) var isPlain = false
    var refusal = ResponseCode.noError
    /// The question's owner name: octets from offset 12 on, the root's zero included.
    var nameByteCount = 0
    var hash: UInt32 = 0
    public internal(set) var type = RecordType(rawValue: 0)
    /// The question's class as it is in the message: 1 for IN, 3 for CH (RFC 1035 §3.2.4).
    public internal(set) var rawClass: UInt16 = 0
    /// The client's OPT record (RFC 6891); its own words are handed back.
    var edns: EDNS?
    /// The client's cookie, then the answer's; only with `QueryOptions.cookie`.
    var cookie = Cookie()

    /// Where the question ends and the answer begins.
    var questionEnd: Int { Self.headerByteCount &+ nameByteCount &+ 4 }

    /// True when no answer may be sent: a response, or too short to have an id.
    public var isDropped: Bool { verdict == .dropped }
    /// True when a table decides the answer.
    public var isOrdinary: Bool { verdict == .ordinary }
    /// True for a query without a question that asks for a server cookie (RFC 7873 §5.4): `refuse` answers it.
    public var isCookieAlone: Bool { verdict == .cookieAlone }
    /// True for a query in good order whose class is CH: refused, unless the caller has an answer of its own.
    public var isChaos: Bool { rawClass == 3 && verdict == .refused && refusal == .refused }

    public init() {}

    /// Reads the query that fills the first `byteCount` octets of `message`.
    ///
    /// The order is that of robustness: header, counts, question, additional records; nothing is read before what
    /// stands in front of it was found in order, so that work is bounded by the length of the message.
    /// - Parameter isStream: whether it came over TCP or TLS, where a keepalive option has a meaning (RFC 7828).
    @inline(__always)
    public static func read(
        _ message: inout MutableRawSpan, byteCount: Int, seed: UInt64, isStream: Bool = false
    ) -> Query {
        var query = Query()
        query.read(&message, byteCount: byteCount, seed: seed, isStream: isStream)
        return query
    }

    /// The same, in the place of an older query.
    public mutating func read(
        _ message: inout MutableRawSpan, byteCount: Int, seed: UInt64, isStream: Bool
    ) {
        self = Query()
        unsafe message.withUnsafeMutableBytes { raw in
            guard let bytes = unsafe MessageBytes(raw) else { return }
            read(bytes, byteCount: byteCount, seed: seed, isStream: isStream)
        }
    }

    @inline(__always)
    private mutating func read(_ bytes: MessageBytes, byteCount: Int, seed: UInt64, isStream: Bool) {
        precondition(bytes.room >= Self.smallestRoom && byteCount <= bytes.room)
        guard byteCount >= Self.headerByteCount else { return }
        let header = Header(bytes)
        if !header.isUsual {
            // Two servers answering each other's answers would never stop.
            guard !header.isResponse else { return }
            guard header.opcode == 0 else { return refuseBare(.notImplemented) }
            guard header.questionCount == 1 else {
                return readWithoutQuestion(header, bytes, byteCount: byteCount, isStream: isStream)
            }
            guard header.hasOnlyAdditional, header.additionalCount <= 2 else { return refuseBare(.formatError) }
        }
        guard readQuestion(bytes, byteCount: byteCount, seed: seed) else { return refuseBare(.formatError) }
        verdict = .ordinary
        if header.additionalCount > 0, !readLoneOPT(bytes, byteCount: byteCount, count: header.additionalCount) {
            readAdditional(
                bytes, from: questionEnd, byteCount: byteCount, count: header.additionalCount, isStream: isStream)
            guard verdict == .ordinary else { return }
        }
        guard rawClass == 1 else { return refuse(.refused) }
        // A transfer is granted to nobody here, and never over UDP (RFC 5936 §4.2).
        guard type != .axfr, type != .ixfr else { return refuse(.refused) }
        isPlain = edns?.options.isEmpty ?? true
    }

    /// More than one question is an error, and so is none (RFC 9619 §4) but for those who ask for a cookie alone.
    private mutating func readWithoutQuestion(_ header: Header, _ bytes: MessageBytes, byteCount: Int, isStream: Bool) {
        refuseBare(.formatError)
        guard header.questionCount == 0, header.hasOnlyAdditional, (1...2).contains(header.additionalCount) else {
            return
        }
        readAdditional(
            bytes, from: Self.headerByteCount, byteCount: byteCount, count: header.additionalCount, isStream: isStream)
        let isWhole = verdict == .refusedBare
        refuseBare(.formatError)
        if isWhole, edns?.options.contains(.cookie) == true { verdict = .cookieAlone }
    }

    private mutating func refuseBare(_ code: ResponseCode) {
        verdict = .refusedBare
        refusal = code
    }

    mutating func refuse(_ code: ResponseCode) {
        verdict = .refused
        refusal = code
    }

    /// Finds the end of the name, hashes it, reads type and class. False when the question is cut short or no name.
    @inline(__always)
    private mutating func readQuestion(_ bytes: MessageBytes, byteCount: Int, seed: UInt64) -> Bool {
        let octets = bytes.octets(byteCount)
        var end = Self.headerByteCount
        while true {
            guard end < byteCount else { return false }
            let length = Int(octets.load(at: end, as: UInt8.self))
            guard length != 0 else { break }
            // Compression has nothing to point at in front of the first name (RFC 1035 §4.1.4).
            guard length <= 63 else { return false }
            end &+= length &+ 1
        }
        end &+= 1
        let nameLength = end &- Self.headerByteCount
        guard nameLength <= 255, end &+ 4 <= byteCount else { return false }
        nameByteCount = nameLength
        type = RecordType(rawValue: bytes.load16(at: end))
        rawClass = bytes.load16(at: end &+ 2)
        hash = NamePlace(at: Self.headerByteCount, byteCount: nameLength).hash(in: bytes, seed: seed)
        return true
    }
}

/// The fixed twelve octets in front of a message (RFC 1035 §4.1.1).
struct Header {
    let flags: UInt16
    let counts: UInt64

    @inline(__always)
    init(_ bytes: MessageBytes) {
        flags = bytes.load16(at: 2)
        counts = UInt64(bytes.load32(at: 4)) << 32 | UInt64(bytes.load32(at: 8))
    }

    /// A query with one question and at most one record behind it: all that a header is asked at a glance.
    @inline(__always) var isUsual: Bool { flags & 0xf800 == 0 && counts & ~1 == 1 << 48 }
    @inline(__always) var isResponse: Bool { flags & 0x8000 != 0 }
    @inline(__always) var opcode: UInt16 { flags >> 11 & 15 }
    @inline(__always) var questionCount: Int { Int(counts >> 48) }
    @inline(__always) var hasOnlyAdditional: Bool { counts & 0x0000_ffff_ffff_0000 == 0 }
    @inline(__always) var additionalCount: Int { Int(counts & 0xffff) }

    static let response: UInt16 = 0x8000
    static let authoritative: UInt16 = 0x0400
    static let truncated: UInt16 = 0x0200
    /// What an answer repeats of a query: opcode, RD and CD (RFC 1035 §4.1.1, RFC 4035 §3.1.6). Z and AD stay clear.
    static let repeated: UInt16 = 0x7910
}

extension Query {
    /// Octets of the question's name in the message, from offset 12 on, and what a log tells of the query. Asked only
    /// by those who write a line; the name is lower case with a final dot.
    public func name(in message: borrowing MutableRawSpan) -> Name? {
        guard nameByteCount > 0 else { return nil }
        var wire: [UInt8] = []
        for offset in 0..<nameByteCount {
            wire.append(message.bytes.unsafeLoadOctet(at: Self.headerByteCount + offset))
        }
        return Name(trusted: wire).lowercased
    }

    public var udpByteCount: Int { Int(edns?.udpByteCount ?? 512) }
    public var wantsSignatures: Bool { edns?.wantsSignatures ?? false }
}

extension RawSpan {
    fileprivate func unsafeLoadOctet(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
