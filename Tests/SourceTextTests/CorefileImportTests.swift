import SourceText
import Testing

@Suite("Corefile imports") struct CorefileImportTests {
    static let fixture = CorefileFixture(
        files: [
            "custom/a.override": "log a\n", "custom/b.override": "errors {\n stacktrace\n}\n",
            "custom/c.server": "c.org {\n log\n}\n",
            "deep/one": "import two\n", "deep/two": "log two\n", "bare": "bare.org\nlog\n",
            "snippets": "(late) {\n log late\n}\n", "template": "log {args[1]} {args.0}\n",
            "options": "class error\nclass denial\n",
        ])

    static let cases: [CorefileCase] = [
        CorefileCase("snippet", "(s) {\n log a\n errors\n}\n. {\n import s\n ready\n}", ". { log a, errors, ready }"),
        CorefileCase("snippet twice", "(s) {\n log\n}\na {\n import s\n}\nb {\n import s\n}", "a { log }; b { log }"),
        CorefileCase(
            "snippet in a snippet", "(a) {\n log\n}\n(b) {\n import a\n errors\n}\n. {\n import b\n}",
            ". { log, errors }"),
        CorefileCase(
            "snippet with a block", "(s) {\n log . {\n  class error\n }\n}\n. {\n import s\n}",
            ". { log . { class error } }"),
        CorefileCase("snippet of blocks", "(s) {\n a.org {\n  log\n }\n}\nimport s", "a.org { log }"),
        CorefileCase("snippet arguments", "(s) {\n log {args[1]}.{args[0]}\n}\n. {\n import s a b\n}", ". { log b.a }"),
        CorefileCase("dotted arguments", "(s) {\n log {args.0}\n}\n. {\n import s x\n}", ". { log x }"),
        CorefileCase(
            "arguments handed on", "(a) {\n log {args[0]}\n}\n(b) {\n import a {args[0]}\n}\n. {\n import b x\n}",
            ". { log x }"),
        CorefileCase(
            "snippet inside of an option block", "(s) {\n class error\n}\n. {\n log {\n  import s\n }\n}",
            ". { log { class error } }"),
        CorefileCase("unused snippet", "(s) {\n log\n}\n", ""),
        CorefileCase("file", ". {\n import custom/a.override\n}", ". { log a }"),
        CorefileCase(
            "glob, in order of names", ". {\n import custom/*.override\n ready\n}",
            ". { log a, errors { stacktrace }, ready }"),
        CorefileCase("glob outside of blocks", ". {\n log\n}\nimport custom/*.server", ". { log }; c.org { log }"),
        CorefileCase("relative to the importing file", ". {\n import deep/one\n}", ". { log two }"),
        CorefileCase("file without braces", "import bare\n. {\n log\n}", "bare.org { log }; . { log }"),
        CorefileCase("snippets from a file", "import snippets\n. {\n import late\n}", ". { log late }"),
        CorefileCase("file with arguments", ". {\n import template x y\n}", ". { log y x }"),
        CorefileCase(
            "file of options", ". {\n log {\n  import options\n }\n}", ". { log { class error, class denial } }"),
        CorefileCase("quoted import is a word", ". {\n \"import\" x\n}", ". { 'import' x }"),
    ]

    @Test(arguments: cases) func imports(_ c: CorefileCase) {
        let (corefile, diagnostics) = Self.fixture.parse(c.text)
        #expect(outline(corefile) == c.outline)
        #expect(diagnostics == [])
    }

    @Test func wordsKnowTheWayTheyCame() throws {
        let (corefile, _) = Self.fixture.parse(". {\n import deep/one\n}")
        let name = try #require(corefile.blocks.first?.directives.first?.name)
        #expect(name.location.description == "deep/two:1:1")
        #expect(name.imports.map(\.description) == ["deep/one:1:8", "Corefile:2:9"])
        let text = "deep/two:1:1: error: no (imported at deep/one:1:8, Corefile:2:9)"
        #expect(name.diagnostic(.error, "no").description == text)
    }

    @Test func doublingImportsStopAtTheLimit() {
        var text = "(s0) {\n log a b c d e f g h\n}\n"
        for level in 1...40 { text += "(s\(level)) {\n import s\(level - 1)\n import s\(level - 1)\n}\n" }
        let (_, diagnostics) = CorefileFixture().parse(text + ". {\n import s40\n}")
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.text.hasPrefix("imports make more than 200000 words of this Corefile") == true)
    }
}
