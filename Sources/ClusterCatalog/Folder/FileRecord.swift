import SourceText

/// What the folder remembers of one catalog file. The text itself is not kept.
final class FileRecord {
    /// Whether the file is where it was.
    enum Presence: Equatable {
        case present
        /// Gone since; its objects stay until that is sure.
        case missing(since: ContinuousClock.Instant)
    }

    let source: SourceFile
    /// Index of the path that the operator gave.
    let root: Int
    var readPath: String
    var presence = Presence.present
    /// Nil before the first reading, and where the next look must read it whatever its status says.
    var identity: FileIdentity?
    /// Of the text that the pieces are from.
    var hash: UInt64?
    /// In the order of the file.
    private(set) var pieces: [PieceRecord] = []
    /// Where each piece stands in `pieces`, by its id; -1 for an id that is free.
    private(set) var positions: [Int32] = []
    private var freeIDs: [Int32] = []
    /// Of pieces that went in this step.
    private var goneIDs: [Int32] = []
    var reports: [Int32: PieceReport] = [:]
    /// Objects that an older text gave and the present, broken one does not: they stay.
    var retained: [ObjectKey: CatalogObject] = [:]
    /// Why the present text is not in use at all.
    var obstacle: Diagnostic?
    /// Since when something has been wrong with this file.
    var badSince: ContinuousClock.Instant?

    /// - Parameter index: its place among all records.
    init(path: String, root: Int, readPath: String, index: Int) {
        source = SourceFile(path: path, index: Int32(index))
        self.root = root
        self.readPath = readPath
    }

    var path: String { source.path }
    var isMissing: Bool { presence != .present }
    var wasRead: Bool { hash != nil }
    var isBroken: Bool { reports.values.contains(where: \.isBroken) }
    var hasObjects: Bool { !retained.isEmpty || pieces.contains { if case .none = $0.objects { false } else { true } } }

    var objectCount: Int { retained.count + pieces.reduce(0) { $0 + $1.objects.all.count } }

    /// A new id, for a piece that is not in the file yet.
    func makeID() -> Int32 {
        if let id = freeIDs.popLast() { return id }
        positions.append(-1)
        return Int32(positions.count - 1)
    }

    /// Puts in the pieces of a new text.
    ///
    /// - Parameter lines: the first line of each piece.
    func replacePieces(_ new: [PieceRecord], lines: [Int32]) {
        var isKept = [Bool](repeating: false, count: positions.count)
        for piece in new { isKept[Int(piece.id)] = true }
        let gone = pieces.map(\.id).filter { !isKept[Int($0)] }
        for id in gone {
            positions[Int(id)] = -1
            reports[id] = nil
        }
        var linesByID = [Int32](repeating: 0, count: positions.count)
        for (index, piece) in new.enumerated() {
            positions[Int(piece.id)] = Int32(index)
            linesByID[Int(piece.id)] = lines[index]
        }
        pieces = new
        goneIDs += gone
        source.replaceFirstLines(linesByID)
    }

    /// Ends a step: ids of pieces that went in it may be given away from now on. Within the step an old owner could be
    /// taken for a new one, as the file may be read again.
    func releaseIDs() {
        freeIDs += goneIDs
        goneIDs = []
    }

    /// The object that a piece gave; `Provider.retained` asks for one that stayed.
    func object(_ key: ObjectKey, ofPiece id: Int32) -> CatalogObject? {
        guard id != Provider.retained else { return retained[key] }
        let position = positions[Int(id)]
        guard position >= 0 else { return nil }
        return pieces[Int(position)].objects.all.first { $0.isObject(key) }
    }

    /// The diagnostics of all pieces, with the lines of today.
    var pieceDiagnostics: [Diagnostic] {
        reports.flatMap { id, report in report.diagnostics(firstLine: Int(source.line(ofPiece: id))) }
    }
}
