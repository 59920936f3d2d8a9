import Testing

@testable import ClusterCatalog

/// An id names one piece for as long as anybody may ask for it.
struct FileRecordTests {
    private func piece(_ id: Int32) -> PieceRecord { PieceRecord(hash: UInt64(id), id: id, objects: .none) }

    /// A file may be read twice within a step: whoever asks for the first text's piece must not get the second one's.
    @Test func anIDIsNotGivenAgainWithinAStep() {
        let record = FileRecord(path: "a.yaml", root: 0, readPath: "a.yaml", index: 0)
        let ids = (0..<3).map { _ in record.makeID() }
        #expect(ids == [0, 1, 2])
        record.replacePieces(ids.map(piece), lines: [1, 5, 9])
        record.replacePieces([piece(ids[0])], lines: [1])
        #expect(record.makeID() == 3)
        record.replacePieces([piece(ids[0]), piece(3)], lines: [1, 5])
        record.releaseIDs()
        #expect(Set([record.makeID(), record.makeID()]) == [1, 2])
        #expect(record.makeID() == 4)
    }
}
