import SourceText
import Testing

struct CorefileMistake: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let outline: String
    let diagnostics: [String]
    var testDescription: String { name }

    init(_ name: String, _ text: String, leaves outline: String, _ diagnostics: String...) {
        self.name = name
        self.text = text
        self.outline = outline
        self.diagnostics = diagnostics
    }
}

/// What each mistake is told, and what is still understood.
@Suite("Corefile diagnostics") struct CorefileDiagnosticTests {
    static let lines = "a block takes several lines: start a new line after {, and write } on a line of its own"

    static let mistakes: [CorefileMistake] = [
        CorefileMistake(
            "block on one line", ". { log }", leaves: ". { log }", "1:5: error: \(lines)"),
        CorefileMistake(
            "option block on one line", ". {\n log . { class error }\n errors\n}",
            leaves: ". { log . { class error }, errors }",
            "2:10: error: \(lines)"),
        CorefileMistake(
            "brace behind an option", ". {\n log . {\n  class error }\n errors\n}",
            leaves: ". { log . { class error }, errors }",
            "3:15: error: \(lines)"),
        CorefileMistake(
            "word behind a brace", ". {\n log . {\n  class error\n } errors\n}",
            leaves: ". { log . { class error }, errors }",
            "4:4: error: \(lines)"),
        CorefileMistake(
            "two braces on a line", ". {\n log . {\n  class error\n}}", leaves: ". { log . { class error } }",
            "4:1: error: \(lines)"),
        CorefileMistake(
            "brace below its word", ". {\n log .\n {\n  class error\n }\n}", leaves: ". { log . { class error } }",
            "3:2: error: the brace belongs at the end of the line of its word: \"log {\""),
        CorefileMistake(
            "brace without a word", ". {\n {\n  a\n }\n log\n}", leaves: ". { log }",
            "2:2: error: a word is missing before this brace"),
        CorefileMistake(
            "no blank before the brace of a block", ".:53{\n log\n}", leaves: ".:53 { log }",
            "1:1: error: put a blank before the brace: \".:53 {\""),
        CorefileMistake(
            "no blank before the brace of a word", ". {\n errors{\n  a\n }\n}", leaves: ". { errors { a } }",
            "2:2: error: put a blank before the brace: \"errors {\""),
        CorefileMistake(
            "block without keys", "{\n log\n}\na.org {\n log\n}", leaves: "a.org { log }",
            "1:1: error: a server block starts with its zones: write them before the brace, as in \"cluster.local {\""),
        CorefileMistake(
            "block not closed", ". {\n log\n", leaves: ". { log }",
            "1:3: error: this block is never closed: add a line with } where it ends"),
        CorefileMistake(
            "inner block not closed", ". {\n log {\n class all\n}\n", leaves: ". { log { class all } }",
            "1:3: error: this block is never closed: add a line with } where it ends"),
        CorefileMistake(
            "brace too many", ". {\n log\n}\n}\na.org {\n}", leaves: ". { log }; a.org {}",
            "4:1: error: no block is open here; remove this brace"),
        CorefileMistake(
            "closing brace without opening", "a.org\n log\n}\nb.org {\n}", leaves: "a.org { log }; b.org {}",
            "3:1: error: no block is open here: write { at the end of line 1, or remove this brace"),
        CorefileMistake(
            "comma before the brace", "a.org, {\n}", leaves: "a.org {}",
            "1:1: error: a zone is missing after this comma; write it, or remove the comma"),
        CorefileMistake(
            "comma at the end", "a.org,", leaves: "a.org {}",
            "1:1: error: a zone is missing after this comma; write it, or remove the comma"),
        CorefileMistake(
            "quote not closed", ". {\n log \"a b\n errors\n}", leaves: ". { log 'a b', errors }",
            "2:6: error: this quote is never closed: add a \" where the text ends"),
        CorefileMistake(
            "control character", ". {\n log a\u{0}b c\n}", leaves: ". { log c }",
            "2:6: error: this word holds the control character U+0000; remove it"),
        CorefileMistake(
            "snippet without braces", "(s)\nlog", leaves: "log {}",
            "1:1: error: a snippet needs braces: write \"(s) {\", its lines, and } on a line of its own"),
        CorefileMistake(
            "snippet without a name", "() {\n log\n}", leaves: "",
            "1:1: error: a snippet needs a name between its parentheses"),
        CorefileMistake(
            "snippet twice", "(s) {\n log\n}\n(s) {\n errors\n}\n. {\n import s\n}", leaves: ". { log }",
            "4:1: error: the snippet (s) exists already; give this one another name"),
        CorefileMistake(
            "snippet not closed", "(s) {\n log\n", leaves: "",
            "1:5: error: this snippet is never closed: add a line with } where it ends"),
        CorefileMistake(
            "snippet on one line", "(s) { log }\n. {\n import s\n}", leaves: ". { log }", "1:7: error: \(lines)"),
        CorefileMistake(
            "import of nothing", ". {\n import\n log\n}", leaves: ". { log }",
            "2:2: error: import needs the name of a snippet or file, as in \"import custom/*.override\""),
        CorefileMistake(
            "import of a missing file", ". {\n import gone\n log\n}", leaves: ". { log }",
            "2:9: error: there is no file \"gone\" and no snippet (gone) above this line"),
        CorefileMistake(
            "import of no file by a glob", ". {\n import *.override\n log\n}", leaves: ". { log }",
            "2:9: warning: no file matches \"*.override\"; nothing is imported"),
        CorefileMistake(
            "import that cannot be read", ". {\n import locked\n}", leaves: ". {}",
            "2:9: error: cannot import \"locked\": permission denied"),
        CorefileMistake(
            "import with a block", ". {\n import s {\n}", leaves: ". {}",
            "2:2: error: import takes no block; remove the brace"),
        CorefileMistake(
            "snippet that imports itself", "(s) {\n import s\n log\n}\n. {\n import s\n}", leaves: ". { log }",
            "2:9: error: (s) imports itself: Corefile → (s) → (s) (imported at Corefile:6:9)"),
        CorefileMistake(
            "argument too few", "(s) {\n log {args[1]}\n}\n. {\n import s a\n}", leaves: ". { log  }",
            "2:6: error: {args[1]} has no value: this import gives 1 argument (imported at Corefile:5:9)",
            "5:11: error: \"a\" is not used by what is imported; write one import line for each file or snippet"),
        CorefileMistake(
            "argument too many", "(s) {\n log\n}\n. {\n import s a\n}", leaves: ". { log }",
            "5:11: error: \"a\" is not used by what is imported; write one import line for each file or snippet"),
    ]

