import LinuxIO
import Plugins
import SourceText
import Testing

struct ListenCase: CustomTestStringConvertible, Sendable {
    let text: String
    /// "ZONES on ADDRESSES as NAMES" for each block.
    let blocks: [String]
    var testDescription: String { text.split(separator: "\n").joined(separator: "⏎") }

    init(_ text: String, _ blocks: String...) {
        self.text = text
        self.blocks = blocks
    }
}

@Suite("Server blocks") struct ServerBlockTests {
    static let cases: [ListenCase] = [
        ListenCase(". {\n}", ". on 0.0.0.0:53 [::]:53 as dns://:53 dns://:53"),
        ListenCase(".:5353 {\n}", ". on 0.0.0.0:5353 [::]:5353 as dns://:5353 dns://:5353"),
        ListenCase(":5353 {\n}", ". on 0.0.0.0:5353 [::]:5353 as dns://:5353 dns://:5353"),
        ListenCase("a.org:{$PORT} {\n}", "a.org on 0.0.0.0:5300 [::]:5300 as dns://:5300 dns://:5300"),
        ListenCase("a.org b.org\n", "a.org b.org on 0.0.0.0:53 [::]:53 as dns://:53 dns://:53"),
        ListenCase(
            "a.org b.org:1053 c.org {\n bind 127.0.0.1\n}", "a.org c.org on 127.0.0.1:53 as dns://127.0.0.1:53",
            "b.org on 127.0.0.1:1053 as dns://127.0.0.1:1053"),
        ListenCase(". {\n bind 127.0.0.1 ::1\n}", ". on 127.0.0.1:53 [::1]:53 as dns://127.0.0.1:53 dns://[::1]:53"),
        ListenCase(
            ". {\n bind 127.0.0.1\n bind ::1 127.0.0.1\n}",
            ". on 127.0.0.1:53 [::1]:53 as dns://127.0.0.1:53 dns://[::1]:53"),
        ListenCase(". {\n bind lo\n}", ". on 127.0.0.1:53 [::1]:53 as dns://127.0.0.1:53 dns://[::1]:53"),
        ListenCase(". {\n bind lo {\n except ::1\n }\n}", ". on 127.0.0.1:53 as dns://127.0.0.1:53"),
        ListenCase(". {\n bind lo 192.0.2.1 {\n except lo\n }\n}", ". on 192.0.2.1:53 as dns://192.0.2.1:53"),
        ListenCase(
            ". {\n bind eth0\n}", ". on 192.0.2.7:53 [2001:db8::7]:53 as dns://192.0.2.7:53 dns://[2001:db8::7]:53"),
        ListenCase(". {\n bind 169.254.20.10\n}", ". on 169.254.20.10:53 as dns://169.254.20.10:53"),
        ListenCase(". {\n bind 0.0.0.0\n}", ". on 0.0.0.0:53 as dns://0.0.0.0:53"),
        ListenCase(
            ". {\n bind 127.0.0.1\n}\n. {\n bind 127.0.0.2\n}", ". on 127.0.0.1:53 as dns://127.0.0.1:53",
            ". on 127.0.0.2:53 as dns://127.0.0.2:53"),
        ListenCase(
            ". {\n}\n.:54 {\n}", ". on 0.0.0.0:53 [::]:53 as dns://:53 dns://:53",
            ". on 0.0.0.0:54 [::]:54 as dns://:54 dns://:54"),
    ]

    @Test(arguments: cases) func listens(_ c: ListenCase) {
        let (blocks, diagnostics) = compile(c.text)
        #expect(diagnostics == [])
        let shown = blocks.map { block in
            let addresses = block.listen.map(\.description).joined(separator: " ")
            let names = block.listen.map { block.serverName(on: $0) }.joined(separator: " ")
            return "\(block.zones.joined(separator: " ")) on \(addresses) as \(names)"
        }
        #expect(shown == c.blocks)
    }

    @Test func theDefaultPortCanBeChosen() {
        let (blocks, _) = compileCorefile(
            "a.org b.org:53 {\n}", file: "Corefile", surroundings: surroundings(defaultPort: 1053))
        #expect(blocks.map { $0.listen.first?.port } == [1053, 53])
    }

    @Test func blocksOfOneKeyLineShareTheirSettings() throws {
        let text = "a.org b.org:1053 {\n kubernetes {\n  catalog c\n }\n log\n errors\n ready\n health\n}"
        let (blocks, diagnostics) = compile(text)
        #expect(diagnostics == [])
        try #require(blocks.count == 2)
        #expect(blocks[0].kubernetes?.zones == ["a.org", "b.org"])
        #expect(blocks[0].kubernetes == blocks[1].kubernetes)
        #expect(blocks[0].log == blocks[1].log)
        #expect(blocks[1].errors != nil && blocks[1].ready != nil && blocks[1].health != nil)
        #expect(blocks.map(\.location.description) == ["Corefile:1:1", "Corefile:1:7"])
    }

    @Test func plugins() throws {
        let (blocks, diagnostics) = compile(
            block(
                "errors stdout", "ready 127.0.0.1:81 {", "monitor continuously", "}", "health localhost:80 {",
                "lameduck 1m5s", "}"))
        #expect(diagnostics == [])
        let block = try #require(blocks.first)
        #expect(block.errors?.location.line == 2)
        #expect(block.ready?.listen.map(\.description) == ["127.0.0.1:81"])
        #expect(block.ready?.monitor == .continuously)
        #expect(block.health?.listen.map(\.description) == ["127.0.0.1:80"])
        #expect(block.health?.lameduck == .seconds(65))
        #expect(block.kubernetes == nil)
        #expect(block.log == [])
    }

    @Test func pluginDefaults() throws {
        let (blocks, _) = compile(block("ready", "health"))
        let block = try #require(blocks.first)
        #expect(block.ready?.listen.map(\.description) == ["0.0.0.0:8181", "[::]:8181"])
        #expect(block.ready?.monitor == .untilReady)
        #expect(block.health?.listen.map(\.description) == ["0.0.0.0:8080", "[::]:8080"])
        #expect(block.health?.lameduck == .zero)
        #expect(block.errors == nil)
    }

    @Test func theOrderOfPluginsIsOne() throws {
        let words = PluginList.all.map(\.word)
        #expect(Set(words).count == words.count)
        let way = [
            "bind", "errors", "log", "loadbalance", "rewrite", "autopath", "acl", "cache", "template", "hosts",
            "k8s_external", "kubernetes", "file", "forward",
        ]
        #expect(way.compactMap(PluginList.position(of:)) == way.compactMap(PluginList.position(of:)).sorted())
        #expect(way.allSatisfy { PluginList.position(of: $0) != nil })
        #expect(PluginList.position(of: "fowrard") == nil)
    }
}
