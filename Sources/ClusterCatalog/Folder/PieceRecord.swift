import SourceText

/// What the folder remembers of a piece of a file: enough to know it again, and what it gave.
struct PieceRecord {
    let hash: UInt64
    /// Names the piece for as long as it is in the file, wherever an edit moves it.
    let id: Int32
    let objects: Objects

    /// Mostly one; shared with the catalog, which keeps the same boxes.
    enum Objects {
        case none
        case one(CatalogObject)
        case many([CatalogObject])

        init(_ objects: [CatalogObject]) {
            switch objects.count {
            case 0: self = .none
            case 1: self = .one(objects[0])
            default: self = .many(objects)
            }
        }

        var all: [CatalogObject] {
            switch self {
            case .none: []
            case .one(let object): [object]
            case .many(let objects): objects
            }
        }
    }
}

/// What is worth saying about a piece; most pieces have none.
struct PieceReport {
    /// With the lines of the time when the piece was read.
    let diagnostics: [Diagnostic]
    /// The line on which the piece began then.
    let firstLine: Int
    let ignoredKinds: [String: Int]
    let isBroken: Bool

    /// Nil if nothing is worth saying.
    init?(_ result: ObjectDecoder.Result, firstLine: Int) {
        guard !result.diagnostics.isEmpty || !result.ignoredKinds.isEmpty || result.isBroken else { return nil }
        diagnostics = result.diagnostics
        ignoredKinds = result.ignoredKinds
        isBroken = result.isBroken
        self.firstLine = firstLine
    }

    /// The diagnostics with the lines of today.
    func diagnostics(firstLine today: Int) -> [Diagnostic] {
        diagnostics.map { diagnostic in
            var diagnostic = diagnostic
            diagnostic.location.line += today - firstLine
            return diagnostic
        }
    }
}
