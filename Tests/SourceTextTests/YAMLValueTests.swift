import SourceText
import Testing

struct YAMLValueTests {
    static let documents = [
        TextCase("block", "a: 1\nb:\n- x\n- y: z\n", #"{a: 1, b: ["x", {y: "z"}]}"#),
        TextCase("flow", "{a: [1, two, {b: null}], \"c\": 'd'}", #"{a: [1, "two", {b: null}], c: "d"}"#),
        TextCase("several documents", "a: 1\n---\nb: 2\n--- 3\n...\n4\n", "{a: 1}", "{b: 2}", "3", "4"),
        TextCase("quoted is a string", "[\"1\", 'true', \"\", '~', \"yes\"]", #"["1", "true", "", "~", "yes"]"#),
        TextCase(
            "block scalars", "a: |\n  x\n  y\nb: >-\n  x\n  y\nc: |\n  12\n", "{a: \"x\ny\n\", b: \"x y\", c: \"12\n\"}"
        ),
        TextCase("escapes", #"["\u00e9\x41\n\U0001F600"]"#, "[\"éA\n😀\"]"),
        TextCase("CR LF", "a: 1\r\nb:\r\n- c\r\n---\r\nd: 2\r\n", #"{a: 1, b: ["c"]}"#, "{d: 2}"),
        TextCase("byte order mark", "\u{feff}a: 1\n", "{a: 1}"),
        TextCase("tag !!str", "[!!str 12, !!str true, !!str ]", #"["12", "true", ""]"#),
        TextCase("tag !!int on quotes", "[!!int \"12\", !!bool 'yes', !!null '']", "[12, true, null]"),
        TextCase("tag !", "[! 12, ! 'x']", #"[12, "x"]"#),
        TextCase("unknown tags", "[!foo 12, !!binary aGk=, !<x:y> \"z\", !m {a: 1}]", #"[12, "aGk=", "z", {a: 1}]"#),
        TextCase("directives", "%YAML 1.1\n%TAG !e! tag:example.com,2000:\n---\na: !e!x 1\n", "{a: 1}"),
        TextCase("directives between documents", "a: 1\n...\n%YAML 1.1\n---\nb: 2\n", "{a: 1}", "{b: 2}"),
        TextCase("anchor and alias", "a: &x [1, 2]\nb: *x\nc: {d: *x}\n", "{a: [1, 2], b: [1, 2], c: {d: [1, 2]}}"),
        TextCase("alias of a scalar", "- &n 12\n- *n\n", "[12, 12]"),
        TextCase("anchor named again", "- &n 1\n- *n\n- &n 2\n- *n\n", "[1, 1, 2, 2]"),
        TextCase("alias as key", "&k a: 1\nb: {*k : 2}\n", "{a: 1, b: {a: 2}}"),
        TextCase("complex key", "? [a, b]\n: 1\n", "{: 1}"),
        TextCase("empty values", "a:\nb: \nc: ~\n", "{a: null, b: null, c: null}"),
        TextCase("empty document", "--- \n--- !!str\n---\na: 1\n", "\"\"", "{a: 1}"),
        TextCase("only comments", "# nothing\n---\n# here\n---\n\n"),
        TextCase("text that looks like borders", "a: |\n  ---\n  b\nc: '...'\n", "{a: \"---\nb\n\", c: \"...\"}"),
        TextCase("duplicate keys", "a: 1\na: 2\n", "{a: 1, a: 2}"),
        TextCase("lone CR", "a: 1\rb: 2\r---\rc: 3\r", "{a: 1, b: 2}", "{c: 3}"),
        TextCase("Unicode line breaks", "a: 1\u{2028}b: 2\n---\nc: 3\n", "{a: 1, b: 2}", "{c: 3}"),
    ]

    @Test(arguments: documents) func reads(_ c: TextCase) {
        let reading = read(c.text)
        #expect(reading.values == c.expected)
        #expect(reading.problems == [])
    }

    static let merges = [
        TextCase("one mapping", "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n", "{a: {x: 1, y: 2}, b: {y: 3, x: 1}}"),
        TextCase("own key first", "a: &a {x: 1}\nb: {x: 2, <<: *a}\n", "{a: {x: 1}, b: {x: 2}}"),
        TextCase(
            "a list, the first wins", "- &a {x: 1}\n- &b {x: 2, y: 3}\n- {<<: [*a, *b]}\n",
            "[{x: 1}, {x: 2, y: 3}, {x: 1, y: 3}]"),
        TextCase(
            "in a chain", "- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}\n", "[{x: 1}, {y: 2, x: 1}, {y: 2, x: 1}]"),
        TextCase("inline", "<<: {a: 1}\nb: [{<<: {c: {d: 2}}}]\n", "{b: [{c: {d: 2}}], a: 1}"),
        TextCase("quoted is a key", "'<<': 1\n", "{<<: 1}"),
        TextCase("elsewhere it is text", "- <<\n- {a: <<}\n", #"["<<", {a: "<<"}]"#),
    ]

    @Test(arguments: merges) func followsMergeKeys(_ c: TextCase) {
        #expect(read(c.text) == Reading(values: c.expected))
    }

    /// Keys are compared by their ends, which overlap: each length has its own way.
    @Test func keysThatDifferInOneByteAreDifferent() {
        let keys: [StaticString] = [
            "k", "ke", "key", "keys", "keyss", "keysss", "keyssss", "keysssss", "keyssssss", "keysssssss",
            "keyssssssssssss", "keysssssssssssss", "keyssssssssssssss", "keysssssssssssssssssssss",
        ]
        for key in keys {
            for place in 0..<key.utf8CodeUnitCount {
                var other = Array("\(key)".utf8)
                other[place] = UInt8(ascii: "x")
                let wrong = String(decoding: other, as: UTF8.self)
                withValue("\(wrong): 1\nother: 2\n") { value in #expect(value[key] == nil, "\(wrong)") }
                withValue("\(wrong): 1\n\(key): 2\n\(key)s: 3\n") { value in #expect(value[key]?.integer == 2) }
            }
        }
        withValue("? [a]\n: 1\n? {b: c}\n: 2\n'': 3\n&d d: 4\n") { value in
            #expect(value[""]?.integer == 3)
            #expect(value["d"]?.integer == 4)
        }
        withValue("- &k key\n- {*k : 1, b: 2}\n") { value in
            #expect(value.elements.map { $0["key"]?.integer } == [nil, 1])
        }
    }

    @Test func findsMembers() {
        withValue("kind: Service\nn: &n {x: 1}\nports: [a, b]\nkind: Last\non: true\nm: {<<: *n}\n") { value in
            #expect(value["kind"]?.string == "Last")
            #expect(value["kind"]?.equals("Last") == true)
            #expect(value["kind"]?.equals("Service") == false)
            #expect(value["kind"]?.equals("Las") == false)
            #expect(value["on"]?.boolean == true)
            #expect(value["none"] == nil)
            #expect(value["kind"]?["x"] == nil)
            #expect(value["m"]?["x"]?.integer == 1)
            #expect(value["m"]?.count == 1)
            #expect(value["ports"]?.count == 2)
            #expect(value["ports"]?.elements.map(\.text) == ["a", "b"])
            #expect(value["ports"]?.members.map(\.key.text) == [])
            #expect(value["ports"]?.text == "")
            #expect(value.count == 6)
        }
    }

    /// "key line:column" of every member of every mapping.
    private func places(_ value: Value) -> [String] {
        value.members.flatMap { ["\($0.key.text) \($0.value.line):\($0.value.column)"] + places($0.value) }
            + value.elements.flatMap { places($0) }
    }

    @Test func knowsItsPlaceInTheFile() {
        var found: [String] = []
        unsafe withPieces(Array("# head\na: 1\n---\nb: é\nc: {d: é, e: 2}\n--- {f: 3}\n".utf8), as: .yaml) {
            bytes, text in
            unsafe DocumentReader().read(
                text.pieces, of: bytes, cut: text, into: Document(), found: { value, _ in found += places(value) },
                problem: { problem, _ in Issue.record("\(problem)") })
        }
        #expect(found == ["a 2:4", "b 4:4", "c 5:4", "d 5:8", "e 5:14", "f 6:9"])
    }
}
