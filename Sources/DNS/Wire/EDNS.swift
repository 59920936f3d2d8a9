/// What a client said in its OPT record (RFC 6891 §6.1.2).
public struct EDNS: Sendable {
    /// UDP payload the client can take, at least 512 (RFC 6891 §6.2.3).
    var udpByteCount: UInt16
    /// The DO bit, which an answer repeats (RFC 3225 §3).
    var wantsSignatures: Bool
}

extension Query {
    /// Reads the one or two records behind the question: OPT and TSIG count, others are passed over.
    mutating func readAdditional(_ bytes: MessageBytes, byteCount: Int, count: Int) {
        var at = questionEnd
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
                guard readOPT(bytes, fixed: fixed, rdataEnd: rdataEnd) else { return }
            case .tsig: isSigned = true
            default: break
            }
            at = rdataEnd
        }
        // We share no key with anyone (RFC 8945 §5.2.1).
        if isSigned { refuse(.notAuthoritative) }
    }

    /// False when the record decided the answer: a version we do not speak, or a broken option.
    private mutating func readOPT(_ bytes: MessageBytes, fixed: Int, rdataEnd: Int) -> Bool {
        edns = EDNS(
            udpByteCount: max(512, bytes.load16(at: fixed + 2)), wantsSignatures: bytes[fixed + 6] & 0x80 != 0)
        guard bytes[fixed + 5] == 0 else {
            refuse(.badVersion)
            return false
        }
        guard optionsAreWhole(bytes, from: fixed + 10, to: rdataEnd) else {
            refuse(.formatError)
            return false
        }
        return true
    }
}

private let cookieOption: UInt16 = 10

/// Whether every option ends inside the record, and a cookie has a length that exists (RFC 7873 §5.2.2).
private func optionsAreWhole(_ bytes: MessageBytes, from start: Int, to end: Int) -> Bool {
    var at = start
    while at < end {
        guard at + 4 <= end else { return false }
        let length = Int(bytes.load16(at: at + 2))
        guard at + 4 + length <= end else { return false }
        if bytes.load16(at: at) == cookieOption {
            guard length == 8 || (16...40).contains(length) else { return false }
        }
        at += 4 + length
    }
    return true
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
