// Looks at bytes eight at a time. Every pointer handed in is read only inside its count.

@usableFromInline
enum Bytes {
    /// The same byte eight times.
    static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// A word whose bytes have their top bit set exactly where `word` has a zero byte.
    static func zeroBytes(of word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
        return ~(((word & low) &+ low) | word | low)
    }

    /// How many bytes of such a word have their top bit set.
    @inline(__always)
    static func count(of marks: UInt64) -> Int {
        // One multiplication: the baseline of x86-64 has no instruction that counts bits.
        Int(truncatingIfNeeded: ((marks >> 7) &* 0x0101_0101_0101_0101) >> 56)
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
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return unsafe areEqual(first, second, count: left.count)
    }

    /// Compares the two ends, which overlap where the text is short: keys of a manifest have 4 to 16 bytes mostly.
    @inlinable @inline(__always)
    static func areEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, count: Int) -> Bool {
        if count >= 8 {
            var at = 0
            while at + 8 < count {
                guard unsafe word(left, at, UInt64.self) == word(right, at, UInt64.self) else { return false }
                at += 8
            }
            return unsafe word(left, count - 8, UInt64.self) == word(right, count - 8, UInt64.self)
        }
        if count >= 4 {
            return unsafe word(left, 0, UInt32.self) == word(right, 0, UInt32.self)
                && word(left, count - 4, UInt32.self) == word(right, count - 4, UInt32.self)
        }
        for index in 0..<count where unsafe word(left, index, UInt8.self) != word(right, index, UInt8.self) {
            return false
        }
        return true
    }

    @inlinable @inline(__always)
    static func word<Word: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawPointer, _ offset: Int, _: Word.Type
    ) -> Word {
        unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Word.self)
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
