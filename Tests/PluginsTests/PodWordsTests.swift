import LinuxIO
import Plugins
import SourceText
import Testing

/// The words around forward and cache: prometheus, loop, reload, loadbalance, errors.
@Suite("prometheus, loop, reload, loadbalance, errors") struct PodWordsTests {
    static let addresses: [(String, [String])] = [
        ("prometheus", ["127.0.0.1:9153"]), ("prometheus localhost:9153", ["127.0.0.1:9153"]),
        ("prometheus :9253", ["0.0.0.0:9253", "[::]:9253"]), ("prometheus [::1]:9153", ["[::1]:9153"]),
        ("prometheus 127.0.0.1:80", ["127.0.0.1:80"]),
    ]

    @Test(arguments: addresses) func prometheus(_ line: String, _ listen: [String]) {
        let (blocks, diagnostics) = compile(block(line))
        #expect(diagnostics == [])
        #expect(blocks.first?.prometheus?.listen.map(\.description) == listen)
    }

    @Test func severalBlocksShareAnAddress() {
        let (blocks, diagnostics) = compile("a {\n prometheus :9153\n}\nb {\n prometheus :9153\n}")
        #expect(diagnostics == [])
        #expect(blocks.allSatisfy { $0.prometheus != nil })
    }

    static let reloads: [(String, Duration, Duration)] = [
        ("reload", .seconds(30), .seconds(15)), ("reload 10s", .seconds(10), .seconds(5)),
        ("reload 2s", .seconds(2), .seconds(1)), ("reload 10s 2s", .seconds(10), .seconds(2)),
        ("reload 2s 0s", .seconds(2), .zero), ("reload 1h 15s", .seconds(3600), .seconds(15)),
    ]

    @Test(arguments: reloads) func reload(_ line: String, _ interval: Duration, _ jitter: Duration) {
        let (blocks, diagnostics) = compile(block(line))
        #expect(diagnostics == [])
        #expect(blocks.first?.reload?.interval == interval)
        #expect(blocks.first?.reload?.jitter == jitter)
    }

    static let orders: [(String, [String])] = [
        ("loadbalance", []), ("loadbalance round_robin", []),
        (
            "loadbalance {\nprefer 10.1.0.0/16 2001:db8::/32\nprefer 10.1.2.3/24 10.1.0.0/16\n}",
            ["10.1.0.0/16", "2001:db8::/32", "10.1.2.0/24"]
        ),
    ]

    @Test(arguments: orders) func loadbalance(_ line: String, _ networks: [String]) {
        let (blocks, diagnostics) = compile(block(line))
        #expect(diagnostics.filter { $0.severity == .error } == [])
        #expect(blocks.first?.loadbalance?.preferred.map { "\($0.address)/\($0.prefixLength)" } == networks)
    }

    @Test func loop() {
        let (blocks, diagnostics) = compile(block("loop", "forward . 192.0.2.1"))
        #expect(diagnostics == [])
        #expect(blocks.first?.loop?.location.line == 2)
        #expect(compile(block("forward . 192.0.2.1")).blocks.first?.forward.map(\.guardsLoops) == [false])
    }

    @Test func consolidations() throws {
        let (blocks, diagnostics) = compile(
            block(
                "errors {", "consolidate 5m \".* i/o timeout$\" warning show_first", "consolidate 30s ^Failed", "}"))
        #expect(diagnostics == [])
        let errors = try #require(blocks.first?.errors)
        var first = ErrorsSettings.Consolidation(
            period: .seconds(300), pattern: ".* i/o timeout$",
            at: SourceText.SourceLocation(file: "Corefile", line: 3, column: 5))
        first.level = .warning
        first.showsFirst = true
        let second = ErrorsSettings.Consolidation(
            period: .seconds(30), pattern: "^Failed",
            at: SourceText.SourceLocation(file: "Corefile", line: 4, column: 5))
        #expect(errors.consolidations == [first, second])
    }

