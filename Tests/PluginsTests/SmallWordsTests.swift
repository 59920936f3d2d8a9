import LinuxIO
import Plugins
import SourceText
import Testing

/// A line of a server block, and what it sets in it.
struct WordCase: CustomTestStringConvertible, Sendable {
    let lines: String
    let change: @Sendable (inout ServerBlock, SourceText.SourceLocation) -> Void
    var testDescription: String { lines.split(separator: "\n").joined(separator: "⏎") }
    /// Of a case with a block there is one.
    var words: Set<String> {
        let starts = lines.split(separator: "\n").map { line in String(line.prefix { $0 != " " }) }
        return lines.contains("{") ? Set(starts.prefix(1)) : Set(starts)
    }

    init(
        _ lines: String, _ change: @escaping @Sendable (inout ServerBlock, SourceText.SourceLocation) -> Void
    ) {
        self.lines = lines
        self.change = change
    }

    static func timeouts(_ lines: String, _ change: @escaping @Sendable (inout TimeoutSettings) -> Void) -> WordCase {
        WordCase("timeouts {\n\(lines)\n}") { block, place in
            var settings = TimeoutSettings(at: place)
            change(&settings)
            block.timeouts = settings
        }
    }
}

@Suite("Small words") struct SmallWordsTests {
    static let flags: [WordCase] = [
        WordCase("any") { block, _ in block.flags = .any },
        WordCase("minimal") { block, _ in block.flags = .minimal },
        WordCase("whoami") { block, _ in block.flags = .whoami },
        WordCase("local") { block, _ in block.flags = .local },
        WordCase("local {\nlocalhost_prefix on\n}") { block, _ in block.flags = .local },
        WordCase("any\nminimal\nlocal\nwhoami") { block, _ in block.flags = [.any, .minimal, .local, .whoami] },
    ]

    static let values: [WordCase] = [
        WordCase("bufsize") { $0.bufsize = BufsizeSettings(byteCount: 1232, at: $1) },
        WordCase("bufsize 512") { $0.bufsize = BufsizeSettings(byteCount: 512, at: $1) },
        WordCase("bufsize 1232") { $0.bufsize = BufsizeSettings(byteCount: 1232, at: $1) },
        WordCase("cancel") { $0.cancel = CancelSettings(at: $1) },
        WordCase("cancel 1s") { block, place in
            var settings = CancelSettings(at: place)
            settings.timeout = .seconds(1)
            block.cancel = settings
        },
        WordCase("chaos") {
            $0.chaos = ChaosSettings(version: "ClusterDNS-\(clusterDNSVersion)", authors: [], at: $1)
        },
        WordCase("chaos \"\" b a b") { $0.chaos = ChaosSettings(version: "", authors: ["b", "a"], at: $1) },
        WordCase("multisocket") {
            $0.multisocket = MultisocketSettings(count: UInt32(usableProcessorCount()), at: $1)
        },
        WordCase("multisocket 1024") { $0.multisocket = MultisocketSettings(count: 1024, at: $1) },
        WordCase("nsid") { $0.nsid = NSIDSettings(data: "test-machine", at: $1) },
        WordCase("nsid dns-1 of \"rack 7\"") { $0.nsid = NSIDSettings(data: "dns-1 of rack 7", at: $1) },
        .timeouts("read 1s") { $0.read = .seconds(1) },
        .timeouts("read 24h\nwrite 90") { settings in
            settings.read = .seconds(86_400)
            settings.write = .seconds(90)
        },
        .timeouts("idle 1m30s") { $0.idle = .seconds(90) },
        .timeouts("maxtcpqueries 128") { $0.maxTCPQueries = 128 },
        .timeouts("maxtcpqueries -1") { _ in },
    ]

    @Test(arguments: flags + values) func reads(_ c: WordCase) throws {
        let (blocks, diagnostics) = compile(block(c.lines))
        #expect(diagnostics == [])
        var expected = try #require(compile(block()).blocks.first)
        expected.words = c.words
        c.change(&expected, SourceText.SourceLocation(file: "Corefile", line: 2, column: 5))
        #expect(blocks == [expected])
    }

