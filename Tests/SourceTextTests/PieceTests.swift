import SourceText
import Testing

struct PieceTests {
    /// "line:column text" of each piece, with "- " before an element of a List.
    static func pieces(_ text: String, as format: TextFormat) -> [String] {
        unsafe withPieces(Array(text.utf8), as: format) { bytes, cutText in
            cutText.pieces.enumerated().map { index, piece in
                #expect(piece.index == index)
                let text = unsafe String(decoding: bytes[piece.range], as: UTF8.self)
                return "\(piece.isListItem ? "- " : "")\(piece.line):\(piece.column) \(text)"
            }
        }
    }

    static let documents = [
        TextCase("one", "a: 1\nb: 2\n", "1:1 a: 1\nb: 2\n"),
        TextCase("no line end", "a: 1\n---\nb: 2", "1:1 a: 1\n", "2:1 ---\nb: 2"),
        TextCase(
            "every form of the border", "---\na\n--- b\n---\tc\n---\r\nd\r\n---", "1:1 ---\na\n", "3:1 --- b\n",
            "4:1 ---\tc\n", "5:1 ---\r\nd\r\n"),
        TextCase("no border", "--- a\n----\n---b\n ---\n", "1:1 --- a\n----\n---b\n ---\n"),
        TextCase("end markers", "a\n...\nb\n... # c\n...\nd\n...", "1:1 a\n...\n", "3:1 b\n... # c\n", "6:1 d\n..."),
        TextCase("no end marker", "a\n....\n...b\n", "1:1 a\n....\n...b\n"),
        TextCase("comments and blanks", "# x\n\n---\n# y\n--- # z\n\n---\na: 1\n# e\n---\n", "7:1 ---\na: 1\n# e\n"),
        TextCase("a comment before the content", "# x\na: 1\n", "1:1 # x\na: 1\n"),
        TextCase("a line break that only YAML knows ends a comment", "# x\u{85}a: 1\n", "1:1 # x\u{85}a: 1\n"),
        TextCase("directives stay", "# x\n%YAML 1.1\n---\na\n", "1:1 # x\n%YAML 1.1\n---\na\n"),
        TextCase("percent in content", "a: 1\n%b\n---\nc\n", "1:1 a: 1\n%b\n", "3:1 ---\nc\n"),
        TextCase("byte order mark", "\u{feff}---\na\n", "1:1 ---\na\n"),
        TextCase("empty", ""),
        TextCase("line feed only", "\n"),
        TextCase(
            "long lines", String(repeating: "x", count: 50) + "\n---\ny\n",
            "1:1 " + String(repeating: "x", count: 50) + "\n", "2:1 ---\ny\n"),
    ]

    /// Lines are found eight bytes at once: borders at every offset, and several in one word.
    @Test(arguments: 0..<20) func cutsYAMLAtEveryOffset(_ shift: Int) {
        let word = String(repeating: "x", count: shift)
        let first = "a: \(word)\n  b\n\n \n c\n"
        let second = "---\nd\n\n\n#\n"
        #expect(Self.pieces(first + second + "---\ne", as: .yaml) == ["1:1 " + first, "6:1 " + second, "11:1 ---\ne"])
        #expect(Self.pieces(first + "---", as: .yaml) == ["1:1 " + first])
        let list = "kind: List\nx: \(word)\nitems:\n- 1\n-\n  2\n- 3\n"
        #expect(Self.pieces(list, as: .yaml) == ["- 4:1 - 1\n", "- 5:1 -\n  2\n", "- 7:1 - 3\n"])
    }

    @Test(arguments: documents) func cutsYAML(_ c: TextCase) {
        #expect(Self.pieces(c.text, as: .yaml) == c.expected)
    }

