import SourceText
import Testing

/// A value as a tree, to compare whole documents.
indirect enum Tree: Hashable {
    case mapping([Member])
    case sequence([Tree])
    case string(String)
    case integer(Int)
    /// A float, or a whole number beyond 64 bits, as written.
    case number(String)
    case boolean(Bool)
    case null

    struct Member: Hashable {
        var key: String
        var value: Tree
    }

    /// Walks over every node with every accessor of `Value`.
    init(_ value: Value) {
        switch value.kind {
        case .mapping: self = .mapping(value.members.map { Member(key: $0.key.text, value: Tree($0.value)) })
        case .sequence: self = .sequence(value.elements.map { Tree($0) })
        case .string: self = .string(value.string ?? "no string")
        case .integer: self = value.integer.map(Tree.integer) ?? .number(value.text)
        case .float: self = .number(value.text)
        case .boolean: self = value.boolean.map(Tree.boolean) ?? .string("no boolean")
        case .null: self = .null
        }
    }
}

extension Tree: CustomStringConvertible {
    /// A short form for tables: strings in quotes, everything else bare.
    var description: String {
        switch self {
        case .mapping(let members):
            return "{" + members.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        case .sequence(let elements):
            return "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .string(let text): return "\"" + text + "\""
        case .integer(let value): return String(value)
        case .number(let text): return text
        case .boolean(let value): return String(value)
        case .null: return "null"
        }
    }
}

/// What a text gives, in order.
struct Reading: Equatable {
    /// Values in the short form of `Tree`.
    var values: [String] = []
    /// "line:column: text".
    var problems: [String] = []
}

func withPieces<Result>(
    _ bytes: [UInt8], as format: TextFormat, _ body: (UnsafeRawBufferPointer, CutText) -> Result
) -> Result {
    unsafe bytes.withUnsafeBytes { bytes in unsafe body(bytes, cut(bytes, as: format)) }
}

/// Cuts and reads a whole text, or the pieces that `choose` names.
func read(
    _ bytes: [UInt8], as format: TextFormat, into document: Document = Document(),
    choose: (Piece) -> Bool = { _ in true }
) -> Reading {
    unsafe withPieces(bytes, as: format) { bytes, cutText in
        var reading = Reading()
        unsafe DocumentReader().read(
            cutText.pieces.filter(choose), of: bytes, cut: cutText, into: document,
            found: { value, _ in reading.values.append(Tree(value).description) },
            problem: { problem, _ in
                reading.problems.append("\(problem.line):\(problem.column): \(problem.text)")
            })
        return reading
    }
}

func read(_ text: String, as format: TextFormat = .yaml) -> Reading { read(Array(text.utf8), as: format) }

/// The trees of a text; problems are test failures.
func trees(_ text: String, as format: TextFormat) -> [Tree] {
    unsafe withPieces(Array(text.utf8), as: format) { bytes, cutText in
        var trees: [Tree] = []
        unsafe DocumentReader().read(
            cutText.pieces, of: bytes, cut: cutText, into: Document(),
            found: { value, _ in trees.append(Tree(value)) },
            problem: { problem, _ in Issue.record("\(problem.line):\(problem.column): \(problem.text)\n\(text)") })
        return trees
    }
}

/// Calls `body` with the one value of a text.
func withValue(_ text: String, as format: TextFormat = .yaml, _ body: (Value) -> Void) {
    var count = 0
    unsafe withPieces(Array(text.utf8), as: format) { bytes, cutText in
        unsafe DocumentReader().read(
            cutText.pieces, of: bytes, cut: cutText, into: Document(),
            found: { value, _ in
                count += 1
                body(value)
            },
            problem: { problem, _ in Issue.record("\(problem)") })
    }
    #expect(count == 1)
}

struct TextCase: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let expected: [String]

    init(_ name: String, _ text: String, _ expected: String...) {
        self.name = name
        self.text = text
        self.expected = expected
    }

    var testDescription: String { name }
}
