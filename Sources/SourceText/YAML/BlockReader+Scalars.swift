// Scalars on one line: plain ones whose first character can mean nothing else, and quoted ones without escapes.

extension BlockReader {
    /// Bytes of the text that are a scalar.
    struct Scalar {
        let kind: NodeKind
        let start: Int
        let count: Int
    }

    /// libyaml takes no longer key than 1,024 characters.
    static let longestKey = 1000

    /// True if nothing but printable ASCII and LF stands in the text, and no `%`, which may begin a directive.
    static func isOrdinary(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        // One question for thirty-two bytes.
        while at + 32 <= bytes.count {
            let marks =
                unsafe oddMarks(word(bytes, at)) | oddMarks(word(bytes, at + 8)) | oddMarks(word(bytes, at + 16))
                | oddMarks(word(bytes, at + 24))
            guard marks == 0 else { return false }
            at += 32
        }
        while at + 8 <= bytes.count {
            guard unsafe oddMarks(word(bytes, at)) == 0 else { return false }
            at += 8
        }
        // The last bytes, and spaces in the place of the missing ones.
        var word = Bytes.repeated(UInt8(ascii: " "))
        while at < bytes.count {
            word = word << 8 | UInt64(unsafe bytes[at])
            at += 1
        }
        return oddMarks(word) == 0
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt64 {
        unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    }

    /// Not zero if there is a byte that is not ordinary. Where all bytes are ASCII no sum carries over into the byte
    /// beside it; where not, the word itself says so.
    @inline(__always)
    private static func oddMarks(_ word: UInt64) -> UInt64 {
        let isDelete = word &+ Bytes.repeated(0x01)
        let isNoControl = word &+ Bytes.repeated(0x60)
        let isNoLineFeed = (word ^ Bytes.repeated(UInt8(ascii: "\n"))) &+ Bytes.repeated(0x7f)
        let isNoPercent = (word ^ Bytes.repeated(UInt8(ascii: "%"))) &+ Bytes.repeated(0x7f)
        // A line feed is a control, too: both are false for it, and for other controls one of them.
        return (word | isDelete | (isNoControl ^ isNoLineFeed) | ~isNoPercent) & Bytes.repeated(0x80)
    }

    var byte: UInt8 { unsafe text[at] }

    var isQuote: Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// True if a space or the end of the line or text stands there.
    func isBlank(at index: Int) -> Bool { unsafe text[index] <= UInt8(ascii: " ") }

    /// True for a letter, a digit and `_`.
    static func startsWord(_ byte: UInt8) -> Bool {
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
    }

    /// True if one space and a letter, digit or `_` come next.
    @inline(__always)
    var isAtWord: Bool { byte == UInt8(ascii: " ") && Self.startsWord(unsafe text[at + 1]) }

    /// True if a plain scalar begins here. `<` is left out for the sake of `<<`.
    private var startsPlain: Bool {
        if Self.startsWord(byte) { return true }
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "~"), UInt8(ascii: "$"),
            UInt8(ascii: "("):
            return true
        case UInt8(ascii: "-"):
            return !isBlank(at: at + 1)
        default:
            return false
        }
    }

    /// Reads a scalar and stops right behind it.
    @inline(__always)
    mutating func readScalar() throws(DocumentProblem) -> Scalar {
        if !Self.startsWord(byte) {
            if isQuote { return try readQuoted() }
            guard startsPlain else { throw Self.refusal }
        }
        let start = at
        at += 1
        try skipPlain()
        return Scalar(kind: .plain, start: start, count: at - start)
    }

    /// A plain scalar ends at `: ` and ` #`, or at the last character of the line that is no space.
    private mutating func skipPlain() throws(DocumentProblem) {
        while true {
            skipToStop()
            let end = at
            if byte == UInt8(ascii: ":") {
                if isBlank(at: at + 1) { return }
                at += 1
                continue
            }
            guard byte == UInt8(ascii: " ") else { return }
            skipSpaces()
            // A key with spaces behind it.
            if byte == UInt8(ascii: ":") && isBlank(at: at + 1) { throw Self.refusal }
            if byte < UInt8(ascii: " ") || byte == UInt8(ascii: "#") {
                at = end
                return
            }
        }
    }

    @inline(__always)
    private mutating func skipToStop() { at = stop(from: at) }

    /// The next `:`, space or end of the line, eight bytes at once; the padding behind the text is as long.
    @inline(__always)
    func stop(from start: Int) -> Int {
        let top = Bytes.repeated(0x80)
        var at = start
        while true {
            let word = unsafe UInt64(littleEndian: text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            // The text is ASCII, so that no byte borrows from its neighbour: 0xa0 less a byte keeps the top bit for a
            // space and what is below, 0x80 less a byte for zero alone.
            let blanks = Bytes.repeated(0xa0) &- word
            let colons = top &- (word ^ Bytes.repeated(UInt8(ascii: ":")))
            let stops = (blanks | colons) & top
            if stops != 0 { return at + stops.trailingZeroBitCount / 8 }
            at += 8
        }
    }

    private mutating func readQuoted() throws(DocumentProblem) -> Scalar {
        let quote = byte
        let start = at + 1
        at = start
        while byte != quote {
            let isEscape = byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"")
            guard byte >= UInt8(ascii: " "), !isEscape else { throw Self.refusal }
            at += 1
        }
        at += 1
        return Scalar(kind: .string, start: start, count: at - 1 - start)
    }

    /// True if the scalar that was read is a key. What else may follow a scalar, `endLine` decides.
    func isColon(after scalar: Scalar) -> Bool {
        byte == UInt8(ascii: ":") && isBlank(at: at + 1) && scalar.count <= Self.longestKey
    }

    // MARK: Between scalars

    @inline(__always)
    mutating func skipSpaces() {
        while true {
            let word = unsafe UInt64(littleEndian: text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let others = word ^ Bytes.repeated(UInt8(ascii: " "))
            if others != 0 {
                at += others.trailingZeroBitCount / 8
                return
            }
            at += 8
        }
    }

    mutating func skipComment() {
        while unsafe text[at] >= UInt8(ascii: " ") { at += 1 }
    }

    /// Moves over spaces and a comment behind at least one of them; true at the end of the line.
    mutating func isLineDone() -> Bool {
        let start = at
        skipSpaces()
        if byte == UInt8(ascii: "#") && at > start { skipComment() }
        return byte < UInt8(ascii: " ")
    }

    @inline(__always)
    mutating func endLine() throws(DocumentProblem) {
        if byte == UInt8(ascii: "\n") { return }
        guard isLineDone() else { throw Self.refusal }
    }
}
