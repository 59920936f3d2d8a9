import SourceText

/// What the elements of a `ServiceList` are, as the API server sends it: they do not say so themselves, and they are
/// read apart from the list that does.
struct ListFrames {
    private let text: CutText
    /// For each run of elements, by the index of its first piece.
    private var known: [Int: ObjectDecoder.ListElements] = [:]

    init(_ text: CutText) { self.text = text }

    /// What the list says about its elements that the piece was cut from; nothing for a bare array.
    mutating func elements(around piece: Piece, _ bytes: UnsafeRawBufferPointer) -> ObjectDecoder.ListElements {
        guard piece.isListItem else { return .any }
        let first = text.pieces[..<piece.index].lastIndex { !$0.isListItem }.map { $0 + 1 } ?? 0
        if let known = known[first] { return known }
        let elements = unsafe readFrame(from: first, bytes)
        known[first] = elements
        return elements
    }

    /// Reads what stands around the elements as a document of its own.
    private func readFrame(from first: Int, _ bytes: UnsafeRawBufferPointer) -> ObjectDecoder.ListElements {
        let end = text.pieces[first...].firstIndex { !$0.isListItem } ?? text.pieces.endIndex
        let start = first == 0 ? 0 : text.pieces[first - 1].range.upperBound
        let rest = end == text.pieces.endIndex ? bytes.count : text.pieces[end].range.lowerBound
        let head = unsafe bytes[start..<text.pieces[first].range.lowerBound]
        let frame = unsafe Array(head) + Array(bytes[text.pieces[end - 1].range.upperBound..<rest])
        var elements = ObjectDecoder.ListElements.any
        unsafe frame.withUnsafeBytes { frame in
            // As YAML also where it is JSON: an empty JSON list would fall into no piece at all.
            let pieces = unsafe cut(frame, as: .yaml)
            unsafe DocumentReader().read(
                pieces.pieces, of: frame, cut: pieces, into: Document(),
                found: { value, _ in elements = ObjectDecoder.listElements(of: value) ?? elements },
                problem: { _, _ in })
        }
        return elements
    }
}
