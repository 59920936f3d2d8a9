// Manifests as kubectl and most people write them need little of YAML. This reads that little about ten times as fast
// as libyaml and puts exactly the same nodes on the tape; `BlockReader+Scalars.swift` says what a scalar may be.
// Everything else is refused without a word: libyaml reads it, and complains if it must.
//
// Read are block mappings and sequences, one entry or `key: value` a line (`- key: value` and `- - value` too), scalars
// on one line, `{}`, `[]`, blank lines and comments, in ASCII with LF, behind a first line `---` or none.

/// Reads one piece of YAML to a tape, or refuses it. Like `JSONReader` it works on a copy of the text on the tape.
@safe struct BlockReader: ~Copyable {
    let tape: UnsafeMutablePointer<Tape>
    /// The text with zero bytes behind it. It holds no zero byte itself, so reading on to the first one needs no check.
    let text: UnsafeRawBufferPointer
    /// The byte that is looked at.
    var at = 0
    var line: Int
    var lineStart = 0
    /// Where the null stands that a `key:` or `-` means if nothing follows; nil if the line before was complete.
    var pending: Tape.Place?
    /// Where the entries or keys of the innermost open container stand; 0 if none is open.
    private var column = 0
    /// What the innermost open container is.
    private var isInMapping = false

    /// Containers inside each other; deeper ones are left to libyaml.
    private static let nesting = 50

