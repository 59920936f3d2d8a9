/// A checked answer as it is kept: in a `Response`, and in the cache's memory.
///
///     offset 0   head, 40 octets; integers as the machine has them
///     40         the question's name in lower case, filled up to a multiple of 8
///                the records behind the question, as they came, without OPT and TSIG
///                for each record where its type stands: two octets, counted from the first record
///                runs of addresses that are one set: two octets the first record, two octets how many
///
/// The question has the same length in every message that asks it, so pointers in the records stay right when they
/// are copied behind a client's question. What lies here was written by `PackedReply.pack`.
@safe struct PackedReply {
    private let base: UnsafeRawPointer
    /// A multiple of 8.
    let byteCount: Int

    static let headByteCount = 40

    /// Takes the reply that begins at `base`; the memory must hold at least a head.
    @inline(__always)
    init(_ base: UnsafeRawPointer) {
        unsafe self.base = base
        byteCount = Int(unsafe base.load(as: UInt32.self))
    }

    @inline(__always)
    private func load<Integer: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: Integer.Type) -> Integer {
        precondition(offset >= 0 && offset &+ MemoryLayout<Integer>.size <= byteCount)
        return unsafe base.loadUnaligned(fromByteOffset: offset, as: Integer.self)
    }

    @inline(__always) private func count(_ offset: Int) -> Int { Int(load(offset, as: UInt16.self)) }

    var answerCount: Int { count(4) }
    var authorityCount: Int { count(6) }
    var additionalCount: Int { count(8) }
    var runCount: Int { count(10) }
    var code: ResponseCode { ResponseCode(rawValue: load(12, as: UInt16.self)) }
    /// The second two octets of the upstream's header.
    var flags: UInt16 { load(14, as: UInt16.self) }
    var bodyByteCount: Int { count(16) }
    var type: RecordType { RecordType(rawValue: load(18, as: UInt16.self)) }
    var nameByteCount: Int { Int(load(20, as: UInt8.self)) }
    var kind: Response.Kind { Response.Kind(rawValue: load(21, as: UInt8.self)) ?? .other }
    var notes: Notes { Notes(rawValue: load(22, as: UInt8.self)) }
    /// `.max` when it must not be kept.
    var freshFor: UInt32 { load(24, as: UInt32.self) }
    var hash: UInt32 { load(28, as: UInt32.self) }
    /// When the first signature ends, in seconds since 1970 (RFC 4034 §3.1.5); only with the note `isSigned`.
    var signedUntil: UInt32 { load(32, as: UInt32.self) }

    var recordCount: Int { answerCount &+ authorityCount &+ additionalCount }
    private var bodyAt: Int { Self.headByteCount &+ padded(nameByteCount, to: 8) }
    private var indexAt: Int { bodyAt &+ padded(bodyByteCount, to: 2) }

    struct Notes: OptionSet {
        let rawValue: UInt8
        static let wantsSignatures = Notes(rawValue: 1)
        static let isUnchecked = Notes(rawValue: 2)
        static let hasOPT = Notes(rawValue: 4)
        static let isSigned = Notes(rawValue: 8)
    }

    // MARK: Records

    /// Where the type of a record stands in the body.
    @inline(__always)
    func place(ofRecord index: Int) -> Int { count(indexAt &+ 2 &* index) }

    /// Where a record ends in the body.
    @inline(__always)
    func end(ofRecord index: Int) -> Int {
        let place = place(ofRecord: index)
        return place &+ 10 &+ Int(UInt16(bigEndian: load(bodyAt &+ place &+ 8, as: UInt16.self)))
    }

    @inline(__always)
    func ttl(atPlace place: Int) -> UInt32 { UInt32(bigEndian: load(bodyAt &+ place &+ 4, as: UInt32.self)) }

    @inline(__always)
    func run(_ index: Int) -> (first: Int, count: Int) {
        let at = indexAt &+ 2 &* recordCount &+ 4 &* index
        return (count(at), count(at &+ 2))
    }

    /// Copies octets of the body into a message.
    @inline(__always)
    func copyBody(from source: Int = 0, byteCount: Int, to message: MessageBytes, at offset: Int) {
        precondition(source >= 0 && byteCount >= 0 && source &+ byteCount <= bodyByteCount)
        unsafe message.copy(TableBytes(base + bodyAt + source), byteCount: byteCount, to: offset)
    }

    /// An octet of the message that the reply came in: the question's name in lower case, or a record.
    func octet(at offset: Int) -> UInt8 {
        let offset = offset - Query.headerByteCount
        precondition(offset >= 0 && offset < nameByteCount + 4 + bodyByteCount)
        if offset < nameByteCount { return load(Self.headByteCount + offset, as: UInt8.self) }
        return load(bodyAt + offset - nameByteCount - 4, as: UInt8.self)
    }

    // MARK: The question

    /// Whether this answers the question that `query` asks in `message`, DO and CD aside.
    @inline(__always)
    func answers(_ query: Query, in message: MessageBytes) -> Bool {
        guard type == query.type, nameByteCount == query.nameByteCount else { return false }
        var offset = 0
        while nameByteCount &- offset > 8 {
            guard word(offset) == folded(message.word(at: Query.headerByteCount &+ offset)) else { return false }
            offset &+= 8
        }
        let mine = NameHash.head(
            message.word(at: Query.headerByteCount &+ offset), byteCount: nameByteCount &- offset)
        // The name here is filled up with zeros.
        return word(offset) == folded(mine)
    }

    /// Whether another reply answers the same question, DO and CD included.
    func answersSame(as other: PackedReply) -> Bool {
        guard hash == other.hash, type == other.type, nameByteCount == other.nameByteCount else { return false }
        let mask: Notes = [.wantsSignatures, .isUnchecked]
        guard notes.intersection(mask) == other.notes.intersection(mask) else { return false }
        return stride(from: 0, to: nameByteCount, by: 8).allSatisfy { word($0) == other.word($0) }
    }

    @inline(__always)
    private func word(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: load(Self.headByteCount &+ offset, as: UInt64.self))
    }

    /// The question's name, in lower case.
    var name: Name {
        Name(trusted: (0..<nameByteCount).map { load(Self.headByteCount + $0, as: UInt8.self) })
    }
}

