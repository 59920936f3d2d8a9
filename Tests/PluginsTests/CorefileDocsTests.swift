import Foundation
import Plugins
import SourceText
import Testing

/// docs/corefile.md says what the tables of the plugins say, and its examples are Corefiles that work.
@Suite("docs/corefile.md") struct CorefileDocsTests {
    static let page = (try? String(contentsOf: pageURL, encoding: .utf8)) ?? ""
    private static let pageURL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/corefile.md")

    /// What stands between "```corefile" and "```".
    static let examples = page.components(separatedBy: "```corefile\n").dropFirst().map { part in
        String(part.components(separatedBy: "```")[0])
    }

    @Test(arguments: examples) func exampleIsAccepted(_ example: String) {
        let (blocks, diagnostics) = compile(example)
        #expect(!blocks.isEmpty)
        #expect(diagnostics.filter { $0.severity == .error } == [])
    }

    @Test(arguments: PluginList.all.filter(\.isSupported)) func pluginHasItsSection(_ plugin: Plugin) throws {
        let section = try #require(text(of: plugin.word))
        for heading in ["### Name", "### Syntax", "### Examples"] { #expect(section.contains(heading)) }
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

    @Test func thePageHasExamples() {
        #expect(Self.examples.count >= 12)
    }

    private func text(of word: String) -> String? {
        Self.page.components(separatedBy: "\n## ").first { $0.hasPrefix("`\(word)`\n") }
    }
}