    static let mistakes: [Mistake] = [
        Mistake(
            block("prometheus 9153"),
            "2:16: error: \"9153\" is no address with a port 1–65535; write one such as :8080 or 127.0.0.1:8080"),
        Mistake(
            block("prometheus :1 :2"), "2:19: error: \":2\" is one argument too many; write \"prometheus [ADDRESS]\""),
        Mistake(
            block("ready :9153", "prometheus :9153"),
            "3:5: error: port 9153 is taken by ready at line 2; write \"prometheus :PORT\" with another port"),
        Mistake(
            block("prometheus {", "tls a.pem b.pem {", "client_ca c.pem", "}", "}"),
            "3:5: error: tls is not supported by this version of ClusterDNS; "
                + "metrics are served over HTTP; remove the line, and put a proxy in front where TLS is needed"),
        Mistake(
            block("prometheus {", "runtime_metrics", "}"),
            "3:5: warning: runtime_metrics has no effect; there is no Go runtime to measure. Remove the line"),
        Mistake(
            block("reload soon"),
            "2:12: error: the interval must be a duration such as 5s, 500ms or 1m30s, not \"soon\""),
        Mistake(block("reload 1s"), "2:12: error: the interval must be 2s–24h, not \"1s\""),
        Mistake(block("reload 3s 500ms"), "2:15: error: the jitter must be 0s or at least 1s, not \"500ms\""),
        Mistake(
            block("reload 10s 8s"), "2:16: warning: the jitter is cut to half of the interval; write at most that"),
        Mistake(
            block("reload 10s 5s 1s"),
            "2:19: error: \"1s\" is one argument too many; write \"reload [INTERVAL] [JITTER]\""),
        Mistake(block("reload {", "at 5", "}"), "3:5: error: \"at\" is no option of reload; it takes no options"),
        Mistake(
            "a {\n reload\n}\nb {\n reload 10s\n}\nc {\n reload 30s 15s\n}",
            "5:2: warning: the times of this reload do not count; those of line 2 are for the whole Corefile"),
        Mistake(
            block("loadbalance weighted weights.txt {", "reload 10s", "}"),
            "2:17: error: weighted is not supported by this version of ClusterDNS; write \"loadbalance\", "
                + "and give a server more addresses to send it more clients"),
        Mistake(
            block("loadbalance roundrobin"),
            "2:17: error: \"roundrobin\" is no policy; write \"loadbalance round_robin\""),
        Mistake(
            block("loadbalance {", "prefer", "}"), "3:5: error: an argument is missing; write \"prefer NETWORKS…\""),
        Mistake(
            block("loadbalance {", "prefer 10.0.0.1", "}"),
            "3:12: error: \"10.0.0.1\" is no network; write one such as 10.1.0.0/16"),
        Mistake(
            block("loadbalance {", "prefer 10.0.0.1/8", "}"),
            "3:12: warning: \"10.0.0.1/8\" has bits behind its prefix; it means 10.0.0.0/8"),
        Mistake(
            block("loadbalance {", "limit_answers 5", "}"),
            "3:5: error: limit_answers is not supported by this version of ClusterDNS; answers hold every address that fits; remove the line"
        ),
        Mistake(block("loop .", "forward . 192.0.2.1"), "2:10: error: \".\" is one argument too many; write \"loop\""),
        Mistake(
            block("loop"),
            "2:5: warning: loop has no effect without forward in this server block: it watches the servers of forward. Remove the line"
        ),
        Mistake(
            block("errors {", "stacktrace", "}"),
            "3:5: warning: stacktrace has no effect; a crash writes its stack by itself. Remove the line"),
        Mistake(
            block("errors {", "consolidate 5m", "}"),
            "3:5: error: an argument is missing; write \"consolidate DURATION PATTERN [LEVEL] [show_first]\""),
        Mistake(
            block("errors {", "consolidate 0 a", "}"), "3:17: error: the duration must be 1ms–24h, not \"0\""),
        Mistake(
            block("errors {", "consolidate 5m a warn", "}"),
            "3:22: error: \"warn\" is none of warning, error, info, debug and show_first"),
        Mistake(
            block("errors {", "consolidate 5m \(String(repeating: "a", count: 10001))", "}"),
            "3:20: error: this pattern has more than 10000 octets; write a shorter one"),
    ]

    @Test(arguments: mistakes) func tells(_ c: Mistake) {
        #expect(compile(c.text).diagnostics.map(\.description) == c.diagnostics)
    }

    @Test(arguments: ["(", "[z-a]", "*"]) func patternsAreTried(_ pattern: String) {
        let found = compile(block("errors {", "consolidate 5m \"\(pattern)\"", "}")).diagnostics.map(\.description)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("Corefile:3:20: error: \"\(pattern)\" is no regular expression: ") == true)
        #expect(found.first?.contains("\n") == false)
    }
}
