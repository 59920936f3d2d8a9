import DNS
import LinuxIO
import Plugins
import SourceText
import Testing

struct ForwardCase: CustomTestStringConvertible, Sendable {
    let option: String
    let change: @Sendable (inout ForwardSettings) -> Void
    var testDescription: String { option }

    init(_ option: String, _ change: @escaping @Sendable (inout ForwardSettings) -> Void) {
        self.option = option
        self.change = change
    }
}

struct DestinationCase: CustomTestStringConvertible, Sendable {
    let words: String
    /// "ADDRESS", "tls ADDRESS" or "tls ADDRESS NAME" for each server.
    let upstreams: [String]
    var testDescription: String { words }

    init(_ words: String, _ upstreams: String...) {
        self.words = words
        self.upstreams = upstreams
    }
}

/// The lines as the block of `forward . 192.0.2.1`; the first of them on line 3 in column 9.
func forward(to: String = "192.0.2.1", _ lines: String...) -> String {
    ". {\n    forward . \(to) {\n" + lines.map { "        \($0)\n" }.joined() + "    }\n}\n"
}

@Suite("forward") struct ForwardSettingsTests {
    static let resolvConf = "# of the node\nnameserver 192.0.2.53\n\nsearch example.org\nnameserver 2001:db8::53\n"

    static let options: [ForwardCase] = [
        ForwardCase("except a.org B.org. a.org") { $0.except = ["a.org", "b.org"] },
        ForwardCase("except 10.0.0.0/8") { $0.except = ["10.in-addr.arpa"] },
        ForwardCase("policy random") { _ in },
        ForwardCase("policy round_robin") { $0.policy = .roundRobin },
        ForwardCase("policy sequential") { $0.policy = .sequential },
        ForwardCase("force_tcp") { $0.forcesTCP = true },
        ForwardCase("prefer_udp") { $0.prefersUDP = true },
        ForwardCase("expire 20s") { $0.expire = .seconds(20) },
        ForwardCase("expire 0s") { $0.expire = .zero },
        ForwardCase("max_fails 0") { $0.maxFails = 0 },
        ForwardCase("max_fails 4294967295") { $0.maxFails = .max },
        ForwardCase("health_check 5s") { $0.healthInterval = .seconds(5) },
        ForwardCase("health_check 1m no_rec") {
            $0.healthInterval = .seconds(60)
            $0.healthIsRecursive = false
        },
        ForwardCase("health_check 500ms domain Example.org. no_rec") {
            $0.healthIsRecursive = false
            $0.healthDomain = "example.org"
        },
        ForwardCase("read_timeout 750ms") { $0.readTimeout = .milliseconds(750) },
        ForwardCase("max_concurrent 0") { $0.maxConcurrent = 0 },
        ForwardCase("max_connect_attempts 3") { $0.maxConnectAttempts = 3 },
        ForwardCase("max_idle_conns 7") { $0.maxIdleConnections = 7 },
        ForwardCase("failover SERVFAIL refused NOTIMPL") {
            $0.failoverCodes = [.serverFailure, .refused, .notImplemented]
        },
        ForwardCase("failfast_all_unhealthy_upstreams") { $0.failsFast = true },
    ]

