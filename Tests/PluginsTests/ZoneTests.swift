import LinuxIO
import Plugins
import SourceText
import Testing

struct ZoneCase: CustomTestStringConvertible, Sendable {
    let written: String
    let zones: [String]
    var testDescription: String { written }

    init(_ written: String, _ zones: String...) {
        self.written = written
        self.zones = zones
    }
}

@Suite("Zones and networks") struct ZoneTests {
    static let cases: [ZoneCase] = [
        ZoneCase(".", "."),
        ZoneCase("cluster.local", "cluster.local"),
        ZoneCase("Cluster.LOCAL.", "cluster.local"),
        ZoneCase("_tcp.x-1.org", "_tcp.x-1.org"),
        ZoneCase("0/26.2.0.192.in-addr.arpa", "0/26.2.0.192.in-addr.arpa"),
        ZoneCase(String(repeating: "a", count: 63) + ".org", String(repeating: "a", count: 63) + ".org"),
        ZoneCase("10.0.0.0/8", "10.in-addr.arpa"),
        ZoneCase("0.0.0.0/0", "in-addr.arpa"),
        ZoneCase("192.0.2.0/24", "2.0.192.in-addr.arpa"),
        ZoneCase("192.0.2.1/32", "1.2.0.192.in-addr.arpa"),
        ZoneCase(
            "10.96.0.0/12", "96.10.in-addr.arpa", "97.10.in-addr.arpa", "98.10.in-addr.arpa", "99.10.in-addr.arpa",
            "100.10.in-addr.arpa",
            "101.10.in-addr.arpa", "102.10.in-addr.arpa", "103.10.in-addr.arpa", "104.10.in-addr.arpa",
            "105.10.in-addr.arpa",
            "106.10.in-addr.arpa", "107.10.in-addr.arpa", "108.10.in-addr.arpa", "109.10.in-addr.arpa",
            "110.10.in-addr.arpa",
            "111.10.in-addr.arpa"),
        ZoneCase("10.0.0.0/7", "10.in-addr.arpa", "11.in-addr.arpa"),
        ZoneCase(
            "192.0.2.252/30", "252.2.0.192.in-addr.arpa", "253.2.0.192.in-addr.arpa", "254.2.0.192.in-addr.arpa",
            "255.2.0.192.in-addr.arpa"),
        ZoneCase("2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa"),
        ZoneCase("fd00::/8", "d.f.ip6.arpa"),
        ZoneCase("::/0", "ip6.arpa"),
        ZoneCase("fd00:10:96::/47", "6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa", "7.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa"),
        ZoneCase("FD00:10:96::/48", "6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa"),
        ZoneCase(
            "2001:db8::1/128", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
    ]

    @Test(arguments: cases) func asKey(_ c: ZoneCase) {
        let (blocks, diagnostics) = compile("\(c.written) {\n}\n")
        #expect(blocks.map(\.zones) == [c.zones])
        #expect(diagnostics == [])
    }

    @Test(arguments: cases) func asKeyWithPort(_ c: ZoneCase) {
        let (blocks, diagnostics) = compile("dns://\(c.written):1053 {\n}\n")
        #expect(blocks.map(\.zones) == [c.zones])
        #expect(blocks.first?.listen.map(\.port) == [1053, 1053])
        #expect(diagnostics == [])
    }

    @Test(arguments: cases) func asArgument(_ c: ZoneCase) {
        let (blocks, diagnostics) = compile(block("log \(c.written)"))
        #expect(blocks.first?.log.map(\.zones) == [c.zones])
        #expect(diagnostics == [])
    }

    @Test func networksHaveEveryZoneOfTheNextBorder() {
        let (blocks, _) = compile("0.0.0.0/1 {\n}\n")
        #expect(blocks.first?.zones == (0..<128).map { "\($0).in-addr.arpa" })
    }

    @Test func bitsBehindThePrefixAreAWarning() {
        let (blocks, diagnostics) = compile("10.96.7.1/16 {\n}\n")
        #expect(blocks.first?.zones == ["96.10.in-addr.arpa"])
        #expect(
            diagnostics.map(\.description) == [
                "Corefile:1:1: warning: \"10.96.7.1/16\" has bits behind its prefix; it means 10.96.0.0/16"
            ])
    }
}
