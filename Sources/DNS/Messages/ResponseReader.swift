/// Reads an upstream's message once, from front to back; work is linear in its length.
struct ResponseReader {
    private let bytes: MessageBytes
    private let byteCount: Int
    private let question: Question
    private var names: ForeignNames
    private var at: Int
    private var parts = ReplyParts()
    /// Where records end that are handed on; nil while all are.
    private var keptEnd: Int?
    private var smallestTTL = UInt32.max
    /// TTLs over 2³¹ − 1, which mean 0 (RFC 2181 §8): where they stand.
    private var overflows: [Int] = []
    private var negativeTTL: UInt32?
    private var answerStarts: [Int] = []
    private var hasReferral = false
    /// What the server says of its answer (RFC 8914), once it was read.
    private(set) var explanation: ExtendedError?

    private enum Section { case answer, authority, additional }

    private struct Record {
        let start: Int
        /// Where its type stands.
        let fixed: Int
        let end: Int
        let type: UInt16
        var data: Int { fixed + 10 }
    }

    /// Nil when the message is no answer to `question`.
    init?(_ bytes: MessageBytes, to question: Question) {
        byteCount = bytes.room
        guard byteCount >= Query.headerByteCount, byteCount <= 65535 else { return nil }
        let header = Header(bytes)
        guard header.isResponse, header.opcode == 0, header.questionCount == 1 else { return nil }
        guard question.end <= byteCount else { return nil }
        let wire = question.name.wire
        for index in wire.indices {
            guard lowered(bytes[Query.headerByteCount + index]) == wire[index] else { return nil }
        }
        guard bytes.load16(at: question.end - 4) == question.type.rawValue, bytes.load16(at: question.end - 2) == 1
        else { return nil }
        self.bytes = bytes
        self.question = question
        names = ForeignNames(bytes, byteCount: byteCount)
        at = question.end
        guard names.end(of: Query.headerByteCount, mayBeCompressed: false) != nil else { return nil }
        parts.flags = header.flags
        parts.code = ResponseCode(rawValue: header.flags & 15)
    }

    /// The packed reply; nil when a record cannot be read.
    mutating func read() -> [UInt8]? {
        let counts = Header(bytes).counts
        for (section, shift) in [(Section.answer, 32), (.authority, 16), (.additional, 0)] {
            for _ in 0..<Int(counts >> UInt64(shift) & 0xffff) {
                let start = at
                if readRecord(section) { continue }
                // A server that cuts in the middle of a record says TC: the whole ones count (RFC 2181 §9).
                guard parts.flags & Header.truncated != 0 else { return nil }
                at = start
                return finish()
            }
        }
        return finish()
    }

    private mutating func readRecord(_ section: Section) -> Bool {
        let start = at
        guard let fixed = names.end(of: start, mayBeCompressed: true), fixed + 10 <= byteCount else { return false }
        let end = fixed + 10 + Int(bytes.load16(at: fixed + 8))
        guard end <= byteCount else { return false }
        let record = Record(start: start, fixed: fixed, end: end, type: bytes.load16(at: fixed))
        if Self.isHopByHop(record.type, section) {
            guard section == .additional, readHopByHop(record) else { return false }
        } else {
            guard bytes.load16(at: fixed + 2) == 1, hasItsShape(record) else { return false }
            // Behind a removed record nothing can stay where it is; those are additional records only.
            if keptEnd == nil { keep(record, section) }
        }
        at = end
        return true
    }

    /// OPT, TSIG and SIG(0) (RFC 2931) are between us and the upstream.
    private static func isHopByHop(_ type: UInt16, _ section: Section) -> Bool {
        switch type {
        case RecordType.opt.rawValue, RecordType.tsig.rawValue: true
        case 24: section == .additional
        default: false
        }
    }

    private mutating func readHopByHop(_ record: Record) -> Bool {
        keptEnd = keptEnd ?? record.start
        guard record.type == RecordType.opt.rawValue else { return true }
        guard !parts.notes.contains(.hasOPT), record.fixed == record.start + 1 else { return false }
        parts.notes.insert(.hasOPT)
        parts.code = ResponseCode(rawValue: UInt16(bytes[record.fixed + 4]) << 4 | parts.flags & 15)
        explanation = readExplanation(record)
        return true
    }

    /// The first extended error of an OPT record (RFC 8914 §2); options that overrun the record are nobody's.
    private func readExplanation(_ record: Record) -> ExtendedError? {
        var place = record.data
        while place + 4 <= record.end {
            let start = place + 4
            let end = start + Int(bytes.load16(at: place + 2))
            guard end <= record.end else { return nil }
            if bytes.load16(at: place) == OptionCode.extendedError, start + 2 <= end {
                let text = String(decoding: (start + 2..<end).map { bytes[$0] }, as: UTF8.self)
                return ExtendedError(bytes.load16(at: start), "").saying(text)
            }
            place = end
        }
        return nil
    }

