import Foundation
import Testing

/// Every Corefile of zones/corefiles with what `check --config` says about it, in `NAME.expected`.
@Suite struct CorefileFolderTests {
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: Place.root + "/zones/corefiles")) ?? []
        return files.filter { $0.hasSuffix(".corefile") }.map { String($0.dropLast(9)) }.sorted()
    }()

    @Test(arguments: names) func isCheckedLikeThis(_ name: String) async throws {
        let golden = try #require(try Place.text("zones/corefiles/\(name).expected"))
        let run = try await Program.clusterdns("check", "--config", "zones/corefiles/\(name).corefile")
        #expect(run.output == golden)
        #expect(run.code == (golden.contains(": error: ") ? 1 : 0))
    }

    @Test func thereAreSome() { #expect(Self.names.count >= 24) }
}
