import SourceText

/// Which pieces of a new text are pieces of the old one, by their hashes; equal pieces are matched one to one.
struct PieceMatch {
    /// For each new piece the index of the old one that it is.
    var old: [Int?]
    /// New pieces that must be parsed.
    var new: [Int] = []
    /// Old pieces that are in the new text no more.
    var gone: [Int] = []
}

/// - Complexity: O(pieces); only what lies between the first and the last difference is looked up.
func matchPieces(_ old: [PieceRecord], _ new: [Piece]) -> PieceMatch {
    var match = PieceMatch(old: Array(repeating: nil, count: new.count))
    let shorter = min(old.count, new.count)
    var front = 0
    while front < shorter, old[front].hash == new[front].hash {
        match.old[front] = front
        front += 1
    }
    var back = 0
    while back < shorter - front, old[old.count - 1 - back].hash == new[new.count - 1 - back].hash {
        match.old[new.count - 1 - back] = old.count - 1 - back
        back += 1
    }
    var rest: [UInt64: [Int]] = [:]
    for index in (front..<old.count - back).reversed() { rest[old[index].hash, default: []].append(index) }
    for index in front..<new.count - back {
        if let found = rest[new[index].hash]?.popLast() { match.old[index] = found } else { match.new.append(index) }
    }
    match.gone = rest.values.flatMap(\.self).sorted()
    return match
}