    /// Whether the data is what its type demands, every name in it included.
    private mutating func hasItsShape(_ record: Record) -> Bool {
        let shape = RecordShape.of(record.type)
        var place = record.data + shape.prefix
        for _ in 0..<shape.textCount {
            guard place < record.end else { return false }
            place += 1 + Int(bytes[place])
        }
        for _ in 0..<shape.nameCount {
            guard place < record.end, let next = names.end(of: place, mayBeCompressed: shape.mayBeCompressed) else {
                return false
            }
            place = next
        }
        switch shape.rest {
        case .any: return place <= record.end
        case .exactly(let count): return place + count == record.end
        }
    }

    private mutating func keep(_ record: Record, _ section: Section) {
        let place = UInt16(record.fixed - question.end)
        var ttl = bytes.load32(at: record.fixed + 4)
        if ttl > Int32.max {
            ttl = 0
            overflows.append(record.fixed + 4 - question.end)
        }
        smallestTTL = min(smallestTTL, ttl)
        parts.places.append(place)
        if record.type == 46 { noteSignature(record) }
        switch section {
        case .answer:
            addToRun(record)
            answerStarts.append(record.start)
            parts.counts.answers += 1
        case .authority:
            if record.type == RecordType.soa.rawValue {
                // RFC 2308 §5: the lesser of the SOA's TTL and its last field.
                negativeTTL = min(negativeTTL ?? .max, ttl, bytes.load32(at: record.end - 4))
            }
            hasReferral = hasReferral || record.type == RecordType.ns.rawValue
            parts.counts.authorities += 1
        case .additional: parts.counts.additionals += 1
        }
    }

    private mutating func noteSignature(_ record: Record) {
        let end = bytes.load32(at: record.data + 8)
        let isFirst = !parts.notes.contains(.isSigned)
        if isFirst || Serial(rawValue: parts.signedUntil).isNewer(than: Serial(rawValue: end)) {
            parts.signedUntil = end
        }
        parts.notes.insert(.isSigned)
    }

    /// Addresses of one owner that follow each other take turns.
    private mutating func addToRun(_ record: Record) {
        guard record.type == RecordType.a.rawValue || record.type == RecordType.aaaa.rawValue,
            let last = answerStarts.last, let lastPlace = parts.places.dropLast().last,
            bytes.load16(at: question.end + Int(lastPlace)) == record.type, bytes.isSameName(last, record.start)
        else { return }
        let index = UInt16(parts.places.count - 1)
        if let run = parts.runs.last, run.first + run.count == index {
            parts.runs[parts.runs.count - 1].count += 1
        } else {
            parts.runs.append((first: index - 1, count: 2))
        }
    }

    // MARK: What it means

    private mutating func finish() -> [UInt8] {
        let end = min(keptEnd ?? at, at)
        parts.body = (question.end..<end).map { bytes[$0] }
        for place in overflows { for index in 0..<4 { parts.body[place + index] = 0 } }
        parts.kind = kind()
        parts.freshFor = parts.flags & Header.truncated == 0 ? freshFor() : nil
        return parts.packed(for: question)
    }

    private func kind() -> Response.Kind {
        switch parts.code {
        case .nameError: .nameError
        case .serverFailure, .notImplemented: .failure
        case .noError where endsInAnswer(): .success
        // Without an SOA a referral, or a chain whose end nobody told, is no denial (RFC 2308 §2.2).
        case .noError where negativeTTL != nil || (answerStarts.isEmpty && !hasReferral): .noData
        default: .other
        }
    }

    private func freshFor() -> UInt32? {
        switch parts.kind {
        case .success: smallestTTL
        case .nameError, .noData: negativeTTL.map { min($0, smallestTTL) }
        case .failure: 0
        case .other: nil
        }
    }

    /// Whether the chain of aliases that begins at the question leads to a record of its type.
    private func endsInAnswer() -> Bool {
        var owner = Query.headerByteCount
        // Servers write a chain in its order; a few passes are enough for those that do not.
        for _ in 0..<4 {
            let before = owner
            for (index, start) in answerStarts.enumerated() where bytes.isSameName(start, owner) {
                let fixed = question.end + Int(parts.places[index])
                let type = bytes.load16(at: fixed)
                if type == question.type.rawValue || question.type == .any { return true }
                if type == RecordType.cname.rawValue { owner = fixed + 10 }
            }
            if owner == before { return false }
        }
        return false
    }
}
