import SourceText
import Testing

struct CorefileCase: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let outline: String
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ outline: String) {
        self.name = name
        self.text = text
        self.outline = outline
    }
}

@Suite("Corefile language") struct CorefileLanguageTests {
    static let cases: [CorefileCase] = [
        CorefileCase("nothing", "", ""),
        CorefileCase("comments alone", "# a\n   # b\n", ""),
        CorefileCase("one block", ".:53 {\n    errors\n}\n", ".:53 { errors }"),
        CorefileCase("empty block", ". {\n}\n", ". {}"),
        CorefileCase("two blocks", "a.org {\n log\n}\nb.org {\n errors\n}", "a.org { log }; b.org { errors }"),
        CorefileCase(
            "several keys", "a.org b.org:1053 10.96.0.0/12 {\n log\n}", "a.org b.org:1053 10.96.0.0/12 { log }"),
        CorefileCase("commas between keys", "a.org, b.org {\n log\n}", "a.org b.org { log }"),
        CorefileCase("comma as a word", "a.org , b.org {\n log\n}", "a.org b.org { log }"),
        CorefileCase("comma ends a line", "a.org,\nb.org {\n log\n}", "a.org b.org { log }"),
        CorefileCase("brace below the keys", "a.org\n{\n log\n}", "a.org { log }"),
        CorefileCase("no braces", "a.org\nlog\nerrors\n", "a.org { log, errors }"),
        CorefileCase("no braces, only a key", "a.org", "a.org {}"),
        CorefileCase(
            "no braces, block inside", "a.org\nlog . {\n class error\n}\nerrors",
            "a.org { log . { class error }, errors }"),
        CorefileCase("arguments", ". {\n log a b  c\td\n}", ". { log a b c d }"),
        CorefileCase("nested blocks", ". {\n a {\n  b {\n   c d\n  }\n  e\n }\n}", ". { a { b { c d }, e } }"),
        CorefileCase("empty inner block", ". {\n a {\n }\n}", ". { a {} }"),
        CorefileCase("comment after a word", ". { # root\n log # all\n} # end", ". { log }"),
        CorefileCase("number sign inside a word", ". {\n log a#b\n}", ". { log a#b }"),
        CorefileCase("quoted word", ". {\n log . \"{type} {name}\"\n}", ". { log . '{type} {name}' }"),
        CorefileCase("quoted quote", ". {\n log \"say \\\"hi\\\"\"\n}", ". { log 'say \"hi\"' }"),
        CorefileCase("backslash stays", ". {\n log \"^a\\.b$\" c\\d\n}", ". { log '^a\\.b$' c\\d }"),
        CorefileCase("line break in quotes", ". {\n log \"a\nb\" c\n errors\n}", ". { log 'a⏎b' c, errors }"),
        CorefileCase("number sign in quotes", ". {\n log \"# a\"\n}", ". { log '# a' }"),
        CorefileCase("brace in quotes", ". {\n log \"{\"\n errors\n}", ". { log '{', errors }"),
        CorefileCase("quote inside a word", ". {\n log a\"b\n}", ". { log a\"b }"),
        CorefileCase("empty quoted word", ". {\n log \"\"\n}", ". { log '' }"),
        CorefileCase("word in braces", ". {\n log . {combined}\n}", ". { log . {combined} }"),
        CorefileCase("carriage returns", ". {\r\n log a\r\n}\r\n", ". { log a }"),
        CorefileCase("byte order mark", "\u{feff}. {\n log\n}", ". { log }"),
        CorefileCase("no-break space parts words", ". {\n log\u{a0}a\n}", ". { log a }"),
        CorefileCase("no line break at the end", ". {\n log\n}", ". { log }"),
    ]

    @Test(arguments: cases) func reads(_ c: CorefileCase) {
        let (corefile, diagnostics) = CorefileFixture().parse(c.text)
        #expect(outline(corefile) == c.outline)
        #expect(diagnostics == [])
    }

    @Test func everyWordKnowsItsPlace() throws {
        let (corefile, _) = CorefileFixture().parse(
            "# head\na.org,\n b.org {\n\tlog \"x\ny\" z {\n    class error\n  }\n}")
        let block = try #require(corefile.blocks.first)
        #expect(block.keys.map(\.location.description) == ["Corefile:2:1", "Corefile:3:2"])
        let log = try #require(block.directives.first)
        #expect(log.location.description == "Corefile:4:2")
        #expect(log.arguments.map(\.location.description) == ["Corefile:4:6", "Corefile:5:4"])
        let option = try #require(log.block?.first)
        #expect(option.arguments.map(\.location.description) == ["Corefile:6:11"])
    }

    @Test func columnsCountCharacters() throws {
        let (corefile, _) = CorefileFixture().parse(". {\n log ä x\n}")
        #expect(corefile.blocks.first?.directives.first?.arguments.last?.location.column == 8)
    }
}
