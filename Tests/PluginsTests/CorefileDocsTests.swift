import Foundation
import Plugins
import SourceText
import Testing

/// docs/corefile.md and docs/plugins/ say what the tables of the plugins say, and their examples are Corefiles that work.
@Suite("docs/corefile.md, docs/plugins/") struct CorefileDocsTests {
    static let page = DocsFolder.text("corefile.md") ?? ""
    /// By word.
    static let pages: [String: String] = Dictionary(
        uniqueKeysWithValues: PluginList.all.compactMap { plugin in
            DocsFolder.text("plugins/\(plugin.word).md").map { (plugin.word, $0) }
        })

    /// What stands between "```corefile" and "```".
    static let examples: [String] = ([page] + pages.values).flatMap { page in
        page.components(separatedBy: "```corefile\n").dropFirst().map { part in
            String(part.components(separatedBy: "```")[0])
        }
    }

    @Test(arguments: examples) func exampleIsAccepted(_ example: String) {
        let (blocks, diagnostics) = compile(example, files: ["/etc/resolv.conf": "nameserver 192.0.2.53\n"])
        #expect(!blocks.isEmpty)
        #expect(diagnostics.filter { $0.severity == .error } == [])
    }

    @Test(arguments: supported) func wordHasItsPage(_ word: String) throws {
        let (plugin, page) = try pluginAndPage(word)
        #expect(page.hasPrefix("# `\(word)`\n\n## Name\n\n`\(word)`: \(plugin.meaning)\n"))
        for heading in ["## Syntax", "## Examples"] { #expect(page.contains("\n\(heading)\n")) }
        #expect(page.contains("```\n\(plugin.line)"))
        #expect(page.components(separatedBy: "```corefile").count > 1)
        #expect(plugin.options.isEmpty || page.contains("\(plugin.line) {\n    OPTION…\n}"))
    }

    @Test(arguments: supported) func optionsStandInItsTable(_ word: String) throws {
        let (plugin, page) = try pluginAndPage(word)
        let rows = plugin.options.map { option in
            "| `\(option.line.replacing("|", with: "\\|"))` | \(option.isSupported ? "" : "refused: ")\(option.meaning) |"
        }
        #expect(rows.filter { !page.contains($0) } == [])
    }

    @Test func everyRefusedWordStandsInTheTable() {
        let rows = PluginList.all.filter { !$0.isSupported }.map { "| `\($0.word)` | \($0.meaning) |" }
        #expect(rows.filter { !Self.page.contains($0) } == [])
    }

    /// The page of a word is found from the page of the language, whose table has the order of a query's way.
    @Test func theIndexIsThePluginList() {
        let rows = PluginList.all.filter(\.isSupported).map {
            "| [`\($0.word)`](plugins/\($0.word).md) | \($0.meaning) |"
        }
        let index = Self.page.components(separatedBy: "\n").filter { $0.contains("](plugins/") && $0.hasPrefix("| [`") }
        #expect(index == rows)
    }

    @Test func everyPageIsOfAPlugin() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: DocsFolder.url.appending(path: "plugins").path)
        #expect(Set(names) == Set(Self.pages.keys.map { "\($0).md" }))
    }

    @Test func thePageHasExamples() {
        #expect(Self.examples.count >= 12)
    }

    static let supported = PluginList.all.filter(\.isSupported).map(\.word)

    private func pluginAndPage(_ word: String) throws -> (Plugin, String) {
        (try #require(PluginList.plugin(word)), try #require(Self.pages[word], "docs/plugins/\(word).md is missing"))
    }
}

private enum DocsFolder {
    static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs")

    /// nil if there is no such page.
    static func text(_ path: String) -> String? {
        try? String(contentsOf: url.appending(path: path), encoding: .utf8)
    }
}
