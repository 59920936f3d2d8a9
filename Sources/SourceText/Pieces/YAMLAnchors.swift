// Elements of a List are read alone only if no `*name` in one of them can mean an `&name` outside of it. Text that
// merely looks like an anchor (in a quoted string, say) counts too: then the List is read whole, which is right but
// slower.

enum YAMLAnchors {
    /// True if some part of the document, between two borders, may use an anchor of another part.
    static func areShared(
        in bytes: UnsafeRawBufferPointer, _ document: Range<Int>, borders: [Int]
    ) -> Bool {
        let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[document])
        guard unsafe Bytes.firstIndex(of: UInt8(ascii: "&"), in: text, from: 0) != nil else { return false }
        // The only part that has an anchor of that name; -1 for several.
        var owners: [UInt64: Int] = [:]
        unsafe forEachName(behind: UInt8(ascii: "&"), in: text) { name, offset in
            let part = part(of: offset + document.lowerBound, borders)
            owners[name] = owners[name, default: part] == part ? part : -1
        }
        guard !owners.isEmpty else { return false }
        var areShared = false
        unsafe forEachName(behind: UInt8(ascii: "*"), in: text) { name, offset in
            guard let owner = owners[name] else { return }
            if owner != part(of: offset + document.lowerBound, borders) { areShared = true }
        }
        return areShared
    }

    /// Calls `body` with the hash of each run of letters, digits, `-` and `_` behind the sign.
    private static func forEachName(
        behind sign: UInt8, in text: UnsafeRawBufferPointer, _ body: (UInt64, Int) -> Void
    ) {
        var at = 0
        while let found = unsafe Bytes.firstIndex(of: sign, in: text, from: at) {
            at = found + 1
            while at < text.count, unsafe isNameByte(text[at]) { at += 1 }
            guard at > found + 1 else { continue }
            body(unsafe pieceHash(UnsafeRawBufferPointer(rebasing: text[found + 1..<at])), found)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            return true
        default:
            return false
        }
    }

    /// How many borders stand at or before the offset.
    private static func part(of offset: Int, _ borders: [Int]) -> Int {
        var low = 0
        var high = borders.count
        while low < high {
            let middle = (low + high) / 2
            if borders[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