    @Test(arguments: mistakes) func tells(_ c: CorefileMistake) {
        let (corefile, diagnostics) = CorefileFixture().parse(c.text)
        #expect(diagnostics.map(\.description) == c.diagnostics.map { "Corefile:\($0)" })
        #expect(outline(corefile) == c.outline)
    }

    @Test func filesThatImportEachOther() {
        let fixture = CorefileFixture(files: ["a": "import b\n", "b": "log\nimport a\n"])
        let (corefile, diagnostics) = fixture.parse(". {\n import a\n}")
        #expect(outline(corefile) == ". { log }")
        let text = "b:2:8: error: a imports itself: Corefile → a → b → a (imported at a:1:8, Corefile:2:9)"
        #expect(diagnostics.map(\.description) == [text])
    }

    @Test func mistakesInImportedFilesNameTheImport() {
        let fixture = CorefileFixture(files: ["a": "log \"x\n}\n"])
        let (corefile, diagnostics) = fixture.parse(". {\n import a\n errors\n}")
        #expect(outline(corefile) == ". { log 'x', errors }")
        #expect(
            diagnostics.map(\.description) == [
                "a:1:5: error: this quote is never closed: add a \" where the text ends (imported at Corefile:2:9)",
                "a:2:1: error: no block is open in what is imported here; remove this brace (imported at Corefile:2:9)",
            ])
    }

    @Test func nestingEnds() {
        let text = ". {\n" + String(repeating: "a {\n", count: 100_000) + String(repeating: "}\n", count: 100_001)
        let (_, diagnostics) = CorefileFixture().parse(text)
        #expect(
            diagnostics.map(\.description) == [
                "Corefile:101:3: error: blocks lie more than 100 deep here; this one is not read"
            ])
    }
}
