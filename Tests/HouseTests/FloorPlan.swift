import Foundation
import Testing

/// The doors that Package.swift names, target by target.
struct FloorPlan {
    private(set) var doors: [String: Set<String>] = [:]

    /// Reads the calls `room("NAME", "DOOR", …)`, `tests(…)`, and the targets that are written out.
    init(_ text: String) {
        let aliases = Self.aliases(in: text)
        var rest = text[...]
        while let start = rest.firstRange(
            of: #/(room|tests|\.executableTarget|\.testTarget|\.target|\.systemLibrary)\(/#)
        {
            let call = Self.call(from: rest[start.upperBound...])
            var words = Self.words(in: call, aliases)
            rest = rest[start.upperBound...]
            guard !words.isEmpty else { continue }
            let name = words.removeFirst()
            doors[name, default: []].formUnion(words)
        }
    }

    /// `let logging: Target.Dependency = .product(name: "Logging", …)`
    private static func aliases(in text: String) -> [String: String] {
        var found: [String: String] = [:]
        for match in text.matches(of: #/let (\w+): Target\.Dependency = \.product\(name: "(\w+)"/#) {
            found[String(match.1)] = String(match.2)
        }
        return found
    }

    /// What stands between the opening parenthesis and the one that closes it.
    private static func call(from text: Substring) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }

    private static func words(in call: Substring, _ aliases: [String: String]) -> [String] {
        let settings =
            call.firstRange(of: #/linkerSettings|swiftSettings|providers|path:|exclude:/#)?.lowerBound ?? call.endIndex
        return call[..<settings].matches(of: #/"([^"]+)"|\b(\w+)\b/#).compactMap { match in
            if let quoted = match.1 { return String(quoted) }
            return match.2.flatMap { aliases[String($0)] }
        }
    }
}

@Suite struct FloorPlanTests {
    /// What every file may import: the compiler's own, and the system.
    static let street: Set = ["Swift", "Glibc", "Synchronization", "Dispatch", "_Concurrency"]
    static let testStreet: Set = ["Testing", "Foundation", "FoundationNetworking"]
    /// Sources that a library forces to import Foundation; keep it empty.
    static let foundationUsers: Set<String> = []

    /// Nil if Package.swift cannot be read.
    static let doors = (try? String(contentsOfFile: Tree.root + "/Package.swift", encoding: .utf8)).map {
        FloorPlan($0).doors
    }

    @Test func thePlanIsRead() throws {
        let doors = try #require(Self.doors)
        #expect(doors["DNS"] == [])
        #expect(doors["ClusterCatalog"] == ["SourceText", "LinuxIO"])
        #expect(doors["clusterdns"]?.isSuperset(of: ["DNS", "Serving", "ArgumentParser", "Logging"]) == true)
        #expect(doors["Serving"]?.contains("NIOCore") == true)
    }

    @Test func everyFileOpensOnlyItsDoors() throws {
        let plan = try #require(Self.doors)
        // Fuzz targets and benchmarks are built by scripts of their own, not by the package.
        let apart = ["Tests/Fuzz/", "Tests/Benchmark/"]
        for file in Tree.swift where !apart.contains(where: file.path.hasPrefix) {
            let doors = try #require(plan[file.target], "Package.swift has no target \(file.target)")
            let open = doors.union(Self.street).union(file.isSource ? [] : Self.testStreet)
            let undeclared = file.imports.subtracting(open)
            #expect(undeclared.isEmpty, "\(file.path) opens \(undeclared.sorted())")
        }
    }

    @Test func noSourceImportsFoundation() {
        let users = Tree.sources.filter { $0.imports.contains { $0.hasPrefix("Foundation") } }.map(\.path)
        #expect(Set(users) == Self.foundationUsers)
    }

    /// Imports go right, never left (docs: design).
    @Test func theLowestRoomsOpenNothingAbove() throws {
        let doors = try #require(Self.doors)
        #expect(doors["LinuxIO"] == ["CLinux"])
        #expect(doors["SourceText"] == ["CYAML"])
        let rooms = Set(Tree.sources.map(\.target))
        for (room, opened) in doors where rooms.contains(room) && room != "Zones" {
            #expect(!opened.contains("CLDNS"), "\(room)")
        }
    }
}

extension Tree.File {
    /// The modules that the file imports.
    var imports: Set<String> {
        Set(
            lines.compactMap { line in
                // What is indented stands in a text, such as a Corefile.
                guard line.first != " " else { return nil }
                let words = line.split(separator: " ")
                guard let at = words.firstIndex(of: "import"), at + 1 < words.count, at <= 2 else { return nil }
                guard words[..<at].allSatisfy({ $0.hasPrefix("@") || Self.access.contains($0) }) else { return nil }
                let kinds: Set<Substring> = ["struct", "enum", "class", "func", "let", "var"]
                let module = kinds.contains(words[at + 1]) && at + 2 < words.count ? words[at + 2] : words[at + 1]
                return module.split(separator: ".").first.map(String.init)
            })
    }

    private static let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
}
