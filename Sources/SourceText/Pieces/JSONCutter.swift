// Skips over values by counting brackets outside of strings. A cut is made only where the frame around the elements is
// right; what is inside an element is the reader's concern.

@safe struct JSONCutter {
    private var skipper: JSONSkipper
    private let bytes: UnsafeRawBufferPointer
    private let end: Int
    private var found: Found

    /// The pieces so far, and the place up to which lines and columns were counted.
    private struct Found {
        var list: PieceList
        var place = TextPlace()
        var placed: Int
    }

    /// What an outermost value turned out to be.
    private enum Finding {
        /// Its elements are pieces.
        case cut
        /// It is one piece and was skipped.
        case whole
        /// It is one piece and must be skipped by brackets alone.
        case doubtful
    }

    /// A frame (`apiVersion`, `kind`, `metadata`) that is longer is not worth cutting.
    private static let longestFrame = 64 << 10

    init(_ bytes: UnsafeRawBufferPointer) {
        let start = unsafe byteOrderMarkCount(bytes)
        unsafe self.bytes = unsafe bytes
        end = bytes.count
        skipper = unsafe JSONSkipper(bytes, at: start)
        found = unsafe Found(list: PieceList(bytes), placed: start)
    }

    mutating func cut() -> [Piece] {
        while skipper.skipSpace(), !found.list.isFull {
            let start = skipper.at
            let finding = cutFurther()
            if finding == .cut { continue }
            if finding == .doubtful {
                skipper.at = start
                // Unclosed, or garbage: nothing behind it can be told apart.
                if !skipper.skipValue() { skipper.at = end }
            }
            add(start..<skipper.at, role: .document)
        }
        return found.list.pieces
    }

    /// Cuts a List or an array into its elements; otherwise leaves the pieces as they were.
    private mutating func cutFurther() -> Finding {
        let pieceCount = found.list.pieces.count
        let place = found.place
        let placed = found.placed
        let finding: Finding
        switch skipper.byte {
        case UInt8(ascii: "{"): finding = cutObject()
        case UInt8(ascii: "["): finding = cutElements() ? .cut : .doubtful
        default: finding = .doubtful
        }
        if finding != .cut {
            found.list.cutBack(to: pieceCount)
            found.place = place
            found.placed = placed
        }
        return finding
    }

    /// Walks over the members of an outermost object, and cuts the array `items`.
    private mutating func cutObject() -> Finding {
        let start = skipper.at
        var elements: Range<Int>?
        guard !skipper.skipOpening("}") else { return .whole }
        repeat {
            guard let key = skipper.skipKey() else { return .doubtful }
            let isItems = unsafe key.count == 7 && Bytes.has("\"items\"", at: key.lowerBound, in: bytes)
            guard isItems, skipper.byte == UInt8(ascii: "[") else {
                guard skipper.skipValue() else { return .doubtful }
                continue
            }
            let open = skipper.at + 1
            guard elements == nil, cutElements() else { return .doubtful }
            elements = open..<skipper.at - 1
        } while skipper.skipComma()
        guard skipper.skipClosing("}") else { return .doubtful }
        guard let elements else { return .whole }
        return isFrameOfList(start..<elements.lowerBound, elements.upperBound..<skipper.at) ? .cut : .whole
    }

    /// Makes a piece of each element of the array that begins here; false if its frame is broken.
    private mutating func cutElements() -> Bool {
        guard !skipper.skipOpening("]") else { return true }
        repeat {
            let start = skipper.at
            guard skipper.skipValue(), !found.list.isFull else { return false }
            add(start..<skipper.at, role: .listItem)
        } while skipper.skipComma()
        return skipper.skipClosing("]")
    }

    private mutating func add(_ range: Range<Int>, role: Piece.Role) {
        unsafe found.place.advance(over: UnsafeRawBufferPointer(rebasing: bytes[found.placed..<range.lowerBound]))
        found.placed = range.lowerBound
        found.list.add(range, at: found.place, role: role)
    }

    /// Reads the object without its elements.
    private func isFrameOfList(_ head: Range<Int>, _ tail: Range<Int>) -> Bool {
        guard head.count + tail.count <= Self.longestFrame else { return false }
        let text = unsafe Array(bytes[head]) + Array(bytes[tail])
        let document = Document()
        return unsafe text.withUnsafeBytes { text in
            do throws(DocumentProblem) {
                var reader = unsafe JSONReader(text, line: 1, column: 1, into: document.tape)
                try reader.read()
            } catch {
                // Read as one piece, it will complain in the right place.
                return false
            }
            return document.root.map(ListFrame.isFrame) ?? false
        }
    }
}
