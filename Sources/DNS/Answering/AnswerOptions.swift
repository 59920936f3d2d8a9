/// The options that one answer carries in its OPT record: decided before the first record is written, so that there is
/// room for them, and written behind the last.
struct AnswerOptions {
    private var said: QueryOptions = []
    private var cookie = Cookie()
    private var nsid: ServerID.View?
    private var keepalive: UInt16 = 0

    private static let headByteCount = 4
    private static let keepaliveByteCount = 6
    /// Answers are padded to whole blocks of so many octets (RFC 8467 §4.1).
    private static let paddingBlock = 468

    /// True when nothing is said: for nearly all answers.
    @inline(__always) var isEmpty: Bool { said.isEmpty }

    /// Finds what is said to what a client asked for.
    @inline(never)
    mutating func take(_ asked: QueryOptions, of query: Query, limits: AnswerLimits) {
        if asked.contains(.answersCookie) { said.insert(.answersCookie) }
        if asked.contains(.nsid), limits.nsid != nil { said.insert(.nsid) }
        if asked.contains(.keepalive), !limits.countsUDPSize, limits.keepalive != nil { said.insert(.keepalive) }
        if asked.contains(.padding), limits.isEncrypted { said.insert(.padding) }
        cookie = query.cookie
        nsid = limits.nsid
        keepalive = limits.keepalive ?? 0
    }

    /// Octets to keep free behind the fixed part of the OPT record. Padding gives way but for its head.
    var byteCount: Int {
        var count = 0
        if said.contains(.answersCookie) { count += Cookie.optionByteCount }
        if said.contains(.nsid), let nsid { count += Self.headByteCount + nsid.byteCount }
        if said.contains(.keepalive) { count += Self.keepaliveByteCount }
        if said.contains(.padding) { count += Self.headByteCount }
        return count
    }

    /// Octets that stay free for padding while other options are written.
    var paddingHeadByteCount: Int { said.contains(.padding) ? Self.headByteCount : 0 }

    /// Writes all but the padding; where they end.
    func write(into bytes: MessageBytes, at start: Int) -> Int {
        var at = start
        if said.contains(.answersCookie) {
            at = head(OptionCode.cookie, Cookie.optionByteCount - Self.headByteCount, into: bytes, at: at)
            bytes.store(word: cookie.client, at: at)
            bytes.store(word: cookie.head, at: at + 8)
            bytes.store(word: cookie.hash, at: at + 16)
            at += 24
        }
        if said.contains(.nsid), let nsid {
            at = head(OptionCode.nsid, nsid.byteCount, into: bytes, at: at)
            bytes.copy(unsafe nsid.bytes, byteCount: nsid.byteCount, to: at)
            at += nsid.byteCount
        }
        if said.contains(.keepalive) {
            at = head(OptionCode.keepalive, 2, into: bytes, at: at)
            bytes.store16(keepalive, at: at)
            at += 2
        }
        return at
    }

    /// Writes the padding: zeros up to the end of a block, or up to `limit` octets of message; where it ends.
    func writePadding(into bytes: MessageBytes, at start: Int, limit: Int) -> Int {
        guard said.contains(.padding) else { return start }
        let least = start + Self.headByteCount
        let end = min((least + Self.paddingBlock - 1) / Self.paddingBlock * Self.paddingBlock, limit)
        _ = head(OptionCode.padding, end - least, into: bytes, at: start)
        bytes.store(zeros: end - least, at: least)
        return end
    }

    private func head(_ code: UInt16, _ byteCount: Int, into bytes: MessageBytes, at offset: Int) -> Int {
        bytes.store16(code, at: offset)
        bytes.store16(UInt16(byteCount), at: offset + 2)
        return offset + Self.headByteCount
    }
}
