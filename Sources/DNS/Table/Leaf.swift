/// Everything about one owner name, in one run of bytes of the arena:
///
///     0  byteCount     4   length of the leaf, a multiple of 8
///     4  keyLength     1   octets of the lower-case owner name, 1 to 255
///     5  zone          1   which zone it belongs to (its SOA goes with NODATA)
///     6  setCount      1
///     7  flags         1   `LeafFlags`
///     8  key           …   padded with zeros to a multiple of 8
///        directory     …   `setCount` entries of 8 bytes: `LeafSet`
///        answers       …   records as they are sent: the owner a pointer to the question, every other name made of
///                          labels and a pointer into the question, so that records can be sent in any order
///
/// An entry's additional records follow its answers, behind four bytes that hold their length. SRV records are packed:
/// `PackedServices`.
@safe struct Leaf {
    let bytes: TableBytes

    static let keyAt = 8

    @inline(__always)
    init(_ bytes: TableBytes) { self.bytes = bytes }

    @inline(__always) var byteCount: Int { Int(bytes.load(at: 0, as: UInt32.self)) }
    @inline(__always) var keyLength: Int { Int(bytes.load(at: 4, as: UInt8.self)) }
    @inline(__always) var zone: Int { Int(bytes.load(at: 5, as: UInt8.self)) }
    @inline(__always) var setCount: Int { Int(bytes.load(at: 6, as: UInt8.self)) }
    @inline(__always) var flags: LeafFlags { LeafFlags(rawValue: bytes.load(at: 7, as: UInt8.self)) }
    @inline(__always) var directoryAt: Int { Self.keyAt &+ (keyLength &+ 7) & ~7 }

    /// Where it lies: tells the leaves of one table apart.
    var place: UInt { unsafe UInt(bitPattern: bytes.base) }

    /// Whether this is the leaf of the name at `offset` of the message, whatever the case of its letters.
    @inline(__always)
    func isOwner(in message: MessageBytes, at offset: Int, byteCount: Int) -> Bool {
        guard keyLength == byteCount else { return false }
        let words = message.words(at: offset, byteCount: byteCount)
        var at = 0
        while byteCount &- at > 8 {
            guard matches(words.word(at: at), at) else { return false }
            at &+= 8
        }
        return matches(NameHash.head(words.word(at: at), byteCount: byteCount &- at), at)
    }

    /// Most clients ask in lower case: only a word that differs is folded.
    @inline(__always)
    private func matches(_ word: UInt64, _ at: Int) -> Bool {
        let key = bytes.word(at: Self.keyAt &+ at)
        return word == key || folded(word) == key
    }

    /// Octets from a leaf's first on that may be read, whatever its length: chunks have so much room behind their last.
    /// What lies there may be a leaf that is being written, and nobody looks at what was read.
    static let warmByteCount = 192

    /// Reads the lines of memory that most answers lie in.
    @inline(__always)
    func warm() -> UInt64 { bytes.word(at: 0) &+ bytes.word(at: 64) &+ bytes.word(at: 128) }

    /// Whether the owner is that of another leaf. Keys are padded with zeros to whole words.
    func hasOwner(of other: Leaf) -> Bool {
        keyLength == other.keyLength
            && Swift.stride(from: Self.keyAt, to: directoryAt, by: 8).allSatisfy {
                bytes.word(at: $0) == other.bytes.word(at: $0)
            }
    }

    /// Whether this is the leaf of a lower-case name: for the builder.
    func isOwner(_ key: [UInt8]) -> Bool {
        guard keyLength == key.count else { return false }
        return key.indices.allSatisfy { key[$0] == bytes.load(at: Self.keyAt + $0, as: UInt8.self) }
    }

    /// The hash that the leaf is found by: made again of the name, for those who move it.
    func hash(seed: UInt64) -> UInt32 {
        var hash = NameHash(seed: seed, byteCount: keyLength)
        for at in stride(from: 0, to: keyLength, by: 8) { hash.mix(bytes.word(at: Self.keyAt + at)) }
        return hash.value
    }

    @inline(__always)
    func set(_ type: RecordType) -> LeafSet? {
        var at = directoryAt
        for _ in 0..<setCount {
            let entry = bytes.word(at: at)
            if entry & 0xff == UInt64(type.rawValue) { return LeafSet(self, entry) }
            at &+= LeafSet.entryByteCount
        }
        return nil
    }
}

