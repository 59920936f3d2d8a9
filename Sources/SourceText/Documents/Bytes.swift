// Looks at bytes eight at a time. Every pointer handed in is read only inside its count.

enum Bytes {
    /// The same byte eight times.
    static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// A word whose bytes have their top bit set exactly where `word` has a zero byte.
    static func zeroBytes(of word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
        return ~(((word & low) &+ low) | word | low)
    }

    /// Where `byte` stands at `start` or behind it.
    static func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let wanted = repeated(byte)
        var at = start
        while at + 8 <= bytes.count {
            let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let found = zeroBytes(of: word ^ wanted)
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < bytes.count {
            if unsafe bytes[at] == byte { return at }
            at += 1
        }
        return nil
    }

    static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where unsafe left[index] != right[index] { return false }
        return true
    }

    /// True if the bytes at `offset` are those of `text`.
    static func has(_ text: StaticString, at offset: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard offset >= 0, offset + text.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<text.utf8CodeUnitCount where unsafe bytes[offset + index] != text.utf8Start[index] {
            return false
        }
        return true
    }
}
