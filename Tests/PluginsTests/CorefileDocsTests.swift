import Foundation
import Plugins
import SourceText
import Testing

/// docs/corefile.md and docs/plugins/ say what the tables of the plugins say, and their examples are Corefiles that work.
@Suite("docs/corefile.md, docs/plugins/") struct CorefileDocsTests {
    static let page = DocsFolder.text("corefile.md") ?? ""
    /// By word; the other plugins have a section of `page`.
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
        let (blocks, diagnostics) = compile(example)
        #expect(!blocks.isEmpty)
        #expect(diagnostics.filter { $0.severity == .error } == [])
    }

    @Test(arguments: PluginList.all.filter(\.isSupported)) func pluginHasItsSection(_ plugin: Plugin) throws {
        let section = try #require(text(of: plugin.word))
        for heading in ["## Name\n", "## Syntax\n", "## Examples\n"] { #expect(section.contains(heading)) }
        #expect(section.contains(plugin.line))
        #expect(section.contains(plugin.meaning))
        #expect(section.components(separatedBy: "```corefile").count > 1)
    }

    @Test(arguments: PluginList.all.filter(\.isSupported)) func optionsStandInItsTable(_ plugin: Plugin) throws {
        let section = try #require(text(of: plugin.word))
        for option in plugin.options {
            let row =
                "| `\(option.line.replacing("|", with: "\\|"))` | \(option.isSupported ? "" : "refused: ")\(option.meaning) |"
            #expect(section.contains(row))
        }
    }

    @Test func everyRefusedWordStandsInTheTable() {
        let rows = PluginList.all.filter { !$0.isSupported }.map { "| `\($0.word)` | \($0.meaning) |" }
        #expect(rows.filter { !Self.page.contains($0) } == [])
    }

    /// The page of a plugin is found from the page of the language.
    @Test(arguments: pages.keys.sorted()) func pageIsNamed(_ word: String) throws {
        let plugin = try #require(PluginList.plugin(word))
        #expect(plugin.isSupported)
        #expect(Self.page.contains("| [`\(word)`](plugins/\(word).md) | \(plugin.meaning) |"))
    }

    @Test func everyPageIsOfAPlugin() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: DocsFolder.url.appending(path: "plugins").path)
        #expect(Set(names) == Set(Self.pages.keys.map { "\($0).md" }))
    }

    @Test func thePageHasExamples() {
        #expect(Self.examples.count >= 12)
    }

    private func text(of word: String) -> String? {
        Self.pages[word] ?? Self.page.components(separatedBy: "\n## ").first { $0.hasPrefix("`\(word)`\n") }
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
