// Pieces of simple block YAML, which most are, go past libyaml: `BlockReader` reads them.
// Starting libyaml's parser costs about as much as reading a small object, so neighbouring pieces are read by one
// parser. When that fails, the piece that was being read is read again alone: it may be whole, and the fault further
// on, because libyaml looks ahead. Each run hands out at least one piece, so the work stays linear.

@safe struct YAMLRuns: ~Copyable {
    private let bytes: UnsafeRawBufferPointer
    private let document: Document
    private var reader: YAMLReader

    /// Bytes that one parser reads.
    private static let longestRun = 64 << 10
    /// The same after a fault: a parser decodes ahead, in vain if the next piece is broken too.
    private static let shortestRun = 512
    /// Broken pieces of one reading; each costs two parsers.
    private static let problems = 10_000

    private var runBytes = longestRun
    private var problemCount = 0
    /// Of the pieces that come next, those before this one need libyaml.
    private var refusedEnd = 0

    /// libyaml compares each %TAG line with all others of the document.
    private static let tagDirectives = 1000

    init(of bytes: UnsafeRawBufferPointer, into document: Document) {
        unsafe self.bytes = unsafe bytes
        self.document = document
        reader = YAMLReader(into: document)
    }

    mutating func read(
        _ pieces: [Piece], found: (Value, Piece) -> Void, problem: (DocumentProblem, Piece) -> Void
    ) {
        var next = 0
        refusedEnd = 0
        while next < pieces.count {
            if problemCount < Self.problems, isRead(next, of: pieces) {
                if let root = document.root { found(root, pieces[next]) }
                next += 1
                continue
            }
            let end = problemCount < Self.problems ? runEnd(of: pieces, from: next) : next + 1
            if end - next > 1 { next += readTogether(pieces[next..<end], found: found) }
            let problemsBefore = problemCount
            if next < end {
                readAlone(pieces[next], found: found, problem: problem)
                next += 1
            }
            runBytes = problemCount > problemsBefore ? Self.shortestRun : min(runBytes * 4, Self.longestRun)
        }
    }

    /// Reads a piece if it needs no libyaml.
    private mutating func isRead(_ index: Int, of pieces: [Piece]) -> Bool {
        let piece = pieces[index]
        guard index >= refusedEnd, piece.role != .tooMuch else { return false }
        let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[piece.range])
        if unsafe BlockReader.read(text, isListItem: piece.isListItem, line: piece.line, into: document) { return true }
        refusedEnd = index + 1
        return false
    }

    /// The pieces from `start` on that need libyaml, touch each other, are of one kind and fit into one run.
    private mutating func runEnd(of pieces: [Piece], from start: Int) -> Int {
        let first = pieces[start]
        guard first.role != .tooMuch && isOrdinary(first) else { return start + 1 }
        var end = start + 1
        while end < pieces.count {
            let piece = pieces[end]
            guard piece.range.lowerBound == pieces[end - 1].range.upperBound, piece.role == first.role,
                piece.range.upperBound - first.range.lowerBound <= runBytes, isOrdinary(piece), !isRead(end, of: pieces)
            else { break }
            end += 1
        }
        return end
    }

    /// True if libyaml counts the piece's lines as we do, and finds no directive in it.
    private func isOrdinary(_ piece: Piece) -> Bool {
        unsafe YAMLOddities.areAbsent(from: UnsafeRawBufferPointer(rebasing: bytes[piece.range]))
    }

    /// Reads several pieces with one parser until one fails, and says how many were handed out.
    private mutating func readTogether(_ pieces: ArraySlice<Piece>, found: (Value, Piece) -> Void) -> Int {
        guard let first = pieces.first, let last = pieces.last else { return 0 }
        var entries = YAMLEntries(isList: first.isListItem)
        // The piece whose entry is on the tape, or comes next.
        var current = pieces.startIndex
        do throws(DocumentProblem) {
            let range = first.range.lowerBound..<last.range.upperBound
            try unsafe reader.begin(UnsafeRawBufferPointer(rebasing: bytes[range]), line: first.line)
            while true {
                let border = try entries.nextBorder(of: &reader)
                let next = current + (border.endsEntry ? 1 : 0)
                // Not where the cut expected it: a piece has swallowed its neighbours, or has two entries.
                guard Self.begins(border.nextLine, with: next, of: pieces) else { break }
                if border.endsEntry, let root = document.root { found(root, pieces[current]) }
                reader.clear()
                current = next
                if border.nextLine == nil { break }
            }
        } catch {
            // The piece is read again alone: the complaint may be about a later one.
        }
        return current - pieces.startIndex
    }

    /// True if an entry that begins on `line` is the one of that piece; no line means the end of the run.
    private static func begins(_ line: Int?, with index: Int, of pieces: ArraySlice<Piece>) -> Bool {
        guard let line else { return index == pieces.endIndex }
        guard index < pieces.endIndex, line >= pieces[index].line else { return false }
        return index + 1 == pieces.endIndex || line < pieces[index + 1].line
    }

    /// Reads one piece, with every complaint about it.
    private mutating func readAlone(
        _ piece: Piece, found: (Value, Piece) -> Void, problem: (DocumentProblem, Piece) -> Void
    ) {
        do throws(DocumentProblem) {
            try beginAlone(piece)
            var entries = YAMLEntries(isList: piece.isListItem)
            while true {
                let border = try entries.nextBorder(of: &reader)
                if border.endsEntry, let root = document.root { found(root, piece) }
                reader.clear()
                if border.nextLine == nil { break }
            }
        } catch {
            problemCount += 1
            problem(error, piece)
        }
    }

    private mutating func beginAlone(_ piece: Piece) throws(DocumentProblem) {
        if piece.role == .tooMuch { throw .tooMuch(piece) }
        guard problemCount < Self.problems else {
            throw DocumentProblem(
                line: piece.line, column: piece.column,
                "not read: the file has \(Self.problems) broken documents already")
        }
        let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[piece.range])
        guard unsafe YAMLOddities.tagDirectiveCount(in: text) <= Self.tagDirectives else {
            throw DocumentProblem(
                line: piece.line, column: piece.column, "more than \(Self.tagDirectives) %TAG lines in one document")
        }
        try unsafe reader.begin(text, line: piece.line)
    }
}
