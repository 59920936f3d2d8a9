/// Reads pieces of a file into a document, one after the other.
public struct DocumentReader {
    public init() {}

    /// Reads the given pieces, all or any of them, in the order of the file. `found` gets each value while it stands in
    /// `document`; a broken piece goes to `problem` and takes nothing else with it.
    /// A piece gives one value; only text with unusual line breaks can hide a second one in it.
    /// - Parameters:
    ///   - bytes: The same bytes that were cut.
    ///   - cut: What `cut` made of them.
    public func read(
        _ pieces: [Piece], of bytes: UnsafeRawBufferPointer, cut: CutText, into document: Document,
        found: (Value, Piece) -> Void, problem: (DocumentProblem, Piece) -> Void
    ) {
        precondition(bytes.count == cut.byteCount, "these are not the bytes that were cut")
        switch cut.format {
        case .yaml:
            var runs = unsafe YAMLRuns(of: bytes, into: document)
            runs.read(pieces, found: found, problem: problem)
        case .json:
            unsafe readJSON(pieces, of: bytes, into: document, found: found, problem: problem)
        }
        unsafe document.tape.pointee.reset()
    }

    private func readJSON(
        _ pieces: [Piece], of bytes: UnsafeRawBufferPointer, into document: Document,
        found: (Value, Piece) -> Void, problem: (DocumentProblem, Piece) -> Void
    ) {
        for piece in pieces {
            do throws(DocumentProblem) {
                if piece.role == .tooMuch { throw .tooMuch(piece) }
                var reader = unsafe JSONReader(
                    UnsafeRawBufferPointer(rebasing: bytes[piece.range]), line: piece.line, column: piece.column,
                    into: document.tape)
                try reader.read()
                if let root = document.root { found(root, piece) }
            } catch {
                problem(error, piece)
            }
        }
    }
}

extension DocumentProblem {
    /// The piece is what could not be cut any more.
    static func tooMuch(_ piece: Piece) -> DocumentProblem {
        DocumentProblem(
            line: piece.line, column: piece.column,
            "the file has more than \(DocumentLimit.pieces) objects or \(DocumentLimit.bytes) bytes: split it")
    }
}
