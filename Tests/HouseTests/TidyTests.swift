import Foundation
import Testing

/// Small rules for every file.
@Suite struct TidyTests {
    static let longest = 400

    @Test func noFileIsLong() {
        for file in Tree.swift {
            let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
            #expect(count <= Self.longest, "\(file.path) has \(count) lines")
        }
    }

    @Test func everyRoomOpensWithItsWalk() throws {
        for room in Set(Tree.sources.map(\.target)) where room != "clusterdns" {
            let front = try #require(Tree.sources.first { $0.path == "Sources/\(room)/\(room).swift" }, "\(room)")
            #expect(front.text.contains("// \(room): "), "\(front.path) does not say what the room is for")
        }
    }

    struct Ban: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Matched against lines without comments and texts.
        let pattern: String
        /// What every such line holds: most lines need no closer look.
        let needle: String
        init(_ description: String, _ needle: String, _ pattern: String) {
            testDescription = description
            self.needle = needle
            self.pattern = pattern
        }
    }

    static let bans = [
        Ban("try!", "try!", #"\btry!"#),
        Ban("as!", "as!", #"\bas!"#),
        Ban("fatalError", "fatalError(", #"\bfatalError\("#),
        Ban("try?", "try?", #"\btry\?"#),
        Ban("a forced unwrapping", "!", #"[\w\)\]]!(?![=\w])"#),
        Ban("an implicitly unwrapped type", "!", #":\s*[A-Z]\w*!"#),
        Ban("debugPrint", "debugPrint", #"\bdebugPrint\("#),
    ]

    @Test(arguments: bans) func sourcesAreFreeOf(_ ban: Ban) throws {
        let pattern = try Regex(ban.pattern)
        for file in Tree.sources where file.text.contains(ban.needle) {
            for (index, line) in file.lines.enumerated() where line.contains(ban.needle) {
                if file.code(of: line).contains(pattern) { Issue.record("\(file.path):\(index + 1): \(line)") }
            }
        }
    }

    /// The bans find what they ban.
    @Test(
        arguments: zip(
            bans.dropLast(2), ["try! f()", "a as! B", "fatalError(\"x\")", "try? f()", "let a = b[0]! + c!"]))
    func aBanFindsItsCase(_ ban: Ban, _ line: String) throws {
        #expect(try line.contains(Regex(ban.pattern)))
        let file = Tree.File(path: "", text: "")
        #expect(try !file.code(of: "if a != b, !c { print(\"x!\") } // d!").contains(Regex(ban.pattern)))
    }

    // MARK: Documents

    @Test func linksLeadSomewhere() {
        for document in Tree.documents {
            let folder = (document.path as NSString).deletingLastPathComponent
            for match in document.text.matches(of: #/\]\(([^)\s]+)\)/#) {
                let target = String(match.1)
                guard !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
                let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
                    String.init)
                let path = parts[0].isEmpty ? document.path : (folder as NSString).appendingPathComponent(parts[0])
                let whole = Tree.root + "/" + path
                #expect(FileManager.default.fileExists(atPath: whole), "\(document.path) links to \(target)")
                guard parts.count == 2, let text = try? String(contentsOfFile: whole, encoding: .utf8) else { continue }
                #expect(anchors(of: text).contains(parts[1]), "\(document.path) links to \(target)")
            }
        }
    }

    /// A plugin is a folder with its settings and a page: Sources/Plugins/Forward/ForwardPlugin.swift, docs/plugins/forward.md.
    @Test func everyPluginHasItsPage() {
        let files = Tree.sources.filter { $0.path.hasPrefix("Sources/Plugins/") && $0.path.hasSuffix("Plugin.swift") }
        let folders = files.map { $0.path.split(separator: "/") }.filter { $0.count == 4 && $0[2] != "Settings" }
        #expect(folders.count >= 12)
        for path in folders {
            #expect(path[3] == "\(path[2])Plugin.swift", "\(path.joined(separator: "/")) is named after another folder")
            let page = "docs/plugins/\(path[2].lowercased()).md"
            let text = Tree.documents.first { $0.path == page }?.text ?? ""
            for heading in ["## Name", "## Syntax", "## Examples"] {
                #expect(text.contains("\n\(heading)\n"), "\(page) has no heading \(heading)")
            }
        }
    }

    /// The anchors of a document's headings, as GitHub makes them.
    private func anchors(of text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                let title = line.drop { $0 == "#" || $0 == " " }.lowercased()
                return String(
                    title.compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : nil })
            })
    }

    /// Nothing committed knows the machine that it was written on.
    @Test func noFileNamesAMachine() {
        let committed =
            Tree.swift + Tree.documents + Tree.files(below: "zones", "") + Tree.files(below: "Sources", ".c")
            + Tree.files(below: "Sources", ".h") + Tree.files(below: "Tests", ".sh") + Tree.files(below: "Tests", ".py")
        let words = ["work", "root", "home"].map { "/" + $0 + "/" }
        for file in committed where words.contains(where: { file.text.contains($0) }) {
            for (index, line) in file.lines.enumerated() where words.contains(where: { line.contains($0) }) {
                // What a manifest says of a machine of its own is no path of ours.
                guard !file.path.hasPrefix("zones/") || line.contains(words[0]) else { continue }
                Issue.record("\(file.path):\(index + 1): \(line)")
            }
        }
    }
}

extension Tree.File {
    /// A line without its comment and without what stands in quotes.
    func code(of line: Substring) -> String {
        String(line).replacing(#/"(?:[^"\\]|\\.)*"/#, with: "\"\"").replacing(#/\/\/.*$/#, with: "")
    }
}
