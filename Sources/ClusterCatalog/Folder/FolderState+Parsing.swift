import SourceText

extension FolderState {
    /// Parses the pieces with these indexes.
    ///
    /// - Returns: a record for each index, nil in the places between; their reports are put into the file's.
    func parse(
        _ indexes: [Int], of text: CutText, _ bytes: UnsafeRawBufferPointer, _ record: FileRecord, _ tools: ReadingTools
    ) -> [PieceRecord?] {
        var parsed = [PieceRecord?](repeating: nil, count: text.pieces.count)
        guard !indexes.isEmpty else { return parsed }
        var frames = ListFrames(text)
        // The values of a piece come one after the other; mostly there is one.
        var current: OpenPiece?
        func finish() {
            guard let open = current else { return }
            parsed[open.piece.index] = makeRecord(of: open, record)
            current = nil
        }
        func take(_ piece: Piece, _ body: (inout OpenPiece) -> Void) {
            if current?.piece.index != piece.index {
                finish()
                current = OpenPiece(piece, record.makeID(), record.source, tools.interner)
            }
            current?.change(body)
        }
        unsafe DocumentReader().read(
            indexes.map { text.pieces[$0] }, of: bytes, cut: text, into: tools.document,
            found: { value, piece in
                take(piece) { open in
                    // Only the elements of lists as the API server sends them do not say what they are.
                    let isSilent = piece.isListItem && value.isMapping && value["kind"] == nil
                    open.read(value, of: isSilent ? unsafe frames.elements(around: piece, bytes) : .any)
                }
            },
            problem: { problem, piece in take(piece) { $0.decode { $0.fail(problem) } } })
        finish()
        return parsed
    }

    private func makeRecord(of open: OpenPiece, _ file: FileRecord) -> PieceRecord {
        guard let result = open.decoder?.result else {
            return PieceRecord(hash: open.piece.hash, id: open.id, objects: open.only.map { .one($0) } ?? .none)
        }
        if let report = PieceReport(result, firstLine: open.piece.line) {
            file.reports[open.id] = report
            isReportDue = true
        }
        return PieceRecord(hash: open.piece.hash, id: open.id, objects: .init(result.objects))
    }
}

/// A piece whose values are read at the moment.
private struct OpenPiece {
    let piece: Piece
    let id: Int32
    private let source: SourceFile
    private let interner: Interner
    /// The one object of a piece that needs no decoder: nearly every piece.
    private(set) var only: CatalogObject?
    private var onlyLine = 0
    private(set) var decoder: ObjectDecoder?

    init(_ piece: Piece, _ id: Int32, _ source: SourceFile, _ interner: Interner) {
        self.piece = piece
        self.id = id
        self.source = source
        self.interner = interner
    }

    mutating func read(_ value: Value, of list: ObjectDecoder.ListElements) {
        if only == nil, decoder == nil, case .any = list,
            let object = interner.packed(value, source, piece: id, firstLine: piece.line)
        {
            onlyLine = value.line
            only = object
        } else {
            decode { $0.read(value, of: list) }
        }
    }

    mutating func change(_ body: (inout OpenPiece) -> Void) { body(&self) }

    /// In place: nothing that the decoder has gathered is copied.
    mutating func decode(_ body: (inout ObjectDecoder) -> Void) {
        if decoder == nil {
            decoder = ObjectDecoder(source, piece: id, firstLine: piece.line, interner)
            if let only { decoder?.adopt(only, line: onlyLine) }
        }
        decoder?.change(body)
    }
}
