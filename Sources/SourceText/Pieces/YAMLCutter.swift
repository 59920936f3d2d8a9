// Looks only at the first bytes of each line. YAML allows that: `---` and `...` in column 0 end a document even inside
// quotes (YAML 1.2 section 9.1.2), and what looks like a List is verified by reading its frame.

@safe struct YAMLCutter {
    private let bytes: UnsafeRawBufferPointer
    private let end: Int
    private var list: PieceList
    /// Number of the line that is looked at.
    private var line = 1
    /// Where the current document begins.
    private var start: Int
    private var startLine = 1
    private var items = YAMLListItems()

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = unsafe bytes
        end = bytes.count
        list = unsafe PieceList(bytes)
        start = unsafe byteOrderMarkCount(bytes)
    }

    mutating func cut() -> [Piece] {
        look(at: start)
        var at = start
        while at + 9 <= end {
            let breaks = Bytes.zeroBytes(of: word(at) ^ Bytes.repeated(UInt8(ascii: "\n")))
            if breaks != 0, pass(breaks, at), list.isFull { break }
            at += 8
        }
        while at < end, !list.isFull {
            if unsafe bytes[at] == UInt8(ascii: "\n") { pass(at) }
            at += 1
        }
        if !list.isFull { endDocument(at: end, isBorder: false) }
        return list.pieces
    }

    @inline(__always)
    private func word(_ at: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    /// Lines end at these bytes of the eight that begin at `at`. True if there may be a border.
    @inline(__always)
    private mutating func pass(_ breaks: UInt64, _ at: Int) -> Bool {
        let spaces = Bytes.zeroBytes(of: word(at + 1) ^ Bytes.repeated(UInt8(ascii: " ")))
        // Most lines are indented and say nothing about borders.
        guard breaks & ~spaces != 0 else {
            line += Bytes.count(of: breaks)
            return false
        }
        passEach(breaks, at)
        return true
    }

    private mutating func passEach(_ breaks: UInt64, _ at: Int) {
        var rest = breaks
        while rest != 0 {
            pass(at + rest.trailingZeroBitCount / 8)
            rest &= rest &- 1
        }
    }

    /// A line ends at `lineBreak`.
    private mutating func pass(_ lineBreak: Int) {
        line += 1
        let next = lineBreak + 1
        guard next < end, unsafe bytes[next] != UInt8(ascii: " ") else { return }
        look(at: next)
    }

    /// Looks at a line that begins at `at` and has number `line`.
    private mutating func look(at: Int) {
        guard at < end else { return }
        switch unsafe bytes[at] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: "#"):
            return
        case UInt8(ascii: "-"):
            lookAtDash(at)
        case UInt8(ascii: "."):
            guard isMarker("...", at: at) else { return items.end(at: at) }
            items.end(at: at)
            let next = unsafe Bytes.firstIndex(of: UInt8(ascii: "\n"), in: bytes, from: at).map { $0 + 1 } ?? end
            endDocument(at: next, isBorder: false)
            startLine = line + 1
        case UInt8(ascii: "i"):
            guard unsafe Bytes.has("items:", at: at, in: bytes), isBlankLine(from: at + 6) else {
                return items.end(at: at)
            }
            items.begin(at: at)
        default:
            items.end(at: at)
        }
    }

    private mutating func lookAtDash(_ at: Int) {
        if isMarker("---", at: at) {
            items.end(at: at)
            endDocument(at: at, isBorder: true)
        } else if items.isOpen {
            let isItem = unsafe at + 1 == end || " \r\n".utf8.contains(bytes[at + 1])
            if isItem { items.add(at, line: line) } else { items.end(at: at) }
        }
    }

    /// The current document ends before `next`, where the next one begins.
    private mutating func endDocument(at next: Int, isBorder: Bool) {
        defer { items.clear() }
        switch unsafe YAMLContent(of: UnsafeRawBufferPointer(rebasing: bytes[start..<next])) {
        case .nothing: break
        // `%YAML 1.1` belongs to the document behind the next `---`.
        case .directives where isBorder: return
        case .directives, .something: addDocument(start..<next)
        }
        start = next
        startLine = line
    }

    private mutating func addDocument(_ range: Range<Int>) {
        guard unsafe items.areWhole(of: bytes, range) else {
            return list.add(range, at: TextPlace(line: startLine), role: .document)
        }
        for index in items.starts.indices {
            let start = items.starts[index]
            let end =
                index + 1 < items.starts.count ? items.starts[index + 1].offset : items.endOffset ?? range.upperBound
            list.add(start.offset..<end, at: TextPlace(line: start.line), role: .listItem)
        }
    }

    /// Three bytes with a space or the end of the line behind them.
    private func isMarker(_ marker: StaticString, at: Int) -> Bool {
        guard unsafe Bytes.has(marker, at: at, in: bytes) else { return false }
        return unsafe at + 3 == end || " \t\r\n".utf8.contains(bytes[at + 3])
    }

    /// True if only spaces and a comment follow on this line.
    private func isBlankLine(from start: Int) -> Bool {
        var at = start
        while at < end, unsafe " \t\r".utf8.contains(bytes[at]) { at += 1 }
        guard at < end, unsafe bytes[at] != UInt8(ascii: "\n") else { return true }
        return unsafe bytes[at] == UInt8(ascii: "#") && at > start
    }
}

/// What stands between two borders, judged by its first line that is more than a comment.
enum YAMLContent {
    case nothing, directives, something

    init(of bytes: UnsafeRawBufferPointer) {
        var at = 0
        var hasDirectives = false
        if unsafe Bytes.has("---", at: 0, in: bytes) { at = 3 }
        while at < bytes.count {
            let byte = unsafe bytes[at]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                at += 1
                continue
            case UInt8(ascii: "#"):
                break
            case UInt8(ascii: "%") where unsafe at == 0 || bytes[at - 1] == UInt8(ascii: "\n"):
                hasDirectives = true
            default:
                guard unsafe Self.isEndMarker(at: at, in: bytes) else {
                    self = .something
                    return
                }
            }
            let end = unsafe Bytes.firstIndex(of: UInt8(ascii: "\n"), in: bytes, from: at) ?? bytes.count
            // A comment ends at every line break that libyaml knows, and something may follow.
            guard
                unsafe YAMLOddities.areAbsent(from: UnsafeRawBufferPointer(rebasing: bytes[at..<end])) || hasDirectives
            else {
                self = .something
                return
            }
            at = end
        }
        self = hasDirectives ? .directives : .nothing
    }

    /// A line with `...`.
    private static func isEndMarker(at: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard unsafe Bytes.has("...", at: at, in: bytes), unsafe at == 0 || bytes[at - 1] == UInt8(ascii: "\n")
        else { return false }
        return unsafe at + 3 >= bytes.count || " \t\r\n".utf8.contains(bytes[at + 3])
    }
}
