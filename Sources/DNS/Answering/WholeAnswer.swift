/// The short way out of a table, which nearly all answers take: one set of the question's own name, whole, to a client
/// whose OPT record asks for nothing. It saves what an `Answer` keeps for the others, about 60 instructions a query.
///
/// - Returns: the answer's octets; nil, and nothing is written, for all other answers.
@inline(__always)
func answerWhole(
    _ query: Query, _ set: LeafSet, in bytes: MessageBytes, limits: AnswerLimits, turn: UInt32
) -> Int? {
    guard query.isPlain, set.additionalCount == 0 else { return nil }
    let records = query.questionEnd
    var end = records &+ set.byteCount
    var counts = Answer.oneQuestion &+ UInt64(truncatingIfNeeded: set.count) &* Answer.Section.answer.one
    let optByteCount = query.edns == nil ? 0 : Query.optByteCount
    guard end &+ optByteCount <= min(limits.byteCount(for: query), bytes.room) else { return nil }
    bytes.copy(set, turn: turn, to: records)
    if let edns = query.edns {
        bytes.storeOPT(edns, .noError, at: end)
        end &+= Query.optByteCount
        counts &+= Answer.Section.additional.one
    }
    bytes.storeHeader(.noError, isAuthoritative: true, isCut: false, counts: counts)
    return end
}

/// What every answer is made of, whichever way it takes.
extension MessageBytes {
    /// Two copies where records take turns: from the record whose turn it is to the last, then those in front of it.
    @inline(__always)
    func copy(_ set: LeafSet, turn: UInt32, to offset: Int) {
        guard set.rotates else { return copy(set.records, byteCount: set.byteCount, to: offset) }
        let first = set.offset(ofRecord: Int(turn % UInt32(truncatingIfNeeded: set.count)))
        copy(set.records.advanced(by: first), byteCount: set.byteCount &- first, to: offset)
        copy(set.records, byteCount: first, to: offset &+ set.byteCount &- first)
    }

    /// An OPT record without options: it repeats the client's size and DO bit; options that we do not know are not echoed
    /// (RFC 6891 §6.1.2).
    @inline(__always)
    func storeOPT(_ edns: EDNS, _ code: ResponseCode, at offset: Int) {
        // Owner, type, class, upper bits of the code, version, upper flags; then flags again, and no data.
        let flags: UInt64 = edns.wantsSignatures ? 0x80 : 0
        let size = UInt64(edns.udpByteCount) << 24
        let head = UInt64(RecordType.opt.rawValue) << 40 | size | UInt64(code.rawValue >> 4) << 16 | flags
        store64(head, at: offset)
        store32(UInt32(truncatingIfNeeded: flags << 24), at: offset &+ 7)
    }

    /// - Parameter counts: of question, answer, authority and additional section, 16 bits each.
    @inline(__always)
    func storeHeader(_ code: ResponseCode, isAuthoritative: Bool, isCut: Bool, counts: UInt64) {
        var flags = load16(at: 2) & Header.repeated | Header.response | code.rawValue & 15
        if isAuthoritative { flags |= Header.authoritative }
        if isCut { flags |= Header.truncated }
        store16(flags, at: 2)
        store64(counts, at: 4)
    }
}
