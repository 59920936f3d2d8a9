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
        let isOdd = run.output.contains(Self.thisMachine)
        #expect(lines(of: run.output, isOdd) == lines(of: golden, isOdd))
        #expect(run.code == (golden.contains(": error: ") ? 1 : 0))
    }

    /// Many of the Corefiles forward to the servers of this machine. What `check` says of those, and how often, is not compared.
    private func lines(of output: String, _ isOdd: Bool) -> [Substring] {
        let lines = output.split(separator: "\n")
        guard isOdd else { return lines }
        return lines.filter { !$0.hasPrefix(Self.thisMachine) && !$0.contains(#/^\d+ errors?, \d+ warnings?/#) }
    }

    private static let thisMachine = "/etc/resolv.conf:"

    @Test func thereAreSome() { #expect(Self.names.count >= 24) }
}
