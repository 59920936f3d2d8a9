import LinuxIO
import Logging
import Plugins
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct CorefileReloadTests {
    private func configuration(_ path: String) -> Configuration {
        var configuration = Configuration(.corefile(path: path), workers: 1)
        // Any free port.
        configuration.defaultPort = 0
        return configuration
    }

    private func hash(_ path: String) -> [UInt8] { CorefileCopy(path, for: configuration(path)).hash }

    @Test func aCopyKnowsEveryTextThatWentIntoIt() throws {
        let folder = try TemporaryFolder()
        try folder.write("nameserver 192.0.2.1\n", to: "resolv.conf")
        try folder.write("whoami\n", to: "a.part")
        let text = ". {\n  import *.part\n  forward . \(folder.path)/resolv.conf\n}\n"
        let path = try folder.write(text, to: "Corefile")
        var seen = [hash(path)]
        #expect(hash(path) == seen[0])
        func look(_ comment: Comment) {
            let found = hash(path)
            #expect(!seen.contains(found), comment)
            #expect(hash(path) == found, comment)
            seen.append(found)
        }
        try folder.write("nameserver 192.0.2.2\n", to: "resolv.conf")
        look("resolv.conf")
        try folder.write("whoami\n\n", to: "a.part")
        look("an import")
        try folder.write("errors\n", to: "b.part")
        look("one more import")
        try folder.write(text + "\n", to: "Corefile")
        look("the Corefile")
        try folder.remove("resolv.conf")
        look("no resolv.conf")
        try folder.remove("Corefile")
        look("no Corefile")
        try folder.write(text + "\n", to: "Corefile")
        try folder.write("nameserver 192.0.2.2\n", to: "resolv.conf")
        #expect(hash(path) == seen[4])
    }

    @Test func aVersionIsWrittenInHexadecimalDigits() throws {
        let folder = try TemporaryFolder()
        let version = CorefileCopy("\(folder.path)/none", for: configuration("")).version
        #expect(version.count == 128 && version.allSatisfy { $0.isHexDigit })
    }

    @Test(.enabled(if: hasIPv6)) func whatWasWrittenIsServedAndWhatIsBrokenIsRefusedOnce() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(". {\n  bind 127.0.0.1\n  whoami\n}\n", to: "Corefile")
        let deployment = Deployment(
            configuration(path), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await deployment.start()
        let first = await deployment.addresses
        let version = try #require(deployment.reloads.version)
        await deployment.reloadIfWritten()
        #expect(await deployment.addresses == first)

        try folder.write(". {\n  bind 127.0.0.1 ::1\n  whoami\n}\n", to: "Corefile")
        await deployment.reloadIfWritten()
        let both = await deployment.addresses
        #expect(both.count == 2 && both[0] == first[0])
        let second = try #require(deployment.reloads.version)
        #expect(second != version)

        try folder.write(". {\n  bind 127.0.0.1\n  whomai\n}\n", to: "Corefile")
        for _ in 0..<3 { await deployment.reloadIfWritten() }
        #expect(deployment.reloads.failureCount == 1)
        // SIGHUP asks on purpose, and is told again.
        await deployment.reload()
        #expect(deployment.reloads.failureCount == 2)
        #expect(await deployment.addresses == both)
        #expect(deployment.reloads.version == second)

        try folder.write(". {\n  bind 127.0.0.1\n  whoami\n}\n", to: "Corefile")
        await deployment.reloadIfWritten()
        #expect(await deployment.addresses == first)
        #expect(deployment.reloads.version == version)
        await deployment.stop()
    }

    static let paces: [(String, ReloadLoop.Pace?)] = [
        ("", nil), ("a.org {\n whoami\n}\n", nil),
        ("a.org {\n reload\n}\n", .init(interval: .seconds(30), jitter: .seconds(15))),
        (
            "a.org {\n whoami\n}\nb.org {\n reload 60s 7s\n}\nc.org {\n reload 2s 0s\n}\nd.org {\n reload 90s\n}\n",
            .init(interval: .seconds(60), jitter: .seconds(7))
        ),
    ]

    /// As the warning of the others says.
    @Test(arguments: paces) func theFirstReloadSetsThePace(_ text: String, _ pace: ReloadLoop.Pace?) {
        let blocks = compileCorefile(text, file: "Corefile", surroundings: .machine()).blocks
        #expect(ReloadLoop.pace(of: blocks) == pace)
    }

    @Test func looksAgainAndAgain() async throws {
        let (looks, look) = AsyncStream.makeStream(of: Void.self)
        let loop = ReloadLoop(.init(interval: .milliseconds(1), jitter: .zero)) { look.yield() }
        var count = 0
        for await _ in looks.prefix(3) { count += 1 }
        loop.stop()
        #expect(count == 3)
    }

    @Test func pausesAreSpreadAroundTheInterval() {
        let pace = ReloadLoop.Pace(interval: .seconds(30), jitter: .seconds(15))
        var random = SplitMix(state: 1)
        let pauses = (0..<1000).map { _ in pace.pause(using: &random) }
        #expect(pauses.allSatisfy { (.seconds(15) ... .seconds(45)).contains($0) })
        #expect(pauses.contains { $0 < .seconds(18) } && pauses.contains { $0 > .seconds(42) })
    }
}
