import SourceText
import Testing

struct YAMLProblemTests {
    static let cases = [
        TextCase("tab", "a:\n\tb: 1\n", "2:1: a tab cannot indent YAML: use spaces"),
        TextCase("tab in a block scalar", "a: |\n\tb\n", "2:1: a tab cannot indent YAML: use spaces"),
        TextCase("reserved sign", "a: @b\n", "1:4: no value can begin with '@': put it in quotes"),
        TextCase(
            "no colon", "a: 1\nb\nc: 2\n",
            "2:1: expected ': ' after this key; a value of several lines needs quotes, '|' or '>'"),
        TextCase(
            "second colon", "a: b: c\n",
            "1:5: ':' cannot stand here: put the value in quotes, or begin the key on its own line"),
        TextCase(
            "list behind a key", "a: - b\n", "1:4: a list cannot begin here: put its first '-' on a line of its own"),
        TextCase(
            "indentation", "a:\n  b: 1\n c: 2\n",
            "3:2: expected a key of the mapping that begins on line 1, not 'c': check the indentation and the quotes"),
        TextCase(
            "list and mapping", "- a\nb: 1\n",
            "2:1: expected '- ' of the list that begins on line 1, not 'b': check the indentation"),
        TextCase(
            "open brace", "a: {b: 1\nc: 2\n", "2:2: expected ',' or '}' in the mapping that begins on line 1, not ':'"),
        TextCase(
            "open bracket", "a: [b\n",
            "2:1: expected ',' or ']' in the list that begins on line 1, not the end of the text"),
        TextCase("open quote", "a: 1\nb: \"c\nd: 2\n", "2:4: this quote is never closed"),
        TextCase("stray bracket", "a: ]\n", "1:4: expected a value, not ']'"),
        TextCase(
            "text behind the end", "\"a\" b\n",
            "1:5: the document has ended, but 'b' follows: put '---' between two documents"),
        TextCase(
            "bad escape", #"a: "\d""#,
            "1:5: unknown escape in double quotes: write '\\\\' for a backslash, or use single quotes"),
        TextCase("short escape", #"a: "\u12""#, "1:7: expected hexadecimal digits in this escape"),
        TextCase(
            "half a pair", #"a: "\ud83d\ude00""#,
            "1:7: this escape is no Unicode character: write one beyond U+FFFF as '\\U' with eight digits"),
        TextCase("unknown alias", "a: *b\n", "1:4: no '&b' comes before '*b' in this document"),
        TextCase(
            "alias of the document before", "&x a: 1\n---\nb: *x\n", "3:4: no '&x' comes before '*x' in this document"),
        TextCase("alias of itself", "a: &a [*a]\n", "1:8: this alias stands inside the value that it stands for"),
        TextCase(
            "unnamed alias", "a: *\n",
            "1:5: expected a name of letters, digits, '-' and '_' behind '&' or '*', not a line break"),
        TextCase("unknown tag handle", "a: !x!y 1\n", "1:4: no %TAG line declares the handle of this tag"),
        TextCase("YAML 2", "%YAML 2.0\n---\na: 1\n", "1:1: this is not YAML 1.1 or 1.2"),
        TextCase("directive alone", "%YAML 1.1\n", "2:1: expected a document, not the end of the text"),
        TextCase("block scalar head", "a: | x\n", "1:6: expected the end of the line, not 'x'"),
        TextCase("merging text", "<<: x\n", "1:5: '<<' needs a mapping, an alias of one, or a sequence of these"),
        TextCase(
            "control character", "a: 1\nb: \u{1}\n",
            "2:4: a control character is not allowed here: write it as an escape in double quotes"),
    ]

    @Test(arguments: cases) func complains(_ c: TextCase) {
        #expect(read(c.text).problems == c.expected)
        // The same behind another document, further down in the file.
        let later = read("first: 1\n---\n" + c.text)
        #expect(later.values.first == "{first: 1}")
        if !c.text.hasPrefix("%") { #expect(later.problems.count == c.expected.count) }
    }

    @Test func refusesWhatIsNoUTF8() {
        let text = Array("a: 1\nbé: x".utf8) + [0xff] + Array("y\n".utf8)
        #expect(read(text, as: .yaml).problems == ["2:6: this is not valid UTF-8: save the file as UTF-8"])
        let utf16: [UInt8] = [0xff, 0xfe] + "a: 1".utf8.flatMap { [$0, 0] }
        #expect(read(utf16, as: .yaml).problems == ["1:1: this is not valid UTF-8: save the file as UTF-8"])
    }

    @Test func blamesOnlyTheBrokenPiece() {
        var text = ""
        for index in 0..<200 { text += index % 50 == 7 ? "---\na: [\n" : "---\na: \(index)\n" }
        let reading = read(text)
        #expect(reading.values == (0..<200).filter { $0 % 50 != 7 }.map { "{a: \($0)}" })
        #expect(reading.problems.map { $0.prefix { $0 != ":" } } == ["17", "117", "217", "317"])
    }

    /// Thousands of broken documents cannot keep the reader busy for long; each still has its problem.
    @Test func stopsReadingAfterTenThousandProblems() {
        let reading = read(String(repeating: "---\n]\n", count: 10_001) + "---\na: 1\n")
        #expect(reading.values == [])
        #expect(reading.problems.count == 10_002)
        #expect(reading.problems[9_999] == "20000:1: expected a value, not ']'")
        #expect(reading.problems[10_001] == "20003:1: not read: the file has 10000 broken documents already")
    }

    @Test func blamesOnlyTheBrokenElement() {
        var text = "apiVersion: v1\nkind: List\nitems:\n"
        for index in 0..<100 { text += index == 40 ? "- a: \"\n" : "- a: \(index)\n" }
        let reading = read(text)
        #expect(reading.values == (0..<100).filter { $0 != 40 }.map { "{a: \($0)}" })
        #expect(reading.problems == ["44:6: this quote is never closed"])
    }

    /// Three elements that together look like one with a string in quotes.
    @Test func doesNotSwallowNeighbours() {
        let reading = read("kind: List\nitems:\n- a: \"x\n- b: 1\n- c: \"\n- d: 2\n")
        #expect(reading.values == ["{b: 1}", "{d: 2}"])
        #expect(reading.problems == ["3:6: this quote is never closed", "5:6: this quote is never closed"])
    }
}
