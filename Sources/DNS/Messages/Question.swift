/// What is asked of somebody else: the key of the cache, and of the queries that are under way.
///
/// Class IN throughout. DO and CD belong to it, because they change what an upstream answers (RFC 4035 §3.2).
public struct Question: Hashable, Sendable {
    /// In lower case.
    public let name: Name
    public let type: RecordType
    /// The DO bit (RFC 3225 §3).
    public let wantsSignatures: Bool
    /// The CD bit (RFC 4035 §3.2.2).
    public let isUnchecked: Bool
    /// The hash of the name; equal for all spellings of it, different in each process.
    public let hash: UInt32

    public init(name: Name, type: RecordType, wantsSignatures: Bool = false, isUnchecked: Bool = false) {
        self.name = name.lowercased
        self.type = type
        self.wantsSignatures = wantsSignatures
        self.isUnchecked = isUnchecked
        hash = self.name.hash(seed: AnswerTable.hashSeed)
    }

    /// The question of a query that lies at the front of `message`.
    public init(_ query: Query, in message: borrowing MutableRawSpan) {
        let flags = message.bytes.octet(at: 3)
        self.init(
            name: query.name(in: message) ?? .root, type: query.type, wantsSignatures: query.wantsSignatures,
            isUnchecked: UInt16(flags) & Header.checkingDisabled != 0)
    }

    /// The question that asks `type` of another name, under the same conditions.
    public func asking(_ name: Name, _ type: RecordType? = nil) -> Question {
        Question(
            name: name, type: type ?? self.type, wantsSignatures: wantsSignatures, isUnchecked: isUnchecked)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
        hasher.combine(type)
    }

    /// Where the question ends in a message.
    var end: Int { Query.headerByteCount + name.wire.count + 4 }
}

extension Question {
    /// The query to send: one question and, with `edns`, an OPT record.
    ///
    /// AD is set, which asks for the AD bit without asking for signatures (RFC 6840 §5.7).
    /// - Parameters:
    ///   - udpByteCount: what we take in one datagram (RFC 9715).
    ///   - blockByteCount: on encrypted transports, what the message's length is made a multiple of (RFC 7830, 8467 §4.1).
    ///   - isRecursive: the RD bit.
    public func query(
        id: UInt16, udpByteCount: UInt16 = 1232, edns: Bool = true, paddedTo blockByteCount: Int? = nil,
        isRecursive: Bool = true
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end + 64 + (blockByteCount ?? 0))
        func append(_ value: UInt16) {
            bytes.append(UInt8(value >> 8))
            bytes.append(UInt8(value & 255))
        }
        append(id)
        let checking = isUnchecked ? Header.checkingDisabled : 0
        append((isRecursive ? Header.recursionDesired : 0) | Header.authenticated | checking)
        for count: UInt16 in [1, 0, 0, edns ? 1 : 0] { append(count) }
        bytes += name.wire
        append(type.rawValue)
        append(1)
        guard edns else { return bytes }
        bytes.append(0)
        append(RecordType.opt.rawValue)
        append(udpByteCount)
        append(0)
        append(wantsSignatures ? 0x8000 : 0)
        guard let blockByteCount, blockByteCount > 1 else {
            append(0)
            return bytes
        }
        // Behind the length of the data come option 12 and its length.
        let bare = bytes.count + 6
        let padding = (blockByteCount - bare % blockByteCount) % blockByteCount
        for value in [4 + padding, 12, padding] { append(UInt16(truncatingIfNeeded: value)) }
        bytes.append(contentsOf: repeatElement(0, count: padding))
        return bytes
    }
}

extension RawSpan {
    /// Traps behind the end.
    func octet(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}

extension Header {
    static let recursionDesired: UInt16 = 0x0100
    static let recursionAvailable: UInt16 = 0x0080
    static let authenticated: UInt16 = 0x0020
    static let checkingDisabled: UInt16 = 0x0010
}
