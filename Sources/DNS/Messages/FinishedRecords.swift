/// Walks over the records of a finished answer, which we wrote ourselves.
struct FinishedRecords {
    struct Record {
        let start: Int
        /// Where its type stands.
        let fixed: Int
        let end: Int
        let type: RecordType
        var data: Int { fixed + 10 }
    }

    let bytes: MessageBytes
    /// Where the next record begins.
    private(set) var at: Int
    private let byteCount: Int
    private let counts: UInt64

    init(_ bytes: MessageBytes, byteCount: Int) {
        self.bytes = bytes
        self.byteCount = min(byteCount, bytes.room)
        guard self.byteCount >= Query.headerByteCount else {
            (counts, at) = (0, 0)
            return
        }
        counts = Header(bytes).counts
        at = Query.headerByteCount
        if questionCount == 1 { at = bytes.endOfName(at: at) + 4 }
    }

    private var questionCount: Int { Int(counts >> 48) }
    var answerCount: Int { Int(counts >> 32 & 0xffff) }
    var authorityCount: Int { Int(counts >> 16 & 0xffff) }
    var additionalCount: Int { Int(counts & 0xffff) }

    /// What was asked; nil without a question.
    var questionType: RecordType? {
        guard questionCount == 1 else { return nil }
        return RecordType(rawValue: bytes.load16(at: bytes.endOfName(at: Query.headerByteCount)))
    }

    /// The next record; nil at the end.
    mutating func next() -> Record? {
        guard at < byteCount else { return nil }
        let fixed = bytes.endOfName(at: at)
        guard fixed + 10 <= byteCount else { return nil }
        let end = fixed + 10 + Int(bytes.load16(at: fixed + 8))
        guard end <= byteCount else { return nil }
        let record = Record(start: at, fixed: fixed, end: end, type: RecordType(rawValue: bytes.load16(at: fixed)))
        at = end
        return record
    }

    /// Where the last CNAME of the answer leads to, when the answer ends in one; then `at` is the answer's end.
    mutating func lastAlias() -> Int? {
        var target: Int?
        for _ in 0..<answerCount {
            guard let record = next() else { return nil }
            target = record.type == .cname ? record.data : nil
        }
        return target
    }
}
