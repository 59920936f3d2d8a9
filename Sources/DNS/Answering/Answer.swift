/// An answer on its way into the message: what was put behind the question, and what still fits.
///
/// Room for the OPT record is kept from the start; records are whole or absent; additional records give way before
/// answers do, and only a cut answer is marked as truncated (RFC 2181 §9).
struct Answer {
    let bytes: MessageBytes
    /// Where the next record goes.
    private(set) var end: Int
    /// Octets that records may fill.
    private(set) var limit: Int
    private let turn: UInt32
    private let edns: EDNS?
    private var options = AnswerOptions()
    /// The four counts of the header, in its order: one question so far.
    private var counts = Self.oneQuestion
    private var isCut = false

    /// Counts of a header as one number.
    static let oneQuestion: UInt64 = 1 << 48

    enum Section {
        case answer, authority, additional

        /// One record of this section among the counts.
        @inline(__always)
        var one: UInt64 {
            switch self {
            case .answer: 1 << 32
            case .authority: 1 << 16
            case .additional: 1
            }
        }
    }

    @inline(__always)
    init(to query: Query, in bytes: MessageBytes, limits: AnswerLimits, turn: UInt32) {
        self.init(to: query, in: bytes, at: query.questionEnd, limits: limits, turn: turn)
    }

    @inline(__always)
    init(to query: Query, in bytes: MessageBytes, at start: Int, limits: AnswerLimits, turn: UInt32) {
        self.bytes = bytes
        self.turn = turn
        edns = query.edns
        end = start
        limit = min(limits.byteCount(for: query), bytes.room)
        guard let edns else { return }
        limit &-= Query.optByteCount
        guard !edns.options.isEmpty else { return }
        options.take(edns.options, of: query, limits: limits)
        limit &-= options.byteCount
    }

    /// Adds a set whose records' owner is the question's name, and its additional records.
    @inline(__always)
    mutating func add(_ set: LeafSet) {
        guard end &+ set.byteCount <= limit else { return addCut(set, owner: nil) }
        bytes.copy(set, turn: turn, to: end)
        end &+= set.byteCount
        counts &+= UInt64(truncatingIfNeeded: set.count) &* Section.answer.one
        if set.additionalCount > 0 { addAdditional(of: set) }
    }

    /// As many whole records as fit, beginning with the one whose turn it is; the rest is what TC stands for.
    private mutating func addCut(_ set: LeafSet, owner: Int?) {
        var index = set.rotates ? Int(turn % UInt32(set.count)) : 0
        var at = set.offset(ofRecord: index)
        for _ in 0..<set.count {
            let length = LeafSet.byteCount(ofRecordAt: at, in: set.records)
            guard end + length <= limit else {
                isCut = true
                return
            }
            bytes.copy(set.records.advanced(by: at), byteCount: length, to: end)
            if let owner { bytes.store16(UInt16(0xc000 | owner), at: end) }
            end += length
            counts &+= Section.answer.one
            index += 1
            at = index == set.count ? 0 : at + length
            if index == set.count { index = 0 }
        }
    }

    @inline(__always)
    private mutating func addAdditional(of set: LeafSet) {
        let (records, byteCount) = set.additional
        guard end &+ byteCount > limit else {
            bytes.copy(records, byteCount: byteCount, to: end)
            end &+= byteCount
            counts &+= UInt64(truncatingIfNeeded: set.additionalCount) &* Section.additional.one
            return
        }
        var at = 0
        while at < byteCount {
            let length = LeafSet.byteCount(ofRecordAt: at, in: records)
            guard end + length <= limit else { return }
            bytes.copy(records.advanced(by: at), byteCount: length, to: end)
            end += length
            at += length
            counts &+= Section.additional.one
        }
    }

    /// Adds a set whose owner is the name that begins at `owner` in the message: what a CNAME leads to.
    mutating func add(_ set: LeafSet, owner: Int) { addCut(set, owner: owner) }

    /// Adds the CNAME of `leaf` under the name at `owner`; where its target lies in the message, nil when cut.
    mutating func addAlias(_ set: LeafSet, owner: Int) -> NamePlace? {
        let start = end
        addCut(set, owner: owner)
        guard !isCut else { return nil }
        return NamePlace(
            at: start + LeafSet.recordHeadByteCount, byteCount: set.byteCount - LeafSet.recordHeadByteCount)
    }

    /// Adds what a computed name has of this type; false when it has nothing.
    mutating func add(_ found: ComputedName, _ type: RecordType, ttl: UInt32, owner: Int) -> Bool {
        switch found {
        case .leaf(let leaf, let longerBy):
            guard let set = leaf.set(type) else { return false }
            guard owner == Query.headerByteCount else {
                add(set, owner: owner)
                return true
            }
            let start = end
            add(set)
            shiftPointers(from: start, by: longerBy)
        case .address(let address):
            guard type == address.type else { return false }
            add(address, ttl: ttl, owner: owner)
        }
        return true
    }

    /// An address that no table holds: a Pod's, taken from its name.
    private mutating func add(_ address: PodAddress, ttl: UInt32, owner: Int) {
        let high = address.type == .a ? nil : address.bits.high
        addAddress(high: high, low: address.bits.low, ttl: ttl, owner: owner, to: .answer)
    }

    /// Adds an A record, or with `high` an AAAA record; numbers in host order.
    mutating func addAddress(high: UInt64?, low: UInt64, ttl: UInt32, owner: Int, to section: Section) {
        guard let high else {
            guard let at = addRecord(.a, ttl: ttl, owner: owner, to: section, byteCount: 4) else { return }
            return bytes.store32(UInt32(truncatingIfNeeded: low), at: at)
        }
        guard let at = addRecord(.aaaa, ttl: ttl, owner: owner, to: section, byteCount: 16) else { return }
        bytes.store64(high, at: at)
        bytes.store64(low, at: at + 8)
    }

