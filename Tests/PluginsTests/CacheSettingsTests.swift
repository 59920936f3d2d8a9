import Plugins
import SourceText
import Testing

struct CacheCase: CustomTestStringConvertible, Sendable {
    let line: String
    let change: @Sendable (inout CacheSettings) -> Void
    var testDescription: String { line.split(separator: "\n").joined(separator: "⏎") }

    init(_ line: String, _ change: @escaping @Sendable (inout CacheSettings) -> Void) {
        self.line = line
        self.change = change
    }
}

/// The option in the block of `cache`; it stands on line 4.
func cache(_ option: String) -> String { block("forward . 192.0.2.1", "cache {", option, "}") }

@Suite("cache") struct CacheSettingsTests {
    static let cases: [CacheCase] = [
        CacheCase("cache") { _ in },
        CacheCase("cache 30") {
            $0.success.maxTTL = 30
            $0.denial.maxTTL = 30
        },
        CacheCase("cache 3") {
            $0.success = .init(maxTTL: 3, minTTL: 3)
            $0.denial = .init(maxTTL: 3, minTTL: 3)
        },
        CacheCase("cache Example.org. a.org") { $0.zones = ["example.org", "a.org"] },
        CacheCase("cache 30 10.0.0.0/8") {
            $0.success.maxTTL = 30
            $0.denial.maxTTL = 30
            $0.zones = ["10.in-addr.arpa"]
        },
        CacheCase("cache {\nsuccess 5000\ndenial 2500\n}") {
            $0.success.capacity = 5000
            $0.denial.capacity = 2500
        },
        CacheCase("cache 900 {\ndenial 9984 30\n}") {
            $0.success.maxTTL = 900
            $0.denial.maxTTL = 30
        },
        CacheCase("cache {\nsuccess 1 60 0\n}") { $0.success = .init(capacity: 1, maxTTL: 60, minTTL: 0) },
        CacheCase("cache {\ndenial 9984 3\n}") { $0.denial = .init(maxTTL: 3, minTTL: 3) },
        CacheCase("cache {\nservfail 0\n}") { $0.servfail = .zero },
        CacheCase("cache {\nservfail 5m\n}") { $0.servfail = .seconds(300) },
        CacheCase("cache {\nprefetch 10\n}") { $0.prefetch = .init(amount: 10) },
        CacheCase("cache {\nprefetch 10 5m 25%\n}") {
            $0.prefetch = .init(amount: 10, duration: .seconds(300), percentage: 25)
        },
        CacheCase("cache {\nprefetch 0\n}") { _ in },
        CacheCase("cache {\nserve_stale\n}") { $0.stale = .init() },
        CacheCase("cache {\nserve_stale 24h\n}") { $0.stale = .init(duration: .seconds(86400)) },
        CacheCase("cache {\nserve_stale 1h immediate 30s\n}") {
            $0.stale = .init()
            $0.stale?.ttl = 30
        },
        CacheCase("cache {\nserve_stale 1h immediate 30s 10s\n}") {
            $0.stale = .init()
            $0.stale?.ttl = 30
            $0.stale?.recheck = .seconds(10)
        },
        CacheCase("cache {\nserve_stale 1h verify\n}") { $0.stale = .init(refresh: .verify) },
        CacheCase("cache {\ndisable success\n}") { $0.success.disabledZones = ["."] },
        CacheCase("cache {\ndisable success a.org\ndisable denial a.org b.org\ndisable success c.org\n}") {
            $0.success.disabledZones = ["a.org", "c.org"]
            $0.denial.disabledZones = ["a.org", "b.org"]
        },
        CacheCase("cache {\nkeepttl\n}") { $0.keepsTTL = true },
    ]

    @Test(arguments: cases) func reads(_ c: CacheCase) {
        let (blocks, diagnostics) = compile(block("forward . 192.0.2.1", c.line))
        #expect(diagnostics == [])
        var expected = CacheSettings(at: SourceText.SourceLocation(file: "Corefile", line: 3, column: 5))
        c.change(&expected)
        #expect(blocks.first?.cache == expected && blocks.first?.cache?.location == expected.location)
    }

