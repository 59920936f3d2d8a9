import Foundation
import Testing

// ScenarioTests: the whole product against worked examples and real programs.
//
//   Conversations/   reads zones/*/conversations.txt, and what `dig` and `drill` print, into one form that can be compared
//   Depth            asks the same question of the function, of a loopback socket and of the built program
//   ZoneFolderTests  every folder of zones/: records, diagnostics, conversations
//   Running/         starts programs, follows what they write, ends them; serves Corefiles, here or by the program
//   …ScenarioTests   a conversation for every option of a Corefile's words, with scripted servers behind `forward`
//   DistributionTests  the Corefiles of zones/corefiles at work
//   …Tests           what the program does when it starts, reloads, loses its catalog, stops; Pods in a network namespace

/// Where things lie.
enum Place {
    /// The top of the repository.
    static let root = String(#filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined())

    /// The built program, next to the tests.
    static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = (tests as NSString).deletingLastPathComponent + "/clusterdns"
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : root + "/.build/debug/clusterdns"
    }()

    /// The folders of zones/ that hold a catalog.
    static let catalogs = folders.filter { $0 != "corefiles" }

    private static let folders: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/zones")) ?? []
        return names.filter { isFolder(root + "/zones/" + $0) }.sorted()
    }()

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The text of a file of the repository; nil if it is not there.
    static func text(_ path: String) throws -> String? {
        let whole = root + "/" + path
        guard FileManager.default.fileExists(atPath: whole) else { return nil }
        return try String(contentsOfFile: whole, encoding: .utf8)
    }
}

/// A test's own trouble, told in a sentence.
struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

@Suite struct PlaceTests {
    @Test func theExamplesAreFound() {
        let wanted: Set = [
            "demo", "dual-stack", "statefulset", "kubectl-dump", "plain", "ingress", "helm", "options", "broken",
        ]
        #expect(wanted.isSubset(of: Place.catalogs))
    }

    @Test func theProgramIsBuilt() {
        #expect(
            FileManager.default.isExecutableFile(atPath: Place.program), "build it first: swift build --build-tests")
    }
}