    /// Reads a document, or an element of a List, whose first line is the given line of the file. If it is refused, the
    /// tape is empty.
    static func read(_ bytes: UnsafeRawBufferPointer, isListItem: Bool, line: Int, into document: Document) -> Bool {
        guard unsafe isOrdinary(bytes) else { return false }
        do throws(DocumentProblem) {
            var reader = unsafe BlockReader(bytes, line: line, into: document.tape)
            try reader.readPiece(isListItem: isListItem)
            return true
        } catch {
            unsafe document.tape.pointee.reset()
            return false
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer, line: Int, into tape: UnsafeMutablePointer<Tape>) {
        unsafe tape.pointee.reset()
        _ = unsafe tape.pointee.appendText(bytes)
        unsafe self.tape = unsafe tape
        unsafe text = unsafe UnsafeRawBufferPointer(tape.pointee.textWithPadding())
        self.line = line
    }

    /// What is thrown to refuse the piece; nobody sees it.
    static var refusal: DocumentProblem {
        @inline(never) get { DocumentProblem(line: 1, column: 1, "not simple") }
    }

    private mutating func readPiece(isListItem: Bool) throws(DocumentProblem) {
        if isListItem {
            guard byte == UInt8(ascii: "-"), isBlank(at: 1) else { throw Self.refusal }
            try readEntry()
        } else if unsafe Bytes.has("---\n", at: 0, in: text) {
            at = 3
        }
        while toContent() {
            if try readWordLines() { continue }
            try readLine()
        }
        try addPendingNull()
        while column > 0 { try close() }
        guard unsafe tape.pointee.isComplete else { throw Self.refusal }
    }

    /// Moves to the first byte of the next line that is neither blank nor a comment; false at the end of the text.
    @inline(__always)
    private mutating func toContent() -> Bool {
        while true {
            switch byte {
            case UInt8(ascii: "\n"):
                at += 1
                line += 1
                lineStart = at
            case UInt8(ascii: " "): skipSpaces()
            case UInt8(ascii: "#"): skipComment()
            case 0: return false
            default: return true
            }
        }
    }

    private mutating func readLine() throws(DocumentProblem) {
        let isEntry = byte == UInt8(ascii: "-") && isBlank(at: at + 1)
        try settle(isEntry: isEntry)
        guard !isEntry else { return try readEntry() }
        // `---`, `...` and `%` mean something else at the start of a line.
        guard Self.startsWord(byte) || isQuote else { throw Self.refusal }
        let mark = place
        let key = try readScalar()
        guard isColon(after: key) else { throw Self.refusal }
        try add(key, at: mark)
        at += 1
        try readMemberValue()
    }

    /// Closes what ends before this line and opens what begins with it, so that the innermost container is the one that
    /// the entry or the key belongs to.
    @inline(__always)
    mutating func settle(isEntry: Bool) throws(DocumentProblem) {
        // Most lines go on in the container of the line before.
        if pending == nil && column == at - lineStart + 1 && isInMapping != isEntry { return }
        try settleElsewhere(isEntry: isEntry)
    }

    private mutating func settleElsewhere(isEntry: Bool) throws(DocumentProblem) {
        let here = at - lineStart + 1
        guard column > 0 else {
            guard unsafe tape.pointee.nodeCount == 0 else { throw Self.refusal }
            return try open(isEntry ? .sequence : .mapping)
        }
        // A sequence may stand in the column of its key.
        if pending != nil, here > column || (here == column && isEntry && isInMapping) {
            pending = nil
            return try open(isEntry ? .sequence : .mapping)
        }
        try addPendingNull()
        while column > here || (column == here && !isEntry && !isInMapping) { try close() }
        guard column == here, isInMapping != isEntry else { throw Self.refusal }
    }

    /// Reads from a `-` on.
    private mutating func readEntry() throws(DocumentProblem) {
        while true {
            at += 1
            let mark = place
            if isLineDone() {
                // Only the element of a List has no container here.
                guard column > 0 else { throw Self.refusal }
                pending = mark
                return
            }
            guard byte == UInt8(ascii: "-"), isBlank(at: at + 1) else { break }
            try open(.sequence)
        }
        if try readEmptyContainer() { return }
        let mark = place
        let scalar = try readScalar()
        guard isColon(after: scalar) else {
            try add(scalar, at: mark)
            return try endLine()
        }
        try open(.mapping, at: mark)
        try add(scalar, at: mark)
        at += 1
        try readMemberValue()
    }

    /// Reads from behind the `:` on.
    private mutating func readMemberValue() throws(DocumentProblem) {
        let mark = place
        if isAtWord {
            // One space and a letter or digit: nearly every value.
            at += 1
        } else {
            if isLineDone() {
                pending = mark
                return
            }
            if try readEmptyContainer() { return }
        }
        let start = place
        let scalar = try readScalar()
        guard !isColon(after: scalar) else { throw Self.refusal }
        try add(scalar, at: start)
        try endLine()
    }

    /// `{}` and `[]`.
    private mutating func readEmptyContainer() throws(DocumentProblem) -> Bool {
        let isMapping = byte == UInt8(ascii: "{")
        guard isMapping || byte == UInt8(ascii: "[") else { return false }
        guard unsafe text[at + 1] == (isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw Self.refusal }
        try open(isMapping ? .mapping : .sequence)
        try close()
        at += 2
        try endLine()
        return true
    }

    // MARK: The tape

    /// Where the byte that is looked at stands in the file.
    var place: Tape.Place { Tape.Place(line: line, column: at - lineStart + 1) }

    private mutating func open(_ kind: NodeKind) throws(DocumentProblem) { try open(kind, at: place) }

    mutating func open(_ kind: NodeKind, at place: Tape.Place) throws(DocumentProblem) {
        guard unsafe tape.pointee.depth < Self.nesting else { throw Self.refusal }
        try unsafe tape.pointee.open(kind, at: place)
        column = place.column
        isInMapping = kind == .mapping
    }

    private mutating func close() throws(DocumentProblem) {
        try unsafe tape.pointee.close()
        guard unsafe tape.pointee.depth > 0 else {
            column = 0
            return
        }
        let frame = unsafe tape.pointee.frame
        column = Int(unsafe tape.pointee[Int(frame.node)].column)
        isInMapping = frame.isMapping
    }

    private mutating func add(_ scalar: Scalar, at place: Tape.Place) throws(DocumentProblem) {
        try unsafe tape.pointee.addScalar(
            scalar.kind, at: place, offset: UInt32(truncatingIfNeeded: scalar.start), length: scalar.count)
    }

    private mutating func addPendingNull() throws(DocumentProblem) {
        guard let place = pending else { return }
        pending = nil
        try unsafe tape.pointee.addScalar(.plain, at: place, offset: 0, length: 0)
    }
}
