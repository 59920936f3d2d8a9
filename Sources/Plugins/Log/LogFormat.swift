/// How a line of the query log is written: literal text and placeholders in turn, cut once when the Corefile is read.
public struct LogFormat: Hashable, Sendable {
    public enum Piece: Hashable, Sendable {
        case text(String)
        case field(Placeholder)
        /// Every value, as one JSON object (RFC 8259).
        case object
    }

    /// A word in braces that stands for a value of `LogFields`.
    public enum Placeholder: String, CaseIterable, Hashable, Sendable {
        case remote, port, local, type, name, proto, size, rcode, rsize, duration
        case queryClass = "class"
        case id = ">id"
        case opcode = ">opcode"
        case isDNSSECWanted = ">do"
        case bufferSize = ">bufsize"
        case responseFlags = ">rflags"
        /// The same without the sign, as some Corefiles have it.
        case plainResponseFlags = "rflags"
        /// The server of `forward` that gave the answer.
        case upstream = "/forward/upstream"
    }

    public let pieces: [Piece]

    public init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// `{common}`: `[::1]:50759 - 29008 "A IN example.org. udp 41 false 4096" NOERROR qr,aa,rd 68 0.000037s`
    public static let common = cut(commonText).format
    /// `{combined}`: the same and the opcode.
    public static let combined = cut(commonText + " \"{>opcode}\"").format

    /// `format json`: one object a line, for programs.
    public static let json = LogFormat(pieces: [.object])

    private static let commonText =
        "{remote}:{port} - {>id} \"{type} {class} {name} {proto} {size} {>do} {>bufsize}\""
        + " {rcode} {>rflags} {rsize} {duration}"

    /// What a format falls into, and the words in braces that stand for nothing.
    ///
    /// `{common}` and `{combined}` may be part of a longer text. An unknown word stays as it is written; `{/label}`
    /// other than that of `forward` becomes "-", which is what a label without a value shows.
    static func cut(_ text: String) -> (format: LogFormat, unknown: [String]) {
        var cutter = Cutter()
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            cutter.literal += rest[..<open]
            cutter.add(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        cutter.literal += rest
        cutter.endLiteral()
        return (LogFormat(pieces: cutter.pieces), cutter.unknown)
    }

    private struct Cutter {
        var pieces: [Piece] = []
        var unknown: [String] = []
        var literal = ""

        mutating func add(_ word: String) {
            if let field = Placeholder(rawValue: word) {
                endLiteral()
                pieces.append(.field(field))
            } else if word == "common" || word == "combined" {
                endLiteral()
                pieces += word == "common" ? LogFormat.common.pieces : LogFormat.combined.pieces
            } else {
                literal += word.hasPrefix("/") ? "-" : "{\(word)}"
                unknown.append(word)
            }
        }

        mutating func endLiteral() {
            guard !literal.isEmpty else { return }
            // Neighbours become one, so that equal lines are equal formats.
            if case .text(let before)? = pieces.last {
                pieces[pieces.count - 1] = .text(before + literal)
            } else {
                pieces.append(.text(literal))
            }
            literal = ""
        }
    }
}