    static let mistakes: [Mistake] = [
        Mistake(
            block("cache 30"),
            "2:5: warning: cache has no effect without forward in this server block: it keeps the answers of forward; "
                + "the names of kubernetes are answered from memory anyway. Remove the line"),
        Mistake(
            block("forward . 192.0.2.1", "cache", "cache"),
            "4:5: error: cache stands in this server block already, at line 3; remove one of them"),
        Mistake(
            block("forward . 192.0.2.1", "cache 0"),
            "3:11: error: the TTL must be a whole number 1–604800, not \"0\""),
        Mistake(
            block("forward . 192.0.2.1", "cache 30 a..b"),
            "3:14: error: \"a..b\" is no zone: there is nothing between two of its dots"),
        Mistake(
            block("forward . 192.0.2.1", "cache 30s"),
            "3:11: warning: this is the zone \"30s\"; a TTL is written in seconds, without a unit"),
        Mistake(
            "a.org {\n forward . 192.0.2.1\n cache b.org\n}",
            "3:8: warning: b.org lies outside of this server block (a.org); no query for it comes here. Add it to the zones of the block"
        ),
        Mistake(cache("success"), "4:5: error: an argument is missing; write \"success COUNT [TTL] [MINTTL]\""),
        Mistake(
            cache("success many"), "4:13: error: the count of answers must be a whole number 1–16777216, not \"many\""),
        Mistake(cache("denial 0"), "4:12: error: the count of answers must be a whole number 1–16777216, not \"0\""),
        Mistake(cache("denial 1024 0"), "4:17: error: the TTL must be a whole number 1–604800, not \"0\""),
        Mistake(cache("success 1024 30 31"), "4:21: error: the smallest TTL must not be above the largest, 30"),
        Mistake(
            cache("success 1 2 1 4"),
            "4:19: error: \"4\" is one argument too many; write \"success COUNT [TTL] [MINTTL]\""),
        Mistake(cache("servfail 301s"), "4:14: error: servfail must be 0s–5m, not \"301s\""),
        Mistake(
            cache("prefetch"), "4:5: error: an argument is missing; write \"prefetch COUNT [DURATION] [PERCENT%]\""),
        Mistake(
            cache("prefetch x"), "4:14: error: the count of questions must be a whole number 0–4294967295, not \"x\""),
        Mistake(
            cache("prefetch 1 10"), "4:16: error: the pause must be a duration such as 5s, 500ms or 1m30s, not \"10\""),
        Mistake(cache("prefetch 1 1m 9%"), "4:19: error: the share must be 10%–90%, not \"9%\""),
        Mistake(cache("prefetch 1 1m 20"), "4:19: error: the share must be 10%–90%, not \"20\""),
        Mistake(
            cache("serve_stale soon"),
            "4:17: error: serve_stale must be a duration such as 5s, 500ms or 1m30s, not \"soon\""),
        Mistake(cache("serve_stale 0"), "4:17: error: serve_stale must be 1s–8760h, not \"0\""),
        Mistake(
            cache("serve_stale 1h verfy"),
            "4:20: error: \"verfy\" is none of immediate and verify; did you mean \"verify\"?"),
        Mistake(
            cache("serve_stale 1h verify 100ms 30s"),
            "4:27: warning: this wait has no effect; the servers have the time that forward gives them (read_timeout)"),
        Mistake(
            cache("serve_stale 1h verify 0s 30s 10s"),
            "4:27: warning: this wait has no effect; the servers have the time that forward gives them (read_timeout)"),
        Mistake(
            cache("serve_stale 1h immediate 30s 10s 5s"),
            "4:38: error: \"5s\" is one argument too many; write "
                + "\"serve_stale [DURATION [immediate [TTL [RECHECK]]|verify [WAIT [TTL [RECHECK]]]]]\""
        ),
        Mistake(cache("disable"), "4:5: error: an argument is missing; write \"disable success|denial [ZONES…]\""),
        Mistake(cache("disable error"), "4:13: error: \"error\" is none of success and denial"),
        Mistake(cache("keepttl yes"), "4:13: error: \"yes\" is one argument too many; write \"keepttl\""),
        Mistake(
            cache("serve_stale_policy prefer_positive"),
            "4:5: error: serve_stale_policy is not supported by this version of ClusterDNS; "
                + "a newer answer replaces an older one, whatever it says; remove the line"),
        Mistake(cache("keeptl"), "4:5: error: \"keeptl\" is no option of cache; did you mean \"keepttl\"?"),
    ]

    @Test(arguments: mistakes) func tells(_ c: Mistake) {
        #expect(compile(c.text).diagnostics.map(\.description) == c.diagnostics)
    }
}
