/// The hash that owner names are found by, computed eight octets at a time over the lower-case wire form.
///
/// Two names that differ only in case hash alike, and so do a few that differ in more ("@" and "`", say): telling names
/// apart is the comparison's work, and this way no letter has to be looked for. The seed is chosen once a process: a tenant who may name Services
/// cannot aim them all at one slot.
struct NameHash {
    private var state: UInt64

    static let seed = UInt64.random(in: .min ... .max)

    @inline(__always)
    init(seed: UInt64, byteCount: Int) { state = seed ^ UInt64(truncatingIfNeeded: byteCount) }

    @inline(__always)
    mutating func mix(_ word: UInt64) {
        let product = (state ^ (word | 0x2020_2020_2020_2020)).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        state = product.high ^ product.low
    }

    @inline(__always)
    var value: UInt32 { UInt32(truncatingIfNeeded: state ^ (state >> 32)) }

    /// The word with everything but its first `byteCount` octets cleared; `byteCount` is 1 to 8.
    @inline(__always)
    static func head(_ word: UInt64, byteCount: Int) -> UInt64 {
        word & (.max &>> UInt64(truncatingIfNeeded: 64 &- byteCount &* 8))
    }
}

/// A name without pointers that lies in a message, the root's zero included.
struct NamePlace {
    let at: Int
    let byteCount: Int

    @inline(__always) var end: Int { at &+ byteCount }

    /// The hash that tables find it by.
    @inline(__always)
    func hash(in message: MessageBytes, seed: UInt64) -> UInt32 {
        var hash = NameHash(seed: seed, byteCount: byteCount)
        let words = message.words(at: at, byteCount: byteCount)
        var offset = 0
        while byteCount &- offset > 8 {
            hash.mix(words.word(at: offset))
            offset &+= 8
        }
        hash.mix(NameHash.head(words.word(at: offset), byteCount: byteCount &- offset))
        return hash.value
    }
}

extension Name {
    /// The hash of this name; equal for all spellings of it. Control plane: the query path hashes where the name lies.
    func hash(seed: UInt64) -> UInt32 {
        var hash = NameHash(seed: seed, byteCount: wire.count)
        unsafe wire.withUnsafeBytes { bytes in
            var at = 0
            while bytes.count - at >= 8 {
                hash.mix(UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
                at += 8
            }
            var word: UInt64 = 0
            for index in at..<bytes.count { word |= UInt64(unsafe bytes[index]) << UInt64((index - at) * 8) }
            if at < bytes.count { hash.mix(word) }
        }
        return hash.value
    }
}
