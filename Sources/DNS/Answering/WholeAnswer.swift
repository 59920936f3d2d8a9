// The short ways out of a table, which nearly all answers take: to a client whose OPT record asks for nothing. They save what
// an `Answer` keeps for the others, about 60 instructions a query.

/// Answers with what stands ready: one set of the question's own name, or the SOA of its zone.
/// - Parameter leaf: of the question's name; nil where the table does not have it.
/// - Returns: the octets of the answer; 0, and nothing is written, for all other answers.
@inline(__always)
func answerWhole(
    _ query: Query, _ leaf: Leaf?, from table: TableView, in bytes: MessageBytes, limits: AnswerLimits, turn: UInt32
) -> Int {
    guard query.isPlain else { return 0 }
    guard let leaf else { return answerNoName(query, from: table, in: bytes) }
    guard let set = leaf.set(query.type) else { return answerNoData(query, leaf, from: table, in: bytes) }
    return answerSet(query, set, in: bytes, limits: limits, turn: turn)
}

/// A set whole and as it lies.
@inline(__always)
private func answerSet(
    _ query: Query, _ set: LeafSet, in bytes: MessageBytes, limits: AnswerLimits, turn: UInt32
) -> Int {
    guard set.additionalCount == 0, !set.isPacked else { return 0 }
    let end = query.questionEnd &+ set.byteCount
    let optByteCount = query.edns == nil ? 0 : Query.optByteCount
    guard end &+ optByteCount <= min(limits.byteCount(for: query), bytes.room) else { return 0 }
    bytes.copy(set, turn: turn, to: query.questionEnd)
    let count = UInt64(truncatingIfNeeded: set.count) &* Answer.Section.answer.one
    return bytes.close(query, .noError, counts: count, at: end)
}

/// A name that has nothing of this type: the SOA of its zone, which fits always. Apexes, hosts and aliases have more to say.
@inline(__always)
private func answerNoData(_ query: Query, _ leaf: Leaf, from table: TableView, in bytes: MessageBytes) -> Int {
    guard !leaf.flags.saysMore else { return 0 }
    return bytes.answerSOA(of: table.zone(leaf.zone), query, .noError)
}

/// A name that does not exist, in a zone that is loaded and hands no name on.
@inline(never)
private func answerNoName(_ query: Query, from table: TableView, in bytes: MessageBytes) -> Int {
    let name = NamePlace(at: Query.headerByteCount, byteCount: query.nameByteCount)
    guard let (index, apexAt) = table.zoneIndex(of: name, in: bytes) else { return 0 }
    let zone = table.zone(index)
    guard zone.isReady, !zone.handsOn, !table.mayCompute(name, zone, apexAt: apexAt, in: bytes) else { return 0 }
    return bytes.answerSOA(of: zone, query, .nameError)
}

extension MessageBytes {
    @inline(__always)
    fileprivate func answerSOA(of zone: ZoneEntry, _ query: Query, _ code: ResponseCode) -> Int {
        let apexAt = Query.headerByteCount &+ query.nameByteCount &- zone.apexByteCount
        zone.writeSOA(into: self, at: query.questionEnd, apexAt: apexAt)
        let end = query.questionEnd &+ ZoneEntry.soaByteCount
        return close(query, code, counts: Answer.Section.authority.one, at: end)
    }

    /// Writes OPT and header around the records that end at `end`; where the answer ends.
    /// - Parameter counts: of the records.
    @inline(__always)
    fileprivate func close(_ query: Query, _ code: ResponseCode, counts: UInt64, at end: Int) -> Int {
        var counts = counts &+ Answer.oneQuestion
        var end = end
        if let edns = query.edns {
            storeOPT(edns, code, at: end)
            end &+= Query.optByteCount
            counts &+= Answer.Section.additional.one
        }
        storeHeader(code, isAuthoritative: true, isCut: false, counts: counts)
        return end
    }
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
