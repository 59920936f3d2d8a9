import Foundation
import Plugins
import SourceText
import Testing

/// Every example in README.md and docs/ is run as it stands.
@Suite struct DocsTests {
    /// One fenced block: its info string, its text, and where it is.
    struct Fence: Sendable, CustomTestStringConvertible {
        let kind: String
        let text: String
        let place: String
        var testDescription: String { "\(place) \(kind)" }
    }

    static let fences: [Fence] = {
        let pages = (try? FileManager.default.contentsOfDirectory(atPath: Place.root + "/docs")) ?? []
        let words = (try? FileManager.default.contentsOfDirectory(atPath: Place.root + "/docs/plugins")) ?? []
        let paths = pages + words.map { "plugins/" + $0 }
        let files = ["README.md"] + paths.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
        return files.flatMap { fences(in: $0) }
    }()

    private static func fences(in file: String) -> [Fence] {
        var found: [Fence] = []
        var open: (kind: String, line: Int, lines: [Substring])?
        let text = (try? Place.text(file)) ?? nil
        for (index, line) in (text ?? "").split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let block = open, line == "```" {
                let text = block.lines.joined(separator: "\n") + "\n"
                found.append(Fence(kind: block.kind, text: text, place: "\(file):\(block.line)"))
                open = nil
            } else if open != nil {
                open?.lines.append(line)
            } else if line.hasPrefix("```") {
                open = (String(line.dropFirst(3)), index + 1, [])
            }
        }
        return found
    }

    static let consoles = fences.filter { $0.kind == "console" && $0.text.hasPrefix("$ clusterdns ") }
    static let catalogs = fences.filter { $0.kind == "yaml catalog" }
    static let corefiles = fences.filter { $0.kind == "corefile" }

    @Test func thereAreExamples() {
        #expect(!Self.consoles.isEmpty && !Self.catalogs.isEmpty && !Self.corefiles.isEmpty)
    }

    /// Each command prints what the page shows.
    @Test(arguments: consoles) func printsWhatThePageShows(_ fence: Fence) async throws {
        for example in fence.text.split(separator: "$ clusterdns ").map(String.init) {
            let words = example.prefix { !$0.isNewline }.split(separator: " ").map(String.init)
            let shown = example.drop { !$0.isNewline }.dropFirst()
            let run = try await Program.run([Place.program] + words)
            #expect(run.output + run.errors == shown, "\(fence.place)")
        }
    }

    /// Each catalog loads without an error.
    @Test(arguments: catalogs) func loads(_ fence: Fence) async throws {
        let scratch = try Scratch()
        try scratch.write("catalog.yaml", fence.text)
        let run = try await Program.clusterdns("check", scratch.path("catalog.yaml"))
        #expect(run.code == 0, "\(fence.place): \(run.output)\(run.errors)")
    }

    /// Each Corefile compiles without an error.
    @Test(arguments: corefiles) func compiles(_ fence: Fence) throws {
        let scratch = try Scratch()
        try scratch.write("Corefile", fence.text)
        let found = compileCorefile(path: scratch.path("Corefile"))
        #expect(found.diagnostics.filter { $0.severity == .error }.isEmpty, "\(fence.place): \(found.diagnostics)")
    }
}