    /// Adds one record but for its data; where that goes, nil when the record does not fit.
    /// - Parameters:
    ///   - label: one more label in front of the owner; empty for none.
    ///   - owner: where the owner's name begins in the message.
    ///   - byteCount: octets of the data.
    mutating func addRecord(
        _ type: RecordType, rawClass: UInt16 = 1, ttl: UInt32, label: StaticString = "", owner: Int,
        to section: Section, byteCount: Int
    ) -> Int? {
        let length = label.utf8CodeUnitCount
        let start = length == 0 ? end : end + 1 + length
        let dataAt = start + LeafSet.recordHeadByteCount
        guard dataAt + byteCount <= limit else {
            if section != .additional { isCut = true }
            return nil
        }
        if length > 0 {
            bytes.store8(UInt8(length), at: end)
            bytes.store(label, at: end + 1)
        }
        bytes.store16(UInt16(0xc000 | owner), at: start)
        bytes.store16(type.rawValue, at: start + 2)
        bytes.store16(rawClass, at: start + 4)
        bytes.store32(ttl, at: start + 6)
        bytes.store16(UInt16(byteCount), at: start + 10)
        end = dataAt + byteCount
        counts &+= section.one
        return dataAt
    }

    /// Shifts the pointers of everything written since `start` that lead behind the question's first labels: the
    /// question is `byteCount` octets shorter than the owner that the records were rendered for.
    private func shiftPointers(from start: Int, by byteCount: Int) {
        guard byteCount > 0 else { return }
        var at = start
        while at < end {
            while (1...63).contains(bytes[at]) { at += Int(bytes[at]) + 1 }
            if bytes[at] == 0 {
                at += 1
            } else {
                let pointer = Int(bytes.load16(at: at) & 0x3fff)
                if pointer > Query.headerByteCount { bytes.store16(UInt16(0xc000 | (pointer - byteCount)), at: at) }
                at += 2
            }
            at += 10 + Int(bytes.load16(at: at + 8))
        }
    }

    /// Takes over records that were copied behind the question as they were.
    @inline(__always)
    mutating func adopt(_ records: FittingRecords, isCut: Bool) {
        end &+= records.byteCount
        counts &+= UInt64(truncatingIfNeeded: records.answerCount) &* Section.answer.one
        counts &+= UInt64(truncatingIfNeeded: records.authorityCount) &* Section.authority.one
        counts &+= UInt64(truncatingIfNeeded: records.additionalCount) &* Section.additional.one
        self.isCut = isCut
    }

    // MARK: SOA and the end

    mutating func addSOA(of zone: ZoneEntry, apexAt: Int, to section: Section) {
        guard end &+ ZoneEntry.soaByteCount <= limit else {
            isCut = true
            return
        }
        zone.writeSOA(into: bytes, at: end, apexAt: apexAt)
        end &+= ZoneEntry.soaByteCount
        counts &+= section.one
    }

    /// The SOA of the zone that `leaf` belongs to; the leaf is the question's own.
    @inline(__always)
    mutating func addSOA(of leaf: Leaf, _ table: TableView, to section: Section) {
        let zone = table.zone(leaf.zone)
        let nameEnd = Query.headerByteCount &+ leaf.keyLength
        let apexAt = leaf.flags.contains(.host) ? Query.headerByteCount : nameEnd &- zone.apexByteCount
        addSOA(of: zone, apexAt: apexAt, to: section)
    }

    @inline(__always)
    mutating func noData(_ leaf: Leaf, _ table: TableView) -> Outcome {
        addSOA(of: leaf, table, to: .authority)
        return finish(.noError)
    }

    /// Writes OPT and header; the message is complete.
    @inline(__always)
    mutating func finish(
        _ code: ResponseCode, authoritative: Bool = true, saying explanation: ExtendedError? = nil
    ) -> Outcome {
        if let edns {
            bytes.storeOPT(edns, code, at: end)
            end &+= Query.optByteCount
            counts &+= Section.additional.one
            if !options.isEmpty || explanation != nil { addOptions(explanation) }
        }
        bytes.storeHeader(code, isAuthoritative: authoritative, isCut: isCut, counts: counts)
        return .answered(byteCount: end)
    }

    /// Options go behind the OPT record's fixed part; the padding is the last (RFC 7830 §3).
    private mutating func addOptions(_ explanation: ExtendedError?) {
        let start = end
        let whole = limit + Query.optByteCount + options.byteCount
        end = options.write(into: bytes, at: end)
        if let explanation { explain(explanation, within: whole - options.paddingHeadByteCount) }
        end = options.writePadding(into: bytes, at: end, limit: whole)
        bytes.store16(UInt16(end - start), at: start - 2)
    }

    /// An extended error option (RFC 8914 §2): code and text, the code alone, or nothing, as there is room.
    private mutating func explain(_ explanation: ExtendedError, within whole: Int) {
        var textByteCount = explanation.textByteCount
        if end + 6 + textByteCount > whole { textByteCount = 0 }
        guard end + 6 <= whole else { return }
        bytes.store16(OptionCode.extendedError, at: end)
        bytes.store16(UInt16(2 + textByteCount), at: end + 2)
        bytes.store16(explanation.code, at: end + 4)
        if textByteCount > 0 { explanation.writeText(into: bytes, at: end + 6) }
        end += 6 + textByteCount
    }
}
