/// A line and a column that move over text, both counted from 1, columns in characters.
struct TextPlace: Equatable {
    var line: Int
    var column: Int

    init(line: Int = 1, column: Int = 1) {
        self.line = line
        self.column = column
    }

    /// Moves to the end of `bytes`, eight at once.
    mutating func advance(over bytes: UnsafeRawBufferPointer) {
        var lineStart = -1
        var at = 0
        // Text on one line, as programs write JSON, is passed over at once.
        while at + 16 <= bytes.count,
            unsafe ByteVector.isNone(ByteVector(bytes, at: at).equal(UInt8(ascii: "\n")))
        {
            at += 16
        }
        while at + 8 <= bytes.count {
            let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let breaks = Bytes.zeroBytes(of: word ^ Bytes.repeated(UInt8(ascii: "\n")))
            if breaks != 0 {
                line += Bytes.count(of: breaks)
                lineStart = at + 8 - breaks.leadingZeroBitCount / 8
            }
            at += 8
        }
        while at < bytes.count {
            if unsafe bytes[at] == UInt8(ascii: "\n") {
                line += 1
                lineStart = at + 1
            }
            at += 1
        }
        if lineStart >= 0 { column = 1 }
        column += unsafe Self.characterCount(UnsafeRawBufferPointer(rebasing: bytes[max(lineStart, 0)...]))
    }

    /// Unicode scalars in UTF-8: every byte but those that continue one.
    static func characterCount(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = bytes.count
        var at = 0
        while at + 16 <= bytes.count, unsafe ByteVector.isNone(ByteVector(bytes, at: at).beyondASCII) { at += 16 }
        while at + 8 <= bytes.count {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            if word & Bytes.repeated(0x80) != 0 {
                // The top bit set and the one below clear.
                count -= Bytes.count(of: word & ~(word << 1) & Bytes.repeated(0x80))
            }
            at += 8
        }
        while at < bytes.count {
            if unsafe bytes[at] & 0xc0 == 0x80 { count -= 1 }
            at += 1
        }
        return count
    }

    /// The character at a line and column counted from 0, for a message; nil at the end of the text.
    static func character(in bytes: UnsafeRawBufferPointer, line: Int, column: Int) -> Unicode.Scalar? {
        var at = 0
        for _ in 0..<line {
            guard let end = unsafe bytes[at...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            at = end + 1
        }
        let rest = unsafe bytes[at...].prefix(4 * column + 4)
        return unsafe String(decoding: rest, as: UTF8.self).unicodeScalars.dropFirst(column).first
    }

    /// "'x'", "a line break", "U+0007".
    static func describe(_ character: Unicode.Scalar) -> String {
        switch character {
        case "\n", "\r": return "a line break"
        case "\t": return "a tab"
        case " ": return "a space"
        case "'": return "a single quote"
        case _ where character.value < 0x20 || character.value == 0x7f || character.value == 0xfeff:
            let digits = String(character.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: 4 - digits.count) + digits
        default: return "'\(character)'"
        }
    }
}
