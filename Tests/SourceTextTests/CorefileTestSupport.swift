import SourceText

/// A folder in memory: `files` by path, looked up relative to the folder of the importing file; one `*` in a pattern.
struct CorefileFixture {
    var files: [String: String] = [:]
    var environment: [String: String] = [:]

    struct Unreadable: Error, CustomStringConvertible {
        var description: String { "permission denied" }
    }

    func parse(_ text: String, file: String = "Corefile") -> (Corefile, [Diagnostic]) {
        parseCorefile(file: file, text: text, environment: { environment[$0] }, importing: read)
    }

    private func read(_ pattern: String, _ importer: String) throws -> [CorefileImport] {
        if pattern == "locked" { throw Unreadable() }
        let folder = importer.lastIndex(of: "/").map { importer[...$0] } ?? ""
        let path = pattern.hasPrefix("/") ? pattern : folder + pattern
        let parts = path.split(separator: "*", omittingEmptySubsequences: false)
        return files.keys.sorted().filter { name in
            parts.count == 1 ? name == path : name.hasPrefix(parts[0]) && name.hasSuffix(parts[1])
        }.map { CorefileImport(file: $0, text: files[$0] ?? "") }
    }
}

/// `a b { word argument { option } }; …`: one line, so that a table can hold it. Blanks and breaks inside a word are shown.
func outline(_ corefile: Corefile) -> String {
    corefile.blocks.map { block in
        (block.keys.map(shown) + [outline(block.directives)]).joined(separator: " ")
    }.joined(separator: "; ")
}

private func outline(_ directives: [Corefile.Directive]) -> String {
    guard !directives.isEmpty else { return "{}" }
    let inner = directives.map { directive in
        let words = ([directive.name] + directive.arguments).map(shown).joined(separator: " ")
        return directive.block.map { words + " " + outline($0) } ?? words
    }
    return "{ " + inner.joined(separator: ", ") + " }"
}

private func shown(_ token: Corefile.Token) -> String {
    token.isQuoted
        ? "'" + token.text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "⏎") + "'"
        : token.text
}
