import SourceText
import Testing

/// Random values, written down in every style, read back equal; random damage never does more than give a problem.
struct DocumentPropertyTests {
    /// SplitMix64: the same values in every run.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            return mixed ^ mixed >> 31
        }
    }

    static func tree(_ depth: Int, _ random: inout Random) -> Tree {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
        case 0: return .null
        case 1: return .boolean(Bool.random(using: &random))
        case 2: return .integer(Int(truncatingIfNeeded: random.next()) >> Int.random(in: 0..<64, using: &random))
        case 3, 4, 5: return .string(text(&random))
        case 6: return .sequence((0..<Int.random(in: 0..<5, using: &random)).map { _ in tree(depth - 1, &random) })
        default:
            return .mapping(
                (0..<Int.random(in: 0..<5, using: &random)).map {
                    Tree.Member(key: "\($0)" + text(&random), value: tree(depth - 1, &random))
                })
        }
    }

    /// Strings made of what is awkward to write.
    static func text(_ random: inout Random) -> String {
        let parts = [
            "a", "web", " ", "\n", "\"", "'", "\\", ":", ": ", "#", " #", "-", "- ", "{", "}", "[", "]", ",", "true",
            "null",
            "12", "é", "€", "😀", "\t", "&x", "*x", "%", "@", "---", "\r", "<<", "~", "\u{1}", "\u{2028}", "\u{85}",
        ]
        return (0..<Int.random(in: 0..<6, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
            .joined()
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x85 || scalar.value == 0x2028:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// JSON, which is also YAML in flow style; `space` stands wherever white space may.
    static func json(_ tree: Tree, space: String = "") -> String {
        switch tree {
        case .mapping(let members):
            return "{" + space
                + members.map { "\(quoted($0.key))\(space): \(json($0.value, space: space))" }
                .joined(separator: "\(space),\(space)") + space + "}"
        case .sequence(let elements):
            return "[" + space + elements.map { json($0, space: space) }.joined(separator: "\(space), ") + space + "]"
        case .string(let text): return quoted(text)
        case .number(let text): return text
        case .integer(let value): return String(value)
        case .boolean(let value): return String(value)
        case .null: return "null"
        }
    }

    /// Block style, without the first indentation.
    static func block(_ tree: Tree, _ indent: String = "") -> String {
        switch tree {
        case .mapping(let members) where !members.isEmpty:
            return members.map { "\(quoted($0.key)):\(child($0.value, indent + "  "))" }.joined(separator: indent)
        case .sequence(let elements) where !elements.isEmpty:
            return elements.map { "-\(child($0, indent + "  "))" }.joined(separator: indent)
        default: return json(tree) + "\n"
        }
    }

    static func child(_ tree: Tree, _ indent: String) -> String {
        switch tree {
        case .mapping(let members) where !members.isEmpty: return "\n" + indent + block(tree, indent)
        case .sequence(let elements) where !elements.isEmpty: return "\n" + indent + block(tree, indent)
        default: return " " + block(tree, indent)
        }
    }

    @Test func randomValuesReadBackEqual() {
        var random = Random(state: 1)
        for _ in 0..<400 {
            let tree = Self.tree(5, &random)
            // An outermost array would be cut into its elements.
            let value = Tree.mapping([Tree.Member(key: "value", value: tree)])
            #expect(trees(Self.json(value), as: .json) == [value])
            #expect(trees(Self.json(value, space: "\r\n\t "), as: .json) == [value])
            #expect(trees(Self.json(value), as: .yaml) == [value])
            #expect(trees(Self.block(value), as: .yaml) == [value])
            #expect(
                trees("# x\n--- # y\n" + Self.block(value) + "...\n---\n" + Self.block(value), as: .yaml) == [
                    value, value,
                ])
        }
    }

    @Test func randomListsAreCutAndReadBackEqual() {
        var random = Random(state: 2)
        for _ in 0..<60 {
            let items = (0..<Int.random(in: 1..<40, using: &random)).map { index in
                Tree.mapping([Tree.Member(key: "n\(index)", value: Self.tree(3, &random))])
            }
            let list = Tree.mapping([
                Tree.Member(key: "apiVersion", value: .string("v1")),
                Tree.Member(key: "items", value: .sequence(items)),
                Tree.Member(key: "kind", value: .string("List")),
            ])
            #expect(trees(Self.json(list), as: .json) == items)
            let text = "apiVersion: v1\nitems:\n" + items.map { "- " + Self.block($0, "  ") }.joined() + "kind: List\n"
            // Text in quotes that looks like anchors keeps the List whole, which is right too.
            let found = trees(text, as: .yaml)
            #expect(found == items || found == [list])
            if !text.contains("*x") { #expect(found == items) }
        }
    }

    static let samples: [(String, TextFormat)] = [
        (
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  labels: {a: \"b\\n\", <<: *x}\nspec:\n  ports:\n  - port: 80\n---\n&x a: |\n  text\n",
            .yaml
        ),
        (
            "apiVersion: v1\nitems:\n- a: 1\n  b: [x, 'y']\n- &x c: *x\n- d: >-\n    z\nkind: List\n...\n%YAML 1.1\n---\n? q\n: !!str 1\n",
            .yaml
        ),
        (
            "{\"kind\":\"List\",\"items\":[{\"a\":\"\\u00e9\\ud83d\\ude00\"},\n{\"b\":[1,-2.5e3,true,null]}],\"x\":{}} [1, 2] {\"é\": \"€\"}",
            .json
        ),
    ]

    /// Thousands of damaged manifests: every one ends, gives values or problems, and the next document is not disturbed.
    @Test(arguments: samples.indices) func damageIsNeverMoreThanAProblem(_ sample: Int) {
        let (text, format) = Self.samples[sample]
        let original = Array(text.utf8)
        let interesting =
            Array("\"'{}[]:,-&*!%#|>?\\\n\r\t @`~<\u{0}\u{1}".utf8) + [0x80, 0xc3, 0xe2, 0xff, 0xef, 0xbb]
        let document = Document()
        let whole = read(original, as: format, into: document)
        var random = Random(state: UInt64(sample))
        for round in 0..<3000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes.remove(at: at)
                case 1: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: at)
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1..<9, using: &random)))
                case 3: bytes.insert(contentsOf: bytes[at...].prefix(Int.random(in: 1..<20, using: &random)), at: at)
                default: bytes[at] = interesting.randomElement(using: &random) ?? 0
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            let reading = read(bytes, as: format, into: document)
            for problem in reading.problems { #expect(problem.first?.isNumber == true) }
            // Every tenth: pieces read one by one give the same as pieces read together.
            guard round % 10 == 0 else { continue }
            var alone = Reading()
            let count = unsafe withPieces(bytes, as: format) { _, text in text.pieces.count }
            for index in 0..<count {
                let one = read(bytes, as: format, into: document) { $0.index == index }
                alone.values += one.values
                alone.problems += one.problems
            }
            #expect(alone == reading)
        }
        #expect(read(original, as: format, into: document) == whole)
    }
}
