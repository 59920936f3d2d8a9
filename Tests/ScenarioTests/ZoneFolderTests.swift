import Testing

/// Every folder of zones/ is a test.
@Suite struct ZoneFolderTests {
    @Test(arguments: Place.catalogs) func hasTheseRecords(_ name: String) async throws {
        guard let golden = try Place.text("zones/\(name)/records.zone") else { return }
        let run = try await Program.clusterdns("records", "--sources", "zones/\(name)")
        #expect(run.output == golden)
        #expect(run.code == (run.errors.contains(": error: ") ? 1 : 0))
    }

    @Test(arguments: Place.catalogs) func hasTheseDiagnostics(_ name: String) async throws {
        let golden = try #require(try Place.text("zones/\(name)/diagnostics.txt"))
        let run = try await Program.clusterdns("check", "zones/\(name)")
        #expect(run.output == golden)
        #expect(run.errors == "")
        #expect(run.code == (golden.contains(": error: ") ? 1 : 0))
    }

    @Test(arguments: Place.catalogs, Depth.allCases) func conversations(_ name: String, _ depth: Depth) async throws {
        guard let text = try Place.text("zones/\(name)/conversations.txt") else { return }
        for session in try ConversationFile(text).sessions { try await depth.hold(session, catalog: "zones/\(name)") }
    }

    /// A golden file that nobody reads proves nothing.
    @Test(arguments: Place.catalogs) func isWhole(_ name: String) throws {
        for file in ["records.zone", "conversations.txt"] where name != "broken" {
            #expect(try Place.text("zones/\(name)/\(file)") != nil, "zones/\(name)/\(file) is missing")
        }
    }
}
