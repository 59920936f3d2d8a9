import Foundation
import Testing

/// Every Corefile of zones/corefiles with what `check --config` says about it, in `NAME.expected`.
@Suite struct CorefileFolderTests {
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: Place.root + "/zones/corefiles")) ?? []
        return files.filter { $0.hasSuffix(".corefile") }.map { String($0.dropLast(9)) }.sorted()
    }()

    /// In a copy of zones/, where the machine's servers are those of parts/resolv.conf: what is said of this machine's
    /// own would be another thing on each.
    @Test(arguments: names) func isCheckedLikeThis(_ name: String) async throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(atPath: Place.root + "/zones", toPath: scratch.path("zones"))
        let path = "zones/corefiles/\(name).corefile"
        let text = try #require(try Place.text(path))
        try scratch.write(path, text.replacing("/etc/resolv.conf", with: "parts/resolv.conf"))
        let golden = try #require(try Place.text("zones/corefiles/\(name).expected"))
        let run = try await Program.clusterdns("check", "--config", path, in: scratch.path)
        #expect(run.output.split(separator: "\n") == golden.split(separator: "\n"))
        #expect(run.code == (golden.contains(": error: ") ? 1 : 0))
    }

    @Test func thereAreSome() { #expect(Self.names.count >= 24) }
}
