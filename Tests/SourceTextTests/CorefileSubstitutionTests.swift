import SourceText
import Testing

@Suite("Corefile substitution") struct CorefileSubstitutionTests {
    static let environment = [
        "ZONE": "cluster.local", "PORT": "1053", "EMPTY": "", "BOTH": "a b", "LOOP": "{$LOOP}", "BRACE": "{",
    ]

    static let cases: [CorefileCase] = [
        CorefileCase("whole key", "{$ZONE} {\n log\n}", "cluster.local { log }"),
        CorefileCase("inside a key", "{$ZONE}:{$PORT} {\n log\n}", "cluster.local:1053 { log }"),
        CorefileCase("percent form", "x.{%ZONE%}:{%PORT%} {\n log\n}", "x.cluster.local:1053 { log }"),
        CorefileCase("argument and directive", ". {\n {$ZONE} {$PORT}\n}", ". { cluster.local 1053 }"),
        CorefileCase("in quotes", ". {\n log \"{$ZONE} x\"\n}", ". { log 'cluster.local x' }"),
        CorefileCase("value with a blank is one word", ". {\n log {$BOTH}\n}", ". { log a b }"),
        CorefileCase("empty value", ". {\n log a{$EMPTY}b\n}", ". { log ab }"),
        CorefileCase("default unused", ". {\n log {$ZONE:other}\n}", ". { log cluster.local }"),
        CorefileCase("default used", ". {\n log {$NONE:other:1}\n}", ". { log other:1 }"),
        CorefileCase("empty default", ". {\n log a{$NONE:}\n}", ". { log a }"),
        CorefileCase("values are not read again", ". {\n log {$LOOP}\n}", ". { log {$LOOP} }"),
        CorefileCase("a value is never a mark", ". {\n log {$BRACE}\n}", ". { log { }"),
        CorefileCase("no name", ". {\n log {$} {%%}\n}", ". { log {$} {%%} }"),
        CorefileCase("not closed", ". {\n log {$ZONE {%ZONE}\n}", ". { log {$ZONE {%ZONE} }"),
        CorefileCase("args outside of imports", ". {\n log {args[0]}\n}", ". { log {args[0]} }"),
    ]

    @Test(arguments: cases) func substitutes(_ c: CorefileCase) {
        let (corefile, diagnostics) = CorefileFixture(environment: Self.environment).parse(c.text)
        #expect(outline(corefile) == c.outline)
        #expect(diagnostics == [])
    }

    @Test func unsetVariableIsAWarning() {
        let (corefile, diagnostics) = CorefileFixture().parse(". {\n log a{$NONE}b\n}")
        #expect(outline(corefile) == ". { log ab }")
        let text =
            "the environment variable NONE is not set; nothing takes its place. Set it, or write a default: {$NONE:default}"
        #expect(diagnostics.map(\.description) == ["Corefile:2:6: warning: \(text)"])
    }
}