struct LeafFlags: OptionSet {
    let rawValue: UInt8
    /// The zone's apex: SOA has an answer here.
    static let apex = LeafFlags(rawValue: 1)
    static let podNamespace = LeafFlags(rawValue: 2)
    static let host = LeafFlags(rawValue: 4)
    /// Has a CNAME: addresses are asked of its target.
    static let alias = LeafFlags(rawValue: 8)

    /// An apex, a host or an alias: such a name may have something to say to types that it has no records of.
    @inline(__always) var saysMore: Bool { rawValue & (1 | 4 | 8) != 0 }
}

/// One RRset of a leaf, rendered or (SRV) nearly so. Its entry in the directory is one word, from the lowest octet up:
///
///     type             1   nothing that we hold has a type over 255
///     flags            1   `isEven`, `isWide`
///     count            1   records
///     additionalCount  1
///     offset           2   where the records lie in the leaf
///     byteCount        2   octets of all records as they are sent
///
/// A set for which these are too narrow has a wide entry of four words of four octets, and its offset in the upper half:
/// records, additional records, offset, byte count. At 100,000 Services the short entries save 11 MiB.
@safe struct LeafSet {
    static let entryByteCount = 8
    static let wideEntryByteCount = 16
    /// All records are of one length, as they lie here.
    static let isEven: UInt64 = 1 << 8
    static let isWide: UInt64 = 1 << 9
    static let recordHeadByteCount = 12

    let leaf: Leaf
    let type: RecordType
    let count: Int
    let additionalCount: Int
    private let isEven: Bool
    let records: TableBytes
    /// Octets of all records as they are sent.
    let byteCount: Int

    @inline(__always)
    init(_ leaf: Leaf, _ entry: UInt64) {
        self.leaf = leaf
        type = RecordType(rawValue: UInt16(truncatingIfNeeded: entry & 0xff))
        isEven = entry & Self.isEven != 0
        guard entry & Self.isWide == 0 else {
            let wide = leaf.bytes.advanced(by: Int(truncatingIfNeeded: entry >> 32))
            count = Int(wide.load(at: 0, as: UInt32.self))
            additionalCount = Int(wide.load(at: 4, as: UInt32.self))
            records = leaf.bytes.advanced(by: Int(wide.load(at: 8, as: UInt32.self)))
            byteCount = Int(wide.load(at: 12, as: UInt32.self))
            return
        }
        count = Int(truncatingIfNeeded: entry >> 16 & 0xff)
        additionalCount = Int(truncatingIfNeeded: entry >> 24 & 0xff)
        records = leaf.bytes.advanced(by: Int(truncatingIfNeeded: entry >> 32 & 0xffff))
        byteCount = Int(truncatingIfNeeded: entry >> 48)
    }

    /// Octets of each record, as it lies here, when all are of one length, else 0.
    @inline(__always)
    var stride: Int {
        guard isEven else { return 0 }
        let whole = UInt32(truncatingIfNeeded: isPacked ? packedByteCount : byteCount)
        return Int(whole / UInt32(truncatingIfNeeded: max(1, count)))
    }

    /// The additional records and their length; asked only when there are any.
    @inline(__always)
    var additional: (bytes: TableBytes, byteCount: Int) {
        if isPacked { return packedAdditional }
        return (records.advanced(by: byteCount &+ 4), Int(records.load(at: byteCount, as: UInt32.self)))
    }

    /// Addresses and SRV take turns in front; a PTR set has an order that means something.
    @inline(__always)
    var rotates: Bool { count > 1 && type != .ptr && type != .txt }

    /// Octets in front of record `index`.
    @inline(__always)
    func offset(ofRecord index: Int) -> Int {
        let stride = stride
        guard stride == 0 else { return index &* stride }
        return Self.byteCount(ofRecords: index, in: records)
    }

    /// Length of the first `count` records at `place`, whose owners are pointers of two octets.
    static func byteCount(ofRecords count: Int, in place: TableBytes) -> Int {
        var at = 0
        for _ in 0..<count { at &+= byteCount(ofRecordAt: at, in: place) }
        return at
    }

    /// Length of the record at `at`; its owner is labels that end in a pointer or the root.
    @inline(__always)
    static func byteCount(ofRecordAt at: Int, in place: TableBytes) -> Int {
        var end = at
        while true {
            let length = Int(place.load(at: end, as: UInt8.self))
            guard (1...63).contains(length) else {
                end &+= length == 0 ? 1 : 2
                break
            }
            end &+= length &+ 1
        }
        // Type, class, TTL and length stand between the owner and the data.
        return end &+ 10 &- at &+ place.wire16(at: end &+ 8)
    }
}
