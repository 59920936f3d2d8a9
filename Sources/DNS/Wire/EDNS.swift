/// What a client said in its OPT record (RFC 6891 §6.1.2).
public struct EDNS: Sendable {
    /// UDP payload the client can take, at least 512 (RFC 6891 §6.2.3).
    var udpByteCount: UInt16
    /// The DO bit, which an answer repeats (RFC 3225 §3).
    var wantsSignatures: Bool
    /// What the client's options ask for; empty for most.
    var options: QueryOptions = []
}

/// The options of a query that an answer has something to say to; all others are passed over (RFC 6891 §6.1.2).
struct QueryOptions: OptionSet, Sendable {
    let rawValue: UInt8
    /// A client cookie (RFC 7873).
    static let cookie = QueryOptions(rawValue: 1)
    /// A server cookie behind it, of whatever form.
    static let serverCookie = QueryOptions(rawValue: 2)
    /// `answerCookie` has made the answer's.
    static let answersCookie = QueryOptions(rawValue: 4)
    static let nsid = QueryOptions(rawValue: 8)
    static let keepalive = QueryOptions(rawValue: 16)
    static let padding = QueryOptions(rawValue: 32)
}

/// Codes of EDNS options.
enum OptionCode {
    static let nsid: UInt16 = 3
    static let cookie: UInt16 = 10
    static let keepalive: UInt16 = 11
    static let padding: UInt16 = 12
    static let extendedError: UInt16 = 15
}

extension Query {
    /// Most clients that speak EDNS end their query with an OPT record of eleven octets, version 0 and no options: read at
    /// a glance. False when the message ends in another way.
    @inline(__always)
    mutating func readLoneOPT(_ bytes: MessageBytes, byteCount: Int, count: Int) -> Bool {
        let start = questionEnd
        guard count == 1, byteCount == start &+ Self.optByteCount else { return false }
        // Root, type and version; size, upper bits of the code and flags may be anything.
        let head = bytes.words(at: start, byteCount: 8).word(at: 0)
        guard head & 0x00ff_0000_00ff_ffff == UInt64(RecordType.opt.rawValue) << 16 else { return false }
        guard bytes.load16(at: start &+ 9) == 0 else { return false }
        let size = UInt16(truncatingIfNeeded: head >> 24).byteSwapped
        edns = EDNS(udpByteCount: max(512, size), wantsSignatures: head >> 63 != 0)
        return true
    }

    /// Reads the one or two records that begin at `start`: OPT and TSIG count, others are passed over.
    mutating func readAdditional(
        _ bytes: MessageBytes, from start: Int, byteCount: Int, count: Int, isStream: Bool
    ) {
        var at = start
        var isSigned = false
        for _ in 0..<count {
            let start = at
            guard let fixed = endOfName(bytes, at: start, byteCount: byteCount), fixed + 10 <= byteCount else {
                return refuse(.formatError)
            }
            let rdataEnd = fixed + 10 + Int(bytes.load16(at: fixed + 8))
            guard rdataEnd <= byteCount else { return refuse(.formatError) }
            switch RecordType(rawValue: bytes.load16(at: fixed)) {
            case .opt:
                // Two OPT records, or one with an owner, are no EDNS (RFC 6891 §6.1.1).
                guard edns == nil, fixed == start + 1 else { return refuse(.formatError) }
                guard readOPT(bytes, fixed: fixed, rdataEnd: rdataEnd, isStream: isStream) else { return }
            case .tsig: isSigned = true
            default: break
            }
            at = rdataEnd
        }
        // We share no key with anyone (RFC 8945 §5.2.1).
        if isSigned { refuse(.notAuthoritative) }
    }

    /// False when the record decided the answer: a version we do not speak, or a broken option.
    private mutating func readOPT(_ bytes: MessageBytes, fixed: Int, rdataEnd: Int, isStream: Bool) -> Bool {
        edns = EDNS(
            udpByteCount: max(512, bytes.load16(at: fixed + 2)), wantsSignatures: bytes[fixed + 6] & 0x80 != 0)
        guard bytes[fixed + 5] == 0 else {
            refuse(.badVersion)
            return false
        }
        guard fixed + 10 < rdataEnd else { return true }
        guard let options = readOptions(bytes, from: fixed + 10, to: rdataEnd, isStream: isStream) else {
            refuse(.formatError)
            return false
        }
        edns?.options = options
        return true
    }

    /// What the options ask for; nil when one does not end inside the record or has a length that does not exist.
    private mutating func readOptions(
        _ bytes: MessageBytes, from start: Int, to end: Int, isStream: Bool
    ) -> QueryOptions? {
        var found: QueryOptions = []
        var at = start
        while at < end {
            guard at + 4 <= end else { return nil }
            let length = Int(bytes.load16(at: at + 2))
            guard at + 4 + length <= end else { return nil }
            switch bytes.load16(at: at) {
            case OptionCode.cookie:
                // All but the first are ignored (RFC 7873 §5.2).
                guard !found.contains(.cookie) else { break }
                guard length == 8 || (16...40).contains(length) else { return nil }
                found.formUnion(readCookie(bytes, at: at + 4, byteCount: length))
            case OptionCode.nsid: found.insert(.nsid)
            case OptionCode.keepalive:
                // It says nothing on UDP (RFC 7828 §3.2.1); a timeout takes two octets (§3.1).
                guard isStream else { break }
                guard length == 0 || length == 2 else { return nil }
                found.insert(.keepalive)
            case OptionCode.padding: found.insert(.padding)
            default: break
            }
            at += 4 + length
        }
        return found
    }

    private mutating func readCookie(_ bytes: MessageBytes, at start: Int, byteCount: Int) -> QueryOptions {
        cookie.client = bytes.word(at: start)
        // A server cookie of another length was made by another (RFC 9018 §4): nothing of it is of use.
        if byteCount == 24 {
            cookie.head = bytes.word(at: start + 8)
            cookie.hash = bytes.word(at: start + 16)
        }
        return byteCount == 8 ? .cookie : .cookie.union(.serverCookie)
    }
}

/// Where the name at `start` ends in the record that owns it; nil when it is no name.
///
/// Pointers lead to smaller offsets only, so that the walk ends; the name stays within 255 octets (RFC 1035 §2.3.4).
private func endOfName(_ bytes: MessageBytes, at start: Int, byteCount: Int) -> Int? {
    var at = start
    var end: Int?
    var limit = start
    var nameLength = 1
    while at < byteCount {
        let length = Int(bytes[at])
        switch length {
        case 0: return end ?? at + 1
        case 1...63:
            nameLength += length + 1
            guard nameLength <= 255 else { return nil }
            at += length + 1
        case 0xc0...:
            guard at + 2 <= byteCount else { return nil }
            let target = Int(bytes.load16(at: at) & 0x3fff)
            guard target >= Query.headerByteCount, target < limit else { return nil }
            end = end ?? at + 2
            limit = target
            at = target
        default: return nil
        }
    }
    return nil
}