    static let lists = [
        TextCase(
            "as kubectl writes it",
            "apiVersion: v1\nitems:\n- a: 1\n  b:\n  - 2\n- c: 3\nkind: List\nmetadata:\n  x: \"\"\n",
            "- 3:1 - a: 1\n  b:\n  - 2\n", "- 6:1 - c: 3\n"),
        TextCase("kind first", "kind: ServiceList\nitems: # all\n- 1\n-\n  2\n", "- 3:1 - 1\n", "- 4:1 -\n  2\n"),
        TextCase("CR LF", "kind: List\r\nitems:\r\n- 1\r\n- 2\r\n", "- 3:1 - 1\r\n", "- 4:1 - 2\r\n"),
        TextCase(
            "among documents", "x: 1\n---\nkind: List\nitems:\n- 1\n...\n---\ny: 2\n", "1:1 x: 1\n", "- 5:1 - 1\n",
            "7:1 ---\ny: 2\n"),
        TextCase(
            "comments between", "kind: List\nitems:\n# x\n- 1\n# y\n- 2\n# z\n", "- 4:1 - 1\n# y\n", "- 6:1 - 2\n# z\n"),
        TextCase("not a List", "kind: Thing\nitems:\n- 1\n", "1:1 kind: Thing\nitems:\n- 1\n"),
        TextCase("no kind", "items:\n- 1\n", "1:1 items:\n- 1\n"),
        TextCase("indented elements", "kind: List\nitems:\n  - 1\n", "1:1 kind: List\nitems:\n  - 1\n"),
        TextCase("nested items", "kind: List\nspec:\n  items:\n- 1\n", "1:1 kind: List\nspec:\n  items:\n- 1\n"),
        TextCase("items twice", "kind: List\nitems:\n- 1\nitems:\n- 2\n", "1:1 kind: List\nitems:\n- 1\nitems:\n- 2\n"),
        TextCase(
            "items in a string", "kind: List\na: \"\nitems:\n- 1\n\"\n", "1:1 kind: List\na: \"\nitems:\n- 1\n\"\n"),
        TextCase("broken frame", "kind: List\na: [\nitems:\n- 1\n", "1:1 kind: List\na: [\nitems:\n- 1\n"),
        TextCase("empty", "kind: List\nitems: []\n", "1:1 kind: List\nitems: []\n"),
        TextCase("empty block", "kind: List\nitems:\n", "1:1 kind: List\nitems:\n"),
        TextCase("anchors inside", "kind: List\nitems:\n- &a {x: *a}\n- 1\n", "- 3:1 - &a {x: *a}\n", "- 4:1 - 1\n"),
        TextCase("anchors across", "kind: List\nitems:\n- &a 1\n- *a\n", "1:1 kind: List\nitems:\n- &a 1\n- *a\n"),
        TextCase(
            "anchor in the head", "kind: List\nx: &a 1\nitems:\n- *a\n", "1:1 kind: List\nx: &a 1\nitems:\n- *a\n"),
        TextCase(
            "line breaks that only YAML knows", "kind: List\nitems:\n- a\u{85}kind: X\n",
            "1:1 kind: List\nitems:\n- a\u{85}kind: X\n"),
        TextCase(
            "signs that are none", "kind: List\nitems:\n- a & b\n- '*/5 * * *'\n", "- 3:1 - a & b\n",
            "- 4:1 - '*/5 * * *'\n"),
    ]

    @Test(arguments: lists) func cutsListsInYAML(_ c: TextCase) {
        #expect(Self.pieces(c.text, as: .yaml) == c.expected)
    }

    static let json = [
        TextCase("one", "{\"a\": 1}\n", "1:1 {\"a\": 1}"),
        TextCase("in a row", "{\"é\":1} {}\n [1]2", "1:1 {\"é\":1}", "1:9 {}", "- 2:3 1", "2:5 2"),
        TextCase(
            "List", "{\"kind\": \"List\", \"items\": [\n {\"a\": \"]}\\\"\"},\n {\"b\": [{}]} , 3 ], \"x\": {}}",
            "- 2:2 {\"a\": \"]}\\\"\"}", "- 3:2 {\"b\": [{}]}", "- 3:16 3"),
        TextCase("kind behind", "{\"items\":[1],\"kind\":\"PodList\"}", "- 1:11 1"),
        TextCase("empty List", "{\"kind\":\"List\",\"items\":[ ]}"),
        TextCase("array", "[{\"a\":1},\n\n{\"b\":2}]", "- 1:2 {\"a\":1}", "- 3:1 {\"b\":2}"),
        TextCase("no List", "{\"kind\":\"Thing\",\"items\":[1]}", "1:1 {\"kind\":\"Thing\",\"items\":[1]}"),
        TextCase("kind of an element", "{\"items\":[{\"kind\":\"List\"}]}", "1:1 {\"items\":[{\"kind\":\"List\"}]}"),
        TextCase(
            "items twice", "{\"kind\":\"List\",\"items\":[1],\"items\":[2]}",
            "1:1 {\"kind\":\"List\",\"items\":[1],\"items\":[2]}"),
        TextCase(
            "items no array", "{\"kind\":\"List\",\"items\":{\"a\":1}}", "1:1 {\"kind\":\"List\",\"items\":{\"a\":1}}"),
        TextCase("missing comma", "{\"kind\":\"List\",\"items\":[1 2]}", "1:1 {\"kind\":\"List\",\"items\":[1 2]}"),
        TextCase("trailing comma", "[1,]", "1:1 [1,]"),
        TextCase(
            "broken frame", "{\"kind\":\"List\",\"x\":01,\"items\":[1]}",
            "1:1 {\"kind\":\"List\",\"x\":01,\"items\":[1]}"),
        TextCase("unclosed", "{\"a\":1} {\"b\":[", "1:1 {\"a\":1}", "1:9 {\"b\":["),
        TextCase("garbage", "{} ,{} {}", "1:1 {}", "1:4 ,{} {}"),
        TextCase("byte order mark", "\u{feff}{}", "1:1 {}"),
        TextCase("empty", " \n"),
    ]

