/// Reads one JSON value (RFC 8259) to a tape. It works on a copy of the text on the tape itself, where escapes are
/// resolved in place; strings without escapes are not touched again. No recursion: the tape knows what is open.
@safe struct JSONReader: ~Copyable {
    let tape: UnsafeMutablePointer<Tape>
    /// The text with zero bytes behind it, so that looking at eight bytes needs no check.
    let text: UnsafeMutableRawBufferPointer
    /// Where the text ends.
    let end: Int
    /// The byte that is looked at.
    var at = 0
    private var line: Int
    /// What must be taken from an offset to get its column: where the line began, and bytes that continue a character.
    var columnBase: Int

    /// - Parameters:
    ///   - line: The file's line on which `bytes` begin.
    ///   - column: The column there, counted from 1.
    init(_ bytes: UnsafeRawBufferPointer, line: Int, column: Int, into tape: UnsafeMutablePointer<Tape>) {
        unsafe tape.pointee.reset()
        _ = unsafe tape.pointee.appendText(bytes)
        unsafe self.tape = unsafe tape
        unsafe text = unsafe tape.pointee.textWithPadding()
        end = bytes.count
        self.line = line
        columnBase = 1 - column
    }

    /// Reads the value and makes sure that nothing follows.
    mutating func read() throws(DocumentProblem) {
        try readValue(or: nil)
        while unsafe tape.pointee.depth > 0 {
            skipSpace()
            if unsafe tape.pointee.frame.isMapping { try continueMapping() } else { try continueSequence() }
        }
        skipSpace()
        guard at == end else {
            throw complaint("the value has ended, but \(foundText) follows")
        }
    }

    private mutating func continueMapping() throws(DocumentProblem) {
        let isFirst = unsafe tape.pointee.frame.children == 0
        if byte == UInt8(ascii: "}") { return try close() }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw complaint("expected ',' or '}', not \(foundText)") }
            at += 1
            skipSpace()
        }
        guard byte == UInt8(ascii: "\"") else { throw keyComplaint(isFirst: isFirst) }
        try readString()
        skipSpace()
        guard byte == UInt8(ascii: ":") else { throw complaint("expected ':' after the key, not \(foundText)") }
        at += 1
        try readValue(or: nil)
    }

    private mutating func continueSequence() throws(DocumentProblem) {
        if byte == UInt8(ascii: "]") { return try close() }
        guard unsafe tape.pointee.frame.children > 0 else { return try readValue(or: "']'") }
        guard byte == UInt8(ascii: ",") else { throw complaint("expected ',' or ']', not \(foundText)") }
        at += 1
        try readValue(or: nil)
    }

    private mutating func close() throws(DocumentProblem) {
        at += 1
        try unsafe tape.pointee.close()
    }

    /// Reads a scalar or opens a container. `alternative` is what else may stand here, for the complaint.
    private mutating func readValue(or alternative: StaticString?) throws(DocumentProblem) {
        skipSpace()
        switch byte {
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "{"): try open(.mapping)
        case UInt8(ascii: "["): try open(.sequence)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
        case UInt8(ascii: "t"): try readWord("true", .true)
        case UInt8(ascii: "f"): try readWord("false", .false)
        case UInt8(ascii: "n"): try readWord("null", .null)
        default: throw valueComplaint(or: alternative)
        }
    }

    private mutating func open(_ kind: NodeKind) throws(DocumentProblem) {
        try unsafe tape.pointee.open(kind, at: place)
        at += 1
    }

    private mutating func readWord(_ word: StaticString, _ kind: NodeKind) throws(DocumentProblem) {
        let start = at
        guard unsafe Bytes.has(word, at: at, in: UnsafeRawBufferPointer(text)) else {
            throw valueComplaint(or: nil)
        }
        try unsafe tape.pointee.addScalar(
            kind, at: place, offset: UInt32(truncatingIfNeeded: start), length: word.utf8CodeUnitCount)
        at += word.utf8CodeUnitCount
    }

    private mutating func skipSpace() {
        while true {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                at += 1
            case UInt8(ascii: "\n"):
                at += 1
                line += 1
                columnBase = at
            default:
                return
            }
        }
    }

    /// The byte that is looked at; 0 at the end.
    var byte: UInt8 {
        precondition(at <= end)
        return unsafe text[at]
    }

    var place: Tape.Place { Tape.Place(line: line, column: at - columnBase + 1) }

    /// Something is wrong where the reader stands.
    func complaint(_ text: String) -> DocumentProblem {
        DocumentProblem(line: line, column: at - columnBase + 1, text)
    }
}
