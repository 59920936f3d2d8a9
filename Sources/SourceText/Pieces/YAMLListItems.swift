/// The elements below `items:` in column 0 of one document, until it is known whether the document is a List.
struct YAMLListItems {
    private(set) var starts: [(offset: Int, line: Int)] = []
    /// Where something else than an element follows in column 0; nil if nothing does.
    private(set) var endOffset: Int?
    private(set) var isOpen = false
    /// More than one `items:`, or too many elements.
    private var isDoubtful = false
    private var hasBegun = false

    /// A frame (`apiVersion`, `kind`, `metadata`) that is longer is not worth cutting.
    private static let longestFrame = 64 << 10

    mutating func clear() {
        guard hasBegun else { return }
        starts.removeAll(keepingCapacity: starts.count < 1000)
        endOffset = nil
        isOpen = false
        isDoubtful = false
        hasBegun = false
    }

    /// The line `items:`.
    mutating func begin(at offset: Int) {
        end(at: offset)
        if hasBegun { isDoubtful = true }
        hasBegun = true
        isOpen = !isDoubtful
    }

    /// A line `- …` below it.
    mutating func add(_ offset: Int, line: Int) {
        guard starts.count < DocumentLimit.pieces else {
            isDoubtful = true
            return end(at: offset)
        }
        starts.append((offset, line))
    }

    /// A line with something else in column 0.
    mutating func end(at offset: Int) {
        guard isOpen else { return }
        isOpen = false
        endOffset = offset
    }

    /// True if each element can be read alone: what stands around the elements is the frame of a List, and no element
    /// uses an anchor of another.
    func areWhole(of bytes: UnsafeRawBufferPointer, _ document: Range<Int>) -> Bool {
        guard let first = starts.first, !isDoubtful else { return false }
        let end = endOffset ?? document.upperBound
        let frame = (document.lowerBound..<first.offset, end..<document.upperBound)
        guard frame.0.count + frame.1.count <= Self.longestFrame else { return false }
        let text = unsafe Array(bytes[frame.0]) + Array(bytes[frame.1])
        guard Self.isFrameOfList(text) else { return false }
        guard unsafe YAMLOddities.areAbsent(from: UnsafeRawBufferPointer(rebasing: bytes[document])) else {
            return false
        }
        return unsafe !YAMLAnchors.areShared(in: bytes, document, borders: starts.map(\.offset))
    }

    /// Reads the frame: only then is it sure that `items:` is a key of the outermost mapping and not part of a text.
    private static func isFrameOfList(_ text: [UInt8]) -> Bool {
        let document = Document()
        let role = Piece.Role.document
        let piece = Piece(0..<text.count, at: TextPlace(), index: 0, role: role, hash: 0)
        let frame = CutText(format: .yaml, pieces: [piece], byteCount: text.count)
        var answers: [Bool] = []
        unsafe text.withUnsafeBytes { bytes in
            unsafe DocumentReader().read(
                frame.pieces, of: bytes, cut: frame, into: document,
                found: { value, _ in answers.append(ListFrame.isFrame(value) && value["items"]?.isNull == true) },
                problem: { _, _ in answers.append(false) })
        }
        return answers == [true]
    }
}

enum ListFrame {
    /// A mapping with `kind: List`, `ServiceList` and so on, and one `items`.
    static func isFrame(_ value: Value) -> Bool {
        guard let kind = value["kind"], kind.kind == .string,
            value.members.count(where: { $0.key.equals("items") }) == 1
        else { return false }
        return unsafe kind.withBytes { bytes in unsafe Bytes.has("List", at: bytes.count - 4, in: bytes) }
    }
}