    @Test func everyPortOfABlockHasThem() {
        let (blocks, _) = compile("a.org b.org:54 {\n any\n nsid x\n cancel\n bufsize 512\n chaos\n multisocket 2\n}")
        #expect(blocks.count == 2)
        #expect(blocks.allSatisfy { $0.flags == .any && $0.nsid?.data == "x" && $0.cancel != nil })
        #expect(blocks.allSatisfy { $0.bufsize?.byteCount == 512 && $0.chaos != nil && $0.multisocket?.count == 2 })
    }

    @Test func theMachineHasAName() {
        let name = CorefileSurroundings.machine().hostName()
        #expect(!name.isEmpty && !name.contains("\0"))
    }

    // MARK: Words that do nothing here

    static let notes: [(lines: String, note: String)] = [
        (
            "debug",
            "a crash always ends the process with its stack, and \"serve --log-level debug\" writes more lines"
        ),
        ("pprof", "profilers of the system, such as perf, see into the process while it runs"),
        ("pprof :6053 {\nblock 1\n}", "profilers of the system, such as perf, see into the process while it runs"),
        ("trace", "no spans are sent; log says how long each answer took"),
        (
            "trace zipkin tracing:9411 {\nevery 100\nservice dns\nclient_server\n}",
            "no spans are sent; log says how long each answer took"
        ),
        (
            "metadata",
            "log has the label {/forward/upstream} without it, and other labels do not exist"
        ),
        (
            "metadata a.org b.org",
            "log has the label {/forward/upstream} without it, and other labels do not exist"
        ),
    ]

    @Test(arguments: notes) func isAcceptedWithANote(_ lines: String, _ note: String) throws {
        let (blocks, diagnostics) = compile(block(lines))
        let word = String(lines.prefix { $0.isLetter })
        #expect(
            diagnostics.map(\.description) == [
                "Corefile:2:5: warning: \(word) is accepted and does nothing here: \(note); remove the line to silence this"
            ])
        var expected = try #require(compile(block()).blocks.first)
        expected.words = [word]
        #expect(blocks == [expected])
        #expect(PluginList.plugin(word)?.note == note)
    }

    @Test func onlyTheseDoNothing() {
        #expect(
            Set(PluginList.all.filter { $0.note != nil }.map(\.word)) == ["debug", "pprof", "trace", "metadata"])
    }

    // MARK: root

    struct PathCase: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let catalogs: [String]

        init(_ name: String, _ text: String, _ catalogs: String...) {
            testDescription = name
            self.text = text
            self.catalogs = catalogs
        }
    }

    private static let zone = "kubernetes cluster.local {\ncatalog a\ncatalog /b\n}\n"

    static let paths: [PathCase] = [
        PathCase("without root", ". {\n\(zone)}\n", "/etc/dns/a", "/b"),
        PathCase("above", ". {\nroot /srv\n\(zone)}\n", "/srv/a", "/b"),
        PathCase("below", ". {\n\(zone)root /srv/\n}\n", "/srv/a", "/b"),
        PathCase("relative", ". {\nroot catalogs\n\(zone)}\n", "/etc/dns/catalogs/a", "/b"),
        PathCase("the whole tree", ". {\nroot /\n\(zone)}\n", "/a", "/b"),
        PathCase("of another block", "a.org {\nroot /srv\n}\n. {\n\(zone)}\n", "/etc/dns/a", "/b"),
        PathCase("from an import", ". {\nimport more/root\n\(zone)}\n", "more/data/a", "/b"),
    ]

    @Test(arguments: paths) func rootMovesRelativePaths(_ c: PathCase) {
        let (blocks, diagnostics) = compileCorefile(
            c.text, file: "/etc/dns/Corefile", surroundings: surroundings(files: ["more/root": "root data\n"]))
        #expect(diagnostics == [])
        #expect(blocks.last?.kubernetes?.catalog == c.catalogs)
    }
}
