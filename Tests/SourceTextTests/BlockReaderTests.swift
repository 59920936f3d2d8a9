import Testing

@testable import SourceText

/// What the reader of simple block YAML takes must be on the tape exactly as libyaml would have put it there.
struct BlockReaderTests {
    /// One node with its text.
    struct TapeNode: Equatable {
        var kind: NodeKind
        var line: UInt32
        var column: UInt32
        var span: UInt32
        var length: UInt32
        /// Of a container: its nodes with aliases expanded.
        var expansion: UInt32 = 0
        var text: [UInt8] = []
    }

    static func nodes(of document: Document) -> [TapeNode] {
        (0..<(unsafe document.tape.pointee.nodeCount)).map { index in
            let node = unsafe document.tape.pointee[index]
            var copy = TapeNode(
                kind: node.kind, line: node.line, column: node.column, span: node.span, length: node.length)
            if node.kind == .mapping || node.kind == .sequence {
                copy.expansion = node.offset
            } else {
                copy.text = unsafe Array(document.tape.pointee.text(of: node))
            }
            return copy
        }
    }

    /// Nil if the text is refused.
    static func simple(_ text: [UInt8], isListItem: Bool, into document: Document) -> [TapeNode]? {
        let isRead = unsafe text.withUnsafeBytes { bytes in
            unsafe BlockReader.read(bytes, isListItem: isListItem, line: 7, into: document)
        }
        if !isRead { #expect(unsafe document.tape.pointee.nodeCount == 0 && document.tape.pointee.depth == 0) }
        return isRead ? nodes(of: document) : nil
    }

    /// The values that libyaml finds; nil if it complains.
    static func full(_ text: [UInt8], isListItem: Bool, into document: Document) -> [[TapeNode]]? {
        unsafe text.withUnsafeBytes { bytes in
            var values: [[TapeNode]] = []
            do throws(DocumentProblem) {
                var reader = YAMLReader(into: document)
                try unsafe reader.begin(bytes, line: 7)
                var entries = YAMLEntries(isList: isListItem)
                while true {
                    let border = try entries.nextBorder(of: &reader)
                    if border.endsEntry { values.append(nodes(of: document)) }
                    reader.clear()
                    if border.nextLine == nil { return values }
                }
            } catch {
                return nil
            }
        }
    }

    /// True if the text is taken; it is a failure if libyaml does not read the same.
    static func isTaken(_ text: [UInt8], isListItem: Bool, into document: Document) -> Bool {
        guard let found = simple(text, isListItem: isListItem, into: document) else { return false }
        let expected = full(text, isListItem: isListItem, into: document)
        #expect(expected == [found], "\(String(decoding: text, as: UTF8.self))")
        return true
    }

    static let taken = [
        "a: 1", "a: 1\n", "---\na: 1\n", "# x\na: 1\n\n  # y\nb: 2\n", "  a: 1\n  b: 2\n", "a:\nb:   \nc: # x\n",
        "a: b # c: d\n", "a: b#c\n", "a: b c  d   \n", "a: b:c:d e:f\n", "a: \"b: c # d\"  # e\n", "a: 'b \"c\" {'\n",
        "a: {}\nb: []  # x\n", "\"a\": 1\n'b c': 2\n", "a b: 1\n", "a: -1\nb: --x=y\nc: -\"\nd: ---\n",
        "a: ~\nb: ...\n",
        "a: /x/*.y?z=1&w=[2]\n", "a:\n  b:\n    c: 1\n  d: 2\ne: 3\n", "a:\n  b:\nc:\n", "a: 1\na: 2\n",
        "a:\n- b\n- c\nd: e\n", "a:\n  - b\n  - c\nd: e\n", "a:\n-   b: 1\n    c: 2\n-\n- d:\n",
        "- a\n- b: 1\n  c:\n  - d\n",
        "- - a\n  - b\n-\n  - c\n- - - d: 1\n      e: 2\n", "a:\n-\n  b: 1\n", "a:\n  -\nb:\n", "- a:\n- b:\n",
        "- 'a': 1\n",
        "- {}\n- []\n- \"x\"\n", "a:\n\n\n  # x\n  b: 1\n", "01: 1\n_x: 2\nnull: 3\n",
        "a:\n- b:\n  - c:\n    - d\n  e: f\ng: h\n",
        String(repeating: "k", count: 1000) + ": 1\n", "- \"" + String(repeating: "k", count: 1000) + "\": 1\n",
        String(repeating: "- ", count: 50) + "a\n", "a: " + String(repeating: "x y", count: 1000) + "\n",
    ]

    @Test(arguments: taken) func takes(_ text: String) {
        #expect(Self.isTaken(Array(text.utf8), isListItem: false, into: Document()))
    }

    static let takenItems = [
        "- a", "- a: 1\n  b:\n  - c\n", "- {}\n", "- - a\n  - b\n", "-   a:\n      b: 1\n    c: 2\n# x\n",
    ]

    @Test(arguments: takenItems) func takesItem(_ text: String) {
        #expect(Self.isTaken(Array(text.utf8), isListItem: true, into: Document()))
    }

    static let refused = [
        "", "\n", "# x\n", "a\n", "a b\n", "\"a\"\n", "---\n", "--- a: 1\n", "---\n---\na: 1\n", "a: 1\n---\nb: 2\n",
        "a: 1\n...\n", "... : 1\n", "%YAML 1.1\n---\na: 1\n", "a: 1\r\n", "a:\t1\n", "a: 1\t\n", "\ta: 1\n", "a: é\n",
        "\u{feff}a: 1\n", "a: \u{7f}\n", "a: \u{0}\n", "a: 1\n # \u{1}\n", "a: |\n  b\n", "a: >-\n  b\n", "a: &x 1\n",
        "a: *x\n", "a: !!str 1\n", "a: {b: 1}\n", "a: [1]\n", "a: { }\n", "{a: 1}\n", "? a\n: 1\n", "<<: 1\n",
        "a: <<\n",
        "a: b: c\n", "a: b:\n", "a : 1\n", "\"a\" : 1\n", "\"a\":1\n", "a:1\n", "a: - b\n", "a: -\n", "a: \"b\\n\"\n",
        "a: 'b''c'\n", "a: \"b\n  c\"\n", "a: 'b\n", "a: \"b\" c\n", "a: \"b\"#c\n", "a: {} b\n", "a: b\n  c\n",
        "a: b\n  c: 1\n", "a:\n  b\n", "a:\n    b: 1\n  c: 2\n", "  a: 1\nb: 2\n", "  a: 1\n b: 2\n", "a: 1\n b: 2\n",
        "a:\n  - b\n - c\n", "a:\n  - b\n- c\n", "- a\nb: 1\n", "a: 1\n- b\n", "- a\n  - b\n", "- b: 1\n c: 2\n",
        "- b: 1\n   c: 2\n", "a:\n- b\n  c: 1\n", "a: @x\n", "a: `x\n", "a: ,\n", "a: ]\n", "a: :x\n", "a: ?x\n",
        "-a: 1\n",
        "a: 100%\n", "a: {}\n  b: 1\n", "a:\n- b\nc\n", "- 'a' : 1\n", "a: b :\n",
        String(repeating: "k", count: 1001) + ": 1\n", String(repeating: "- ", count: 51) + "a\n",
    ]

    @Test(arguments: refused) func refuses(_ text: String) {
        let document = Document()
        #expect(Self.simple(Array(text.utf8), isListItem: false, into: document) == nil)
    }

    @Test(arguments: [
        "a: 1\n", "-\n", "- # x\n  a\n", "- a\n- b\n", "- a: 1\nb: 2\n", " - a\n", "-a\n", "# x\n- a\n", "- a\n  b\n",
    ])
    func refusesItem(_ text: String) {
        let document = Document()
        #expect(Self.simple(Array(text.utf8), isListItem: true, into: document) == nil)
    }

    /// Lines put together at random: most are taken or nearly right.
    @Test func randomBlocksAreReadAsLibyamlReadsThem() {
        typealias Random = DocumentPropertyTests.Random
        let heads = [
            "- ", "- - ", "a: ", "b:", "-", "- c: ", "- d:", "\"e\": ", "# x", "", "'f':", "g h: ", "- -", "---",
        ]
        let tails = [
            "", "1", "x y", "\"q\"", "'r'", "{}", "[]", "# z", "s # t", "u:v", "  ", "-1", "w: 1", "\"k\": 2", "...",
        ]
        var random = Random(state: 3)
        let document = Document()
        var count = 0
        for round in 0..<20_000 {
            var text = ""
            var indent = 0
            for _ in 0..<Int.random(in: 1..<9, using: &random) {
                indent = max(0, min(8, indent + (Int.random(in: -2...2, using: &random))))
                text += String(repeating: " ", count: Bool.random(using: &random) ? indent & 6 : indent)
                text += heads.randomElement(using: &random) ?? ""
                text += Bool.random(using: &random) ? "\n" : (tails.randomElement(using: &random) ?? "") + "\n"
            }
            if Self.isTaken(Array(text.utf8), isListItem: round & 1 == 1, into: document) { count += 1 }
        }
        #expect(count > 500)
    }

    /// The text is looked through in words of three sizes; no byte may slip through at any offset.
    @Test(arguments: 0..<70) func refusedBytesAreSeenAnywhere(_ offset: Int) {
        for byte in UInt8.min...UInt8.max {
            var text = [UInt8](repeating: UInt8(ascii: "x"), count: 70)
            text[offset] = byte
            let isOrdinary = (0x20...0x7e).contains(byte) && byte != UInt8(ascii: "%") || byte == UInt8(ascii: "\n")
            for count in [offset + 1, 70] {
                let found = unsafe text.withUnsafeBytes { bytes in
                    unsafe BlockReader.isOrdinary(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                }
                #expect(found == isOrdinary, "byte \(byte) at \(offset) of \(count)")
            }
        }
    }

    /// Words end at any offset, so that eight bytes at once must not see more or less than one at a time.
    @Test(arguments: 0..<40) func scalarsEndWhereTheyEnd(_ count: Int) {
        let word = String(repeating: "w", count: count)
        for text in [
            "k\(word): v\n", "k: v\(word)\n", "k: v\(word) # c\n", "k: v\(word) w:x  y\n", "k:\n\(word)v: 1\n",
            "k: v\(word) :x\n", "k: \"\(word)\"\n", "k: \"\(word)\\n\"\n", "k: \"v\(word)\n\"\n", "- v\(word)\n",
            "- \(word)k: v\(word)", String(repeating: " ", count: count) + "k: v\n",
            "k:" + String(repeating: " ", count: count) + "v\n", "k: v" + String(repeating: " ", count: count) + "\n",
        ] {
            _ = Self.isTaken(Array(text.utf8), isListItem: false, into: Document())
        }
    }

    static let samples = [
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: web
          annotations:
            prometheus.io/path: /metrics?x=1
            note: "two words: # here"
        spec:
          clusterIP: 10.96.0.10
          ports:
          - name: http # first
            port: 80
          - name: 'metrics'
            port: 9090
          selector: {}

          # tail
        status:
          loadBalancer:
            ingress: []

        """,
        """
        - apiVersion: v1
          metadata:
            labels:
            name: web-0
          spec:
            containers:
              - args:
                  - --foo=bar
                  - -v
                name: c
            volumes:
            -
              name: x
          status:

        """,
    ]

    @Test(arguments: samples.indices) func damagedManifestsAreReadAsLibyamlReadsThem(_ sample: Int) {
        let original = Array(Self.samples[sample].utf8)
        let interesting = Array("\"'{}[]:,-&*!#|>?\\\n\n\n  : - #a.@`~<\t\r%\u{0}\u{7f}".utf8) + [0xc3, 0x85]
        let document = Document()
        var random = DocumentPropertyTests.Random(state: UInt64(sample))
        #expect(Self.isTaken(original, isListItem: sample == 1, into: document))
        var count = 0
        for _ in 0..<10_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<6, using: &random) {
                case 0: bytes.remove(at: at)
                case 1: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: at)
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1..<9, using: &random)))
                case 3: bytes.insert(contentsOf: bytes[at...].prefix(Int.random(in: 1..<20, using: &random)), at: at)
                case 4: bytes.insert(UInt8(ascii: " "), at: at)
                default: bytes[at] = interesting.randomElement(using: &random) ?? 0
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            if Self.isTaken(bytes, isListItem: sample == 1, into: document) { count += 1 }
        }
        #expect(count > 1000)
    }

    /// Pieces for libyaml between pieces that need none are found in their order, with their places.
    @Test func mixedPiecesKeepTheirOrder() {
        let text = "a: 1\n---\nb: |\n  x\n---\nc: [1]\n---\nd: 2\n---\ne: {\n---\nf: 3\n"
        let reading = read(text)
        #expect(reading.values == ["{a: 1}", "{b: \"x\n\"}", "{c: [1]}", "{d: 2}", "{f: 3}"])
        #expect(reading.problems.count == 1)
        #expect(reading.problems.first?.hasPrefix("1") == true)
    }
}