    @Test(arguments: options) func reads(_ c: ForwardCase) throws {
        let (blocks, diagnostics) = compile(forward(c.option))
        #expect(diagnostics == [])
        let word = SourceText.SourceLocation(file: "Corefile", line: 2, column: 5)
        let place = SourceText.SourceLocation(file: "Corefile", line: 2, column: 15)
        var expected = ForwardSettings(
            from: ["."], to: [.init(try #require(SocketAddress("192.0.2.1:53")), at: place)], at: word)
        c.change(&expected)
        #expect(blocks.first?.forward == [expected])
        #expect(blocks.first?.forward.flatMap { [$0.location] + $0.upstreams.map(\.location) } == [word, place])
    }

    static let destinations: [DestinationCase] = [
        DestinationCase("192.0.2.1", "192.0.2.1:53"),
        DestinationCase("192.0.2.1:5353 2001:db8::1", "192.0.2.1:5353", "[2001:db8::1]:53"),
        DestinationCase("[2001:db8::1]:5353", "[2001:db8::1]:5353"),
        DestinationCase("[2001:db8::1]", "[2001:db8::1]:53"),
        DestinationCase("dns://192.0.2.1 dns://[::1]:54", "192.0.2.1:53", "[::1]:54"),
        DestinationCase("tls://192.0.2.1", "tls 192.0.2.1:853"),
        DestinationCase("tls://192.0.2.1:8853", "tls 192.0.2.1:8853"),
        DestinationCase("tls://192.0.2.1%dns.Example.org", "tls 192.0.2.1:853 dns.example.org"),
        DestinationCase("tls://192.0.2.1%dns.example.org:8853", "tls 192.0.2.1:8853 dns.example.org"),
        DestinationCase("tls://2001:db8::1%a.org", "tls [2001:db8::1]:853 a.org"),
        DestinationCase("tls://2001:db8::1%a.org:8853", "tls [2001:db8::1]:8853 a.org"),
        DestinationCase("tls://[2001:db8::1%a.org]:8853", "tls [2001:db8::1]:8853 a.org"),
        DestinationCase("tls://[2001:db8::1]%a.org", "tls [2001:db8::1]:853 a.org"),
        DestinationCase("192.0.2.1 tls://192.0.2.1:53", "192.0.2.1:53", "tls 192.0.2.1:53"),
        DestinationCase("/etc/resolv.conf", "192.0.2.53:53", "[2001:db8::53]:53"),
        DestinationCase("resolv.conf 192.0.2.1", "192.0.2.53:53", "[2001:db8::53]:53", "192.0.2.1:53"),
    ]

    @Test(arguments: destinations) func asks(_ c: DestinationCase) {
        let files = ["/etc/resolv.conf": Self.resolvConf, "resolv.conf": Self.resolvConf]
        let (blocks, diagnostics) = compile(block("forward . \(c.words)"), files: files)
        #expect(diagnostics == [])
        let upstreams = blocks.first?.forward.first?.upstreams.map { upstream in
            (upstream.isTLS ? "tls " : "") + upstream.address.description
                + (upstream.serverName.map { " " + $0 } ?? "")
        }
        #expect(upstreams == c.upstreams)
    }

    @Test func serversKeepTheirPlace() {
        let (blocks, _) = compile(
            block("forward . /etc/resolv.conf 192.0.2.1"), files: ["/etc/resolv.conf": Self.resolvConf])
        let places = blocks.first?.forward.first?.upstreams.map(\.location.description)
        #expect(places == ["/etc/resolv.conf:2:12", "/etc/resolv.conf:5:12", "Corefile:2:32"])
    }

    @Test func aResolvConfIsLookedForBesideTheCorefile() {
        let (blocks, diagnostics) = compileCorefile(
            block("forward . more/resolv.conf"), file: "/srv/dns/Corefile",
            surroundings: surroundings(files: ["/srv/dns/more/resolv.conf": Self.resolvConf]))
        #expect(diagnostics == [])
        #expect(blocks.first?.forward.first?.upstreams.count == 2)
    }

    static let zones: [(String, [String])] = [
        ("forward . 192.0.2.1", ["."]), ("forward Example.org. 192.0.2.1", ["example.org"]),
        ("forward 10.0.0.0/7 192.0.2.1", ["10.in-addr.arpa", "11.in-addr.arpa"]),
    ]

    @Test(arguments: zones) func isFor(_ line: String, _ zones: [String]) {
        let (blocks, diagnostics) = compile(block(line))
        #expect(diagnostics == [])
        #expect(blocks.first?.forward.map(\.from) == [zones])
    }

    @Test func linesKeepTheirOrder() {
        let (blocks, diagnostics) = compile(
            block(
                "forward lab.example.org 192.0.2.1", "loop", "forward example.org 192.0.2.2 {", "next NXDOMAIN",
                "next_on_nodata", "}", "forward . 192.0.2.3"))
        #expect(diagnostics == [])
        #expect(blocks.first?.forward.map(\.from) == [["lab.example.org"], ["example.org"], ["."]])
        #expect(blocks.first?.forward.map(\.guardsLoops) == [true, true, true])
        #expect(blocks.first?.forward[1].nextCodes == [.nameError])
        #expect(blocks.first?.forward[1].nextOnNoData == true)
    }

    static let guardZones: [(String, [String], String?)] = [
        (".", ["forward . 192.0.2.1"], "."), (".", ["forward example.org 192.0.2.1"], "example.org"),
        ("corp.example", ["forward . 192.0.2.1"], "corp.example"),
        ("corp.example", ["forward example 192.0.2.1"], "corp.example"),
        ("corp.example", ["forward lab.corp.example 192.0.2.1"], "lab.corp.example"),
        ("a.example b.example", ["forward b.example 192.0.2.1"], "b.example"),
        ("a.example b.example", ["forward . 192.0.2.1"], "a.example"),
        ("10.0.0.0/8", ["forward . 192.0.2.1"], "10.in-addr.arpa"),
        ("ip6.arpa", ["forward . 192.0.2.1"], "ip6.arpa"),
        ("a.example b.example", ["forward . 192.0.2.1 {", "except a.example", "}"], "b.example"),
    ]

    /// A tag of the loop guard comes back through this line only from within both zones.
    @Test(arguments: guardZones) func tagsLieWhereTheyComeBack(_ zones: String, _ lines: [String], _ zone: String?) {
        let (blocks, diagnostics) = compile("\(zones) {\n loop\n \(lines.joined(separator: "\n "))\n}")
        #expect(diagnostics.filter { $0.severity == .error } == [])
        #expect(blocks.first?.forward.map(\.guardZone) == [zone])
    }

    /// Each port of a block has zones of its own.
    @Test func eachPortHasItsGuardZone() {
        let (blocks, _) = compile("a.org b.org:1053 {\n loop\n forward . 192.0.2.1\n}")
        #expect(blocks.map { $0.forward.map(\.guardZone) } == [["a.org"], ["b.org"]])
    }

    @Test func certificates() {
        let files = ["a.pem": "", "b.pem": "", "/etc/ca.pem": ""]
        func tls(_ line: String) -> ForwardSettings.TLSFiles? {
            let found = compile(forward(to: "tls://192.0.2.1", line, "tls_servername Dns.Example.org"), files: files)
            #expect(found.diagnostics == [])
            #expect(found.blocks.first?.forward.first?.tlsServerName == "dns.example.org")
            return found.blocks.first?.forward.first?.tls
        }
        #expect(tls("tls") == .init())
        #expect(tls("tls /etc/ca.pem") == .init(authority: "/etc/ca.pem"))
        #expect(tls("tls a.pem b.pem") == .init(certificate: "a.pem", key: "b.pem"))
        #expect(
            tls("tls a.pem b.pem /etc/ca.pem") == .init(certificate: "a.pem", key: "b.pem", authority: "/etc/ca.pem"))
        #expect(tls("policy random") == nil)
    }

    @Test func blocksOfOneKeyLineForwardAlike() {
        let (blocks, _) = compile("a.org b.org:1053 {\n forward . 192.0.2.1\n cache\n}")
        #expect(blocks.map { $0.forward.count } == [1, 1])
        #expect(blocks.allSatisfy { $0.cache != nil })
    }
}
