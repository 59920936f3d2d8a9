// What libyaml sees in text and a scan for line feeds does not.

enum YAMLOddities {
    /// True if every line break is LF or CR LF and no `%` stands in the text. Most text shows that eight bytes at a
    /// time.
    static func areAbsent(from text: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        while at + 8 <= text.count {
            let word = unsafe text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let suspects =
                word & Bytes.repeated(0x80) | Bytes.zeroBytes(of: word ^ Bytes.repeated(UInt8(ascii: "\r")))
                | Bytes.zeroBytes(of: word ^ Bytes.repeated(UInt8(ascii: "%")))
            if suspects != 0, (at..<at + 8).contains(where: { unsafe isOdd(at: $0, in: text) }) { return false }
            at += 8
        }
        return !(at..<text.count).contains { unsafe isOdd(at: $0, in: text) }
    }

    /// YAML 1.1 breaks lines also at a lone CR, U+0085, U+2028 and U+2029.
    private static func isOdd(at: Int, in text: UnsafeRawBufferPointer) -> Bool {
        switch unsafe text[at] {
        case UInt8(ascii: "%"):
            return unsafe Bytes.has("%TAG", at: at, in: text)
        case UInt8(ascii: "\r"):
            return unsafe at + 1 == text.count || text[at + 1] != UInt8(ascii: "\n")
        case 0xc2:
            return unsafe at + 1 < text.count && text[at + 1] == 0x85
        case 0xe2:
            return unsafe at + 2 < text.count && text[at + 1] == 0x80 && text[at + 2] & 0xfe == 0xa8
        default:
            return false
        }
    }

    /// How often `%TAG` occurs, as a directive or not.
    static func tagDirectiveCount(in text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var at = 0
        while let found = unsafe Bytes.firstIndex(of: UInt8(ascii: "%"), in: text, from: at) {
            if unsafe Bytes.has("%TAG", at: found, in: text) { count += 1 }
            at = found + 1
        }
        return count
    }
}
