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
        var current: (piece: Piece, id: Int32, decoder: ObjectDecoder)?
        func finish() {
            guard let (piece, id, decoder) = current else { return }
            parsed[piece.index] = makeRecord(of: piece, id, decoder, record)
            current = nil
        }
        func take(_ piece: Piece, _ body: (inout ObjectDecoder) -> Void) {
            if current?.piece.index != piece.index {
                finish()
                let id = record.makeID()
                current = (piece, id, ObjectDecoder(record.source, piece: id, firstLine: piece.line, interner))
            }
            guard var open = current else { return }
            body(&open.decoder)
            current = open
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

    private func makeRecord(of piece: Piece, _ id: Int32, _ decoder: ObjectDecoder, _ file: FileRecord) -> PieceRecord {
        let result = decoder.result
        if let report = PieceReport(result, firstLine: piece.line) {
            file.reports[id] = report
            isReportDue = true
        }
        return PieceRecord(hash: piece.hash, id: id, objects: .init(result.objects))
    }
}
