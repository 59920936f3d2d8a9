import SourceText

extension FolderState {
    /// Parses the pieces with these indexes.
    ///
    /// - Returns: a record for each index, nil in the places between; their reports are put into the file's.
    func parse(
        _ indexes: [Int], of text: CutText, _ bytes: UnsafeRawBufferPointer, _ record: FileRecord, _ interner: Interner
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
        func take(_ piece: Piece, _ body: (inout ObjectDecoder) -> Void) {
            if current?.piece.index != piece.index {
                finish()
                let id = record.makeID()
                let decoder = ObjectDecoder(record.source, piece: id, firstLine: piece.line, interner)
                current = OpenPiece(piece: piece, id: id, decoder: decoder)
            }
            current?.decode(body)
        }
        unsafe DocumentReader().read(
            indexes.lazy.map { text.pieces[$0] }, of: bytes, cut: text, into: document,
            found: { value, piece in
                take(piece) { decoder in
                    // Only the elements of lists as the API server sends them do not say what they are.
                    let isSilent = piece.isListItem && value.isMapping && value["kind"] == nil
                    unsafe decoder.read(value, of: isSilent ? frames.elements(around: piece, bytes) : .any)
                }
            },
            problem: { problem, piece in take(piece) { $0.fail(problem) } })
        finish()
        return parsed
    }

    private func makeRecord(of open: OpenPiece, _ file: FileRecord) -> PieceRecord {
        let result = open.decoder.result
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
    private(set) var decoder: ObjectDecoder

    /// In place: nothing that the decoder has gathered is copied.
    mutating func decode(_ body: (inout ObjectDecoder) -> Void) { body(&decoder) }
}
