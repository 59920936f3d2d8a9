import LinuxIO
import Testing

/// The examples of the README, asked again: what it shows is what comes.
@Suite struct ReadmeTests {
    /// The blocks that begin with a `dig` at the address of `make run`.
    static let examples: [String] = {
        let text = (try? Place.text("README.md")) ?? nil
        let blocks = (text ?? "").split(separator: "```").map { $0.drop { !$0.isNewline }.dropFirst() }
        return blocks.filter { $0.hasPrefix(start) }.map(String.init)
    }()

    private static let start = "$ dig @127.0.0.1 -p 5300 "

    @Test func thereAreFive() { #expect(Self.examples.count >= 5) }

    @Test func showsWhatComes() async throws {
        try await withServer(["zones/demo", "--listen", "127.0.0.1:0"]) { server in
            for example in Self.examples {
                let line = example.prefix { !$0.isNewline }
                let words = line.dropFirst(Self.start.count).split(separator: " ").map(String.init)
                let run = try await Program.run(
                    ["dig", "@127.0.0.1", "-p", "\(server.address.port)", "+tries=1", "+timeout=30"] + words)
                let found = try #require(try ToolText(run.output).answers.first, "\(run.output)\(run.errors)")
                let shown = try #require(try ToolText(example).answers.first, "\(example)")
                #expect(found.code == shown.code && found.isAuthoritative == shown.isAuthoritative, "\(line)")
                #expect(found.answers == shown.answers, "\(line)")
            }
        }
    }
}
