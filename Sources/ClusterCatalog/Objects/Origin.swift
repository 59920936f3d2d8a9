import Synchronization

/// The place that an object was read from: `catalog.yaml:12`.
///
/// An edit further up in the file moves the objects below it. They are not read again for that: an origin asks its
/// `SourceFile` for the line on which its piece starts now, so that the answer is right at the time of asking.
public struct Origin: Sendable {
    private let source: SourceFile
    private let piece: Int32
    private let lineInPiece: Int32

    /// A place that never moves. `line` counts from 1.
    public init(file: String, line: Int) {
        self.init(SourceFile(path: file), piece: -1, lineInPiece: Int32(clamping: line))
    }

    /// The line `lineInPiece` (0 for its first) of a piece of a file that may change.
    init(_ source: SourceFile, piece: Int32, lineInPiece: Int32) {
        self.source = source
        self.piece = piece
        self.lineInPiece = lineInPiece
    }

    /// What an object keeps of it.
    var parts: (source: SourceFile, piece: Int32, lineInPiece: Int32) { (source, piece, lineInPiece) }

    /// The path of the file as the operator would open it.
    public var file: String { source.path }

    /// Counted from 1.
    public var line: Int32 { source.line(ofPiece: piece) &+ lineInPiece }
}

extension Origin: Hashable {
    public static func == (left: Origin, right: Origin) -> Bool { left.file == right.file && left.line == right.line }

    /// Only what cannot change goes into the hash.
    public func hash(into hasher: inout Hasher) { hasher.combine(file) }
}

extension Origin: CustomStringConvertible {
    public var description: String { "\(file):\(line)" }
}

/// A catalog file as its objects remember it: the path, and where each of its pieces starts at present.
///
/// Shared between the folder that reads the file and everyone who asks an object where it came from.
final class SourceFile: Sendable {
    let path: String
    /// Its place among the files of its folder; -1 for a file that stands alone.
    let index: Int32
    private let firstLines = Mutex<[Int32]>([])

    init(path: String, index: Int32 = -1) {
        self.path = path
        self.index = index
    }

    /// The first line of a piece; 0 for a piece that is not in the list.
    func line(ofPiece piece: Int32) -> Int32 {
        guard piece >= 0 else { return 0 }
        return firstLines.withLock { lines in Int(piece) < lines.count ? lines[Int(piece)] : 0 }
    }

    /// Says where every piece starts now; the index is the piece's number in this file.
    func replaceFirstLines(_ lines: [Int32]) {
        firstLines.withLock { $0 = lines }
    }
}