@inline(__always)
func padded(_ byteCount: Int, to multiple: Int) -> Int { (byteCount &+ multiple &- 1) & ~(multiple &- 1) }

/// What a reply is packed from.
struct ReplyParts {
    var counts: (answers: Int, authorities: Int, additionals: Int) = (0, 0, 0)
    var code = ResponseCode.noError
    var flags: UInt16 = 0
    var kind = Response.Kind.other
    var notes: PackedReply.Notes = []
    var freshFor: UInt32?
    var signedUntil: UInt32 = 0
    var body: [UInt8] = []
    /// Where each record's type stands in the body.
    var places: [UInt16] = []
    var runs: [(first: UInt16, count: UInt16)] = []

    /// The octets that `PackedReply` reads.
    func packed(for question: Question) -> [UInt8] {
        let name = question.name.wire
        let size =
            PackedReply.headByteCount + padded(name.count, to: 8) + padded(body.count, to: 2) + 2 * places.count
            + 4 * runs.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(padded(size, to: 8))
        func append<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
            unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
        }
        func pad(to multiple: Int) {
            bytes.append(contentsOf: repeatElement(0, count: padded(bytes.count, to: multiple) - bytes.count))
        }
        var notes = notes
        if question.wantsSignatures { notes.insert(.wantsSignatures) }
        if question.isUnchecked { notes.insert(.isUnchecked) }
        append(UInt32(padded(size, to: 8)))
        for count in [counts.answers, counts.authorities, counts.additionals, runs.count] { append(UInt16(count)) }
        for value: UInt16 in [code.rawValue, flags, UInt16(body.count), question.type.rawValue] { append(value) }
        for value: UInt8 in [UInt8(name.count), kind.rawValue, notes.rawValue, 0] { append(value) }
        for value: UInt32 in [freshFor ?? .max, question.hash, signedUntil, 0] { append(value) }
        bytes += name
        pad(to: 8)
        bytes += body
        pad(to: 2)
        for place in places { append(place) }
        for run in runs {
            append(run.first)
            append(run.count)
        }
        pad(to: 8)
        return bytes
    }
}
