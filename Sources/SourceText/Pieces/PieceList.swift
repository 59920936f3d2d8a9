/// The pieces found so far, in the order of the text.
@safe struct PieceList {
    private let bytes: UnsafeRawBufferPointer
    private let end: Int
    private(set) var pieces: [Piece] = []
    /// More pieces than a file may have: the last one is all the rest, and cutting ends.
    private(set) var isFull = false

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = unsafe bytes
        end = bytes.count
    }

    mutating func add(_ range: Range<Int>, at place: TextPlace, role: Piece.Role) {
        guard !isFull else { return }
        guard pieces.count + 1 < DocumentLimit.pieces else {
            isFull = true
            return append(range.lowerBound..<end, at: place, role: .tooMuch)
        }
        append(range, at: place, role: role)
    }

    /// Forgets the pieces behind the first `count`.
    mutating func cutBack(to count: Int) {
        pieces.removeSubrange(count...)
        isFull = false
    }

    private mutating func append(_ range: Range<Int>, at place: TextPlace, role: Piece.Role) {
        let hash = unsafe pieceHash(UnsafeRawBufferPointer(rebasing: bytes[range]))
        pieces.append(Piece(range, at: place, index: pieces.count, role: role, hash: hash))
    }
}