    @Test(arguments: json) func cutsJSON(_ c: TextCase) {
        #expect(Self.pieces(c.text, as: .json) == c.expected)
    }

    @Test(arguments: [
        ("a.yaml", TextFormat.yaml), ("a.yml", .yaml), ("A.YAML", .yaml), ("a.json", .json), ("a.b.json", .json),
        ("yaml", nil), ("a.txt", nil), ("a.yaml.bak", nil), ("", nil),
    ]) func knowsFormats(_ name: String, _ format: TextFormat?) {
        #expect(TextFormat(fileName: name) == format)
    }

    @Test func equalPiecesHaveEqualHashes() {
        func hashes(_ text: String) -> [UInt64] {
            unsafe withPieces(Array(text.utf8), as: .yaml) { _, cutText in cutText.pieces.map(\.hash) }
        }
        let before = hashes("---\na: 1\n---\nb: 2\n---\nc: 3\n")
        let after = hashes("# new\n---\na: 1\n---\nb: 9\n---\nc: 3\n")
        #expect(before[0] == after[0])
        #expect(before[1] != after[1])
        #expect(before[2] == after[2])
        #expect(Set(before).count == 3)
    }

    /// One flipped bit anywhere, a byte more or a byte less: always another hash.
    @Test func hashesSeeEveryByte() {
        var seen: Set<UInt64> = []
        var count = 0
        func add(_ bytes: [UInt8]) {
            count += 1
            unsafe withPieces(bytes, as: .json) { _, cutText in
                #expect(cutText.pieces.count == 1)
                for piece in cutText.pieces { seen.insert(piece.hash) }
            }
        }
        for length in 0..<70 {
            let bytes = Array("\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: length) + Array("\"".utf8)
            add(bytes)
            for index in 0..<length {
                var changed = bytes
                changed[index + 1] = UInt8(ascii: "y")
                add(changed)
            }
        }
        #expect(seen.count == count)
    }

    static let manyDocuments = (0..<300).map { "---\nn: \($0)\n" }.joined()
    static let manyElements =
        "{\"kind\":\"List\",\"items\":[" + (0..<300).map { "{\"n\":\($0)}" }.joined(separator: ",") + "]}"
    static let listInYAML = "kind: List\nitems:\n" + (0..<300).map { "- n: \($0)\n" }.joined()

    static let long = [
        "documents": (manyDocuments, TextFormat.yaml), "YAML List": (listInYAML, .yaml),
        "JSON List": (manyElements, .json),
    ]

    @Test(arguments: ["documents", "YAML List", "JSON List"])
    func readsAnyOfThePieces(_ name: String) throws {
        let (text, format) = try #require(Self.long[name])
        for step in [1, 2, 7, 299] {
            let reading = read(Array(text.utf8), as: format) { $0.index % step == 0 }
            #expect(reading.values == stride(from: 0, to: 300, by: step).map { "{n: \($0)}" })
            #expect(reading.problems == [])
        }
        #expect(read(Array(text.utf8), as: format) { (10..<20).contains($0.index) }.values.count == 10)
        #expect(read(Array(text.utf8), as: format) { _ in false } == Reading())
    }

    @Test func eachValueComesWithItsPiece() {
        for (text, format) in [
            (Self.manyDocuments, TextFormat.yaml), (Self.listInYAML, .yaml), (Self.manyElements, .json),
        ] {
            unsafe withPieces(Array(text.utf8), as: format) { bytes, cutText in
                unsafe DocumentReader().read(
                    cutText.pieces, of: bytes, cut: cutText, into: Document(),
                    found: { value, piece in #expect(value["n"]?.integer == piece.index) },
                    problem: { problem, _ in Issue.record("\(problem)") })
            }
        }
    }

    @Test func listsThatAreNotCutComeWhole() {
        #expect(
            read("x: 1\n---\nkind: List\nitems:\n  - a: &x 1\n  - b: *x\n").values.last
                == "{kind: \"List\", items: [{a: 1}, {b: 1}]}")
        #expect(read("kind: List\nitems:\n- &x {a: 1}\n- *x\n").values == ["{kind: \"List\", items: [{a: 1}, {a: 1}]}"])
    }
}
