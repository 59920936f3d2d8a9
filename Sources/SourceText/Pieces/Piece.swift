/// A part of a file that can be read alone: one YAML document or JSON value, or one element of a List's items.
/// 32 bytes, since a file holds up to millions.
public struct Piece: Hashable, Sendable {
    private let offset: UInt32
    private let byteCount: UInt32
    private let firstLine: UInt32
    private let firstColumn: UInt32
    private let number: UInt32
    let role: Role
    /// Of the bytes. Equal pieces of two files have equal hashes; different ones differ but for one chance in 2⁶⁴.
    public let hash: UInt64

    enum Role: UInt8 {
        case document, listItem
        /// The rest of a file that is too big to be cut further, or read.
        case tooMuch
    }

    init(_ range: Range<Int>, at place: TextPlace, index: Int, role: Role, hash: UInt64) {
        offset = UInt32(truncatingIfNeeded: range.lowerBound)
        byteCount = UInt32(truncatingIfNeeded: range.count)
        firstLine = UInt32(truncatingIfNeeded: place.line)
        firstColumn = UInt32(truncatingIfNeeded: place.column)
        number = UInt32(truncatingIfNeeded: index)
        self.role = role
        self.hash = hash
    }

    /// Bytes of the file.
    public var range: Range<Int> { Int(offset)..<Int(offset) + Int(byteCount) }
    /// Line of the first byte, counted from 1.
    public var line: Int { Int(firstLine) }
    /// Column of the first byte, counted from 1 in characters; in YAML always 1.
    public var column: Int { Int(firstColumn) }
    /// Place in `CutText.pieces`.
    public var index: Int { Int(number) }
    /// True for an element of a List's items or of a JSON array, false for a whole document.
    public var isListItem: Bool { role == .listItem }
}

/// What the bytes of a file fall into.
public struct CutText: Sendable {
    public let format: TextFormat
    /// In the order of the file. Comments, blank documents and the frames of Lists are not among them.
    public let pieces: [Piece]
    /// Of the whole file.
    public let byteCount: Int
}

/// Cuts a file into pieces without reading them. YAML falls apart at `---` and `...`, and where `- ` stands in column 0
/// below `items:` of a List (as `kubectl get -o yaml` writes it); JSON into the values that stand in a row, the
/// elements of a List's `items` and of an outermost array. Text that is broken falls into pieces too: reading them says
/// why.
/// - Complexity: O(bytes), one pass.
public func cut(_ bytes: UnsafeRawBufferPointer, as format: TextFormat) -> CutText {
    guard bytes.count <= DocumentLimit.bytes else {
        let first = Piece(0..<0, at: TextPlace(), index: 0, role: .tooMuch, hash: UInt64(bytes.count))
        return CutText(format: format, pieces: [first], byteCount: bytes.count)
    }
    var pieces: [Piece]
    switch format {
    case .yaml:
        var cutter = unsafe YAMLCutter(bytes)
        pieces = cutter.cut()
    case .json:
        var cutter = unsafe JSONCutter(bytes)
        pieces = cutter.cut()
    }
    return CutText(format: format, pieces: pieces, byteCount: bytes.count)
}

/// Bytes of a mark that some editors put in front of UTF-8 text.
func byteOrderMarkCount(_ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe bytes.count >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf ? 3 : 0
}
