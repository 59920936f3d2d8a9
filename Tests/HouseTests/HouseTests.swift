import Foundation
import Testing

// HouseTests: rules about the tree itself. A rule that no test holds is an opinion.
//
//   FloorPlan   what Package.swift lets each room open
//   Tree        the committed files

/// The committed files, read once.
enum Tree {
    static let root = String(#filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined())

    struct File: Sendable {
        /// From the top of the repository.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// "DNS" of Sources/DNS/Wire/Name.swift.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var isSource: Bool { path.hasPrefix("Sources/") }
    }

    /// Every file below a folder whose name ends so.
    static func files(below folder: String, _ suffix: String) -> [File] {
        let top = (root as NSString).appendingPathComponent(folder)
        var found: [File] = []
        // The folders of a package may be links; what they lead to is looked through.
        for path in paths(below: top, as: folder) where path.hasSuffix(suffix) {
            guard let text = try? String(contentsOfFile: root + "/" + path, encoding: .utf8) else { continue }
            found.append(File(path: path, text: text))
        }
        return found.sorted { $0.path < $1.path }
    }

    private static func paths(below folder: String, as name: String) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.flatMap { entry in
            let path = folder + "/" + entry
            var isFolder: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [String]() }
            guard isFolder.boolValue else { return [name + "/" + entry] }
            // Builds leave their products beside the sources.
            return entry.hasPrefix(".") ? [] : paths(below: path, as: name + "/" + entry)
        }
    }

    static let swift = files(below: "Sources", ".swift") + files(below: "Tests", ".swift")
    static let sources = swift.filter(\.isSource)

    /// Documents for people.
    static let documents: [File] = {
        let top = ["README.md", "CHANGELOG.md"].compactMap { name in
            (try? String(contentsOfFile: root + "/" + name, encoding: .utf8)).map { File(path: name, text: $0) }
        }
        return top + files(below: "docs", ".md") + files(below: "zones", ".md")
    }()
}

/// The tests themselves must see something.
@Suite struct TreeTests {
    @Test func theTreeIsFound() {
        #expect(Tree.sources.count > 100)
        #expect(Tree.sources.contains { $0.path == "Sources/DNS/Answering/Respond.swift" })
        #expect(!Tree.documents.isEmpty)
    }
}
