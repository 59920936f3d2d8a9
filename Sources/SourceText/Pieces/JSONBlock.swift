/// What matters of 64 bytes of JSON text to find the end of a value: one bit for each byte, the lowest for the first.
///
/// A cut that looks at each byte spends most of its time on branches that nobody can foretell, one or two for each
/// string. This has next to none (the idea is that of simdjson, arXiv:1902.08318).
struct JSONBlock {
    /// Some byte is a backslash: then a quote may mean itself, and the block is of no use.
    let hasEscape: Bool
    private let quotes: UInt64
    private let opening: UInt64
    private let closing: UInt64

    static let byteCount = 64

    @inline(__always)
    init(_ text: UnsafeRawBufferPointer, at offset: Int) {
        var (quotes, opening, closing): (UInt64, UInt64, UInt64) = (0, 0, 0)
        var escapes = ByteVector.Marks()
        for part in 0..<4 {
            let bytes = unsafe ByteVector(text, at: offset &+ part &* 16)
            let shift = UInt64(truncatingIfNeeded: part &* 16)
            quotes |= ByteVector.bits(of: bytes.equal(UInt8(ascii: "\""))) &<< shift
            opening |= ByteVector.bits(of: bytes.equalFolded(UInt8(ascii: "{"))) &<< shift
            closing |= ByteVector.bits(of: bytes.equalFolded(UInt8(ascii: "}"))) &<< shift
            escapes |= bytes.equal(UInt8(ascii: "\\"))
        }
        hasEscape = !ByteVector.isNone(escapes)
        self.quotes = quotes
        self.opening = opening
        self.closing = closing
    }

    /// Counts the brackets outside of strings.
    /// - Parameters:
    ///   - depth: how many brackets are open before the block, and then behind it.
    ///   - isInString: whether a string is open before the block, and then behind it.
    /// - Returns: the place in the block of the bracket that closes the last one that was open; nil if there is none.
    @inline(__always)
    func closing(_ depth: inout Int, _ isInString: inout Bool) -> Int? {
        let strings = inside(isInString)
        isInString = strings >> 63 == 1
        var rest = (opening | closing) & ~strings
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            depth += opening >> UInt64(truncatingIfNeeded: place) & 1 == 1 ? 1 : -1
            if depth == 0 { return place }
            rest &= rest &- 1
        }
        return nil
    }

    /// The bytes of strings, opening quotes among them: each quote turns over everything from itself on.
    @inline(__always)
    private func inside(_ isInString: Bool) -> UInt64 {
        var inside = quotes
        inside ^= inside &<< 1
        inside ^= inside &<< 2
        inside ^= inside &<< 4
        inside ^= inside &<< 8
        inside ^= inside &<< 16
        inside ^= inside &<< 32
        return isInString ? ~inside : inside
    }
}
