// What is wrong, in words for the person who wrote the file.

extension JSONReader {
    /// The character that is looked at.
    var foundText: String {
        guard at < end else { return "the end of the text" }
        let rest = unsafe UnsafeRawBufferPointer(rebasing: text[at..<min(at + 4, end)])
        guard let found = unsafe String(decoding: rest, as: UTF8.self).unicodeScalars.first else { return "nothing" }
        return TextPlace.describe(found)
    }

    func keyComplaint(isFirst: Bool) -> DocumentProblem {
        switch byte {
        case UInt8(ascii: "}"): return complaint("expected another key behind ',': take the ',' out")
        case UInt8(ascii: "'"): return complaint("JSON needs double quotes around a key")
        default: break
        }
        if byte | 0x20 >= UInt8(ascii: "a"), byte | 0x20 <= UInt8(ascii: "z") {
            return complaint("JSON needs double quotes around a key")
        }
        return complaint(isFirst ? "expected a key or '}', not \(foundText)" : "expected a key, not \(foundText)")
    }

    func valueComplaint(or alternative: StaticString?) -> DocumentProblem {
        switch byte {
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            if isBehindComma { return complaint("expected another value behind ',': take the ',' out") }
        case UInt8(ascii: "'"):
            return complaint("JSON needs double quotes around a string")
        case UInt8(ascii: "/"), UInt8(ascii: "#"):
            return complaint("JSON has no comments")
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return complaint("'\(word)' is no value: JSON has true, false, null, numbers and strings in double quotes")
        default:
            break
        }
        let expected = alternative.map { "expected a value or \($0)" } ?? "expected a value"
        return complaint("\(expected), not \(foundText)")
    }

    /// The letters from here on, at most twenty.
    private var word: String {
        let rest = unsafe text[at..<min(at + 20, end)].prefix { byte in
            byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
        }
        return unsafe String(decoding: rest, as: UTF8.self)
    }

    private var isBehindComma: Bool {
        let before = unsafe text[..<at].last { byte in !" \t\r\n".utf8.contains(byte) }
        return before == UInt8(ascii: ",")
    }
}
