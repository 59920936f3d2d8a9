import ClusterDNSTestKit
import DNS
import LinuxIO
import ScriptedUpstreams
import Testing
import WireMessages

/// The words of `cache` through a whole server: what the upstream is asked again, and what clients see meanwhile.
@Suite(.timeLimit(.minutes(5))) struct CacheScenarioTests {
    static let name = "www.example.org."

    /// A server behind the words of `cache`, always asked for the same.
    private func with(
        _ words: String, _ answer: ScriptedAnswer = .address("192.0.2.7"), _ options: [String] = [],
        _ body: (Served, ScriptedUpstream) async throws -> Void
    ) async throws {
        let server = try await ScriptedUpstream.saying(answer)
        let lines = options.joined(separator: "\n")
        try await Served.block("cache \(words) {", lines, "}", "forward . \(server.placeAskedOnce)") {
            try await body($0, server)
        }
        await server.stop()
    }

    /// One cache for both transports, and every spelling.
    @Test func theSecondQuestionIsAHit() async throws {
        try await with("") { served, server async throws in
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
            for transport in [Conversation.Transport.udp, .tcp] {
                let hit = try await served.ask("WWW.Example.ORG.", over: transport)
                #expect(hit.addresses == ["192.0.2.7"] && !hit.isAuthoritative && hit.extendedError == nil)
            }
            #expect(server.count(Self.name) == 1)
        }
    }

    @Test func otherQuestionsAreKeptApart() async throws {
        try await with("") { served, server async throws in
            for _ in 0..<2 {
                _ = try await served.ask(Self.name)
                _ = try await served.ask(Self.name, .aaaa)
                _ = try await served.ask(Self.name) { $0.edns(flags: 0x8000) }
                _ = try await served.ask(Self.name) { $0.edns().with { $0.flags |= 0x0010 } }
            }
            #expect(server.count(Self.name) == 4)
        }
    }

    // MARK: TTLs

    /// What clients see of an upstream's 60 seconds.
    static let terms: [(words: String, options: [String], ttl: UInt32)] = [
        ("", [], 60), ("10", [], 10), ("3600", [], 60), ("", ["success 100 20"], 20),
        ("", ["success 100 3600 90"], 90), ("30", ["denial 100 7"], 30),
    ]

    @Test(arguments: terms.indices) func theTTLHasBounds(_ index: Int) async throws {
        let term = Self.terms[index]
        try await with(term.words, .address("192.0.2.7"), term.options) { served, server async throws in
            let start = ContinuousClock.now
            let first = try await served.ask(Self.name)
            #expect(first.ttl == term.ttl)
            let second = try await served.ask(Self.name)
            #expect(second.ttl.map { Self.left(of: term.ttl, since: start) ~= $0 } == true, "\(second)")
            #expect(server.count(Self.name) == 1)
        }
    }

    /// What may be left of a TTL by now, however long the machine took to come here.
    private static func left(of ttl: UInt32, since start: ContinuousClock.Instant) -> ClosedRange<UInt32> {
        let seconds = (ContinuousClock.now - start).components.seconds + 1
        return ttl - min(ttl, UInt32(seconds))...ttl
    }

    /// The TTL grows smaller in the cache, unless `keepttl` says otherwise.
    @Test func theTTLIsWhatIsLeft() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        let text = """
            (asked) {
                bind {address}
                forward . \(server.placeAskedOnce)
            }
            .:5300 {
                import asked
                cache
            }
            kept.example:5300 {
                import asked
                cache {
                    keepttl
                }
            }
            """
        try await Served.corefile(text) { served async throws in
            #expect(try await served.ask("www.kept.example.").ttl == 60)
            #expect(try await served.ask(Self.name).ttl == 60)
            _ = try await served.wait(Self.name) { $0.ttl.map { $0 < 60 } == true }
            #expect(try await served.ask("www.kept.example.").ttl == 60)
            #expect(server.received.count == 2)
        }
        await server.stop()
    }

    // MARK: Denials and failures

    /// An answer, an option, and how often two equal questions reach the upstream.
    static let kept: [(answer: ScriptedAnswer, option: String, count: Int)] = [
        (.address("192.0.2.7"), "", 1), (.nameError(in: "example.org"), "", 1), (.servfail, "", 1),
        (.noData.with { $0.zone = "example.org" }, "", 1),
        // RFC 2308 §5: without an SOA nobody knows for how long.
        (.noData, "", 2), (.code(3), "", 2), (.code(5), "", 2), (.servfail, "servfail 0s", 2),
        (.address("192.0.2.7"), "disable success", 2), (.address("192.0.2.7"), "disable denial", 1),
        (.address("192.0.2.7"), "disable success example.org", 2),
        (.address("192.0.2.7"), "disable success org.example", 1),
        (.nameError(in: "example.org"), "disable denial", 2), (.nameError(in: "example.org"), "disable success", 1),
    ]

    @Test(arguments: kept.indices) func thisIsKept(_ index: Int) async throws {
        let row = Self.kept[index]
        try await with("", row.answer, [row.option]) { served, server async throws in
            let first = try await served.ask(Self.name)
            let second = try await served.ask(Self.name)
            #expect(first.code == second.code && first.addresses == second.addresses)
            #expect(server.count(Self.name) == row.count)
        }
    }

    @Test func aDenialHasItsTTL() async throws {
        try await with("", .nameError(in: "example.org"), ["denial 100 7"]) { served, server async throws in
            let start = ContinuousClock.now
            for _ in 0..<2 {
                let reply = try await served.ask(Self.name)
                #expect(reply.code == .nameError && reply.authority.map(\.type) == [.soa])
                let left = Self.left(of: 7, since: start)
                #expect(reply.authority.allSatisfy { left ~= $0.ttl }, "\(reply.authority)")
            }
        }
    }

    /// RFC 9520: what failed is not asked again at once, and the client is told why.
    @Test func aKeptFailureSaysSo() async throws {
        try await with("", .servfail) { served, server async throws in
            _ = try await served.ask(Self.name)
            let second = try await served.ask(Self.name)
            #expect(second.code == .serverFailure && second.extendedError == 13)
        }
        let place = try RefusingPort().place
        try await Served.block("cache", "forward . \(place)") { served async throws in
            let failures = [try await served.ask(Self.name), try await served.ask(Self.name)]
            #expect(failures.map(\.extendedError) == [22, 13])
        }
    }

    // MARK: Zones and room

    @Test func onlyItsZonesAreKept() async throws {
        try await with("30 example.org") { served, server async throws in
            for name in ["www.example.org.", "www.example.net."] {
                for _ in 0..<2 { _ = try await served.ask(name) }
            }
            #expect(server.count("www.example.org.") == 1 && server.count("www.example.net.") == 2)
        }
    }

    /// The oldest goes; denials have room of their own.
    @Test func theOldestGivesWay() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule("none.example.org.", .answer(.nameError(in: "org"))),
            ScriptedRule(nil, .answer(.address("192.0.2.7"))))
        try await Served.block("cache {", "success 1", "denial 1", "}", "forward . \(server.placeAskedOnce)") {
            served async throws in
            for name in ["a.org.", "none.example.org.", "b.org.", "none.example.org.", "a.org."] {
                _ = try await served.ask(name)
            }
            #expect(server.count("a.org.") == 2 && server.count("none.example.org.") == 1)
        }
        await server.stop()
    }

    // MARK: Prefetch and stale answers

    /// While clients still get the old answer, a new one is on its way.
    @Test func whatIsWantedIsFetchedAnew() async throws {
        // Long enough not to be over while the machine does something else; a tenth of it has to go by.
        let old = ScriptedAnswer.address("192.0.2.7").with { $0.ttl = 15 }
        try await with("", old, ["prefetch 1 1m 90%"]) { served, server async throws in
            _ = try await served.ask(Self.name)
            server.follow(ScriptedRule(nil, .hold, .answer(.address("192.0.2.8"))))
            while server.count(Self.name) < 2 {
                #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
            }
            server.release()
            _ = try await served.wait(Self.name) { $0.addresses == ["192.0.2.8"] }
        }
    }

    /// While it is fetched anew, the old answer serves: at once, with TTL 0 and its mark.
    @Test func staleAnswersServeImmediately() async throws {
        let old = ScriptedAnswer.address("192.0.2.7").with { $0.ttl = 1 }
        try await with("", old, ["success 100 1 0", "serve_stale 1h immediate"]) { served, server async throws in
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
            server.follow(ScriptedRule(nil, .hold, .answer(.address("192.0.2.8"))))
            let stale = try await served.wait(Self.name) { $0.extendedError == 3 }
            #expect(stale.addresses == ["192.0.2.7"] && stale.ttl == 0 && stale.code == .noError)
            await server.queries(for: Self.name, atLeast: 2)
            server.release()
            _ = try await served.wait(Self.name) { $0.addresses == ["192.0.2.8"] }
        }
    }

    /// The upstream is asked first; only when it fails the old answer serves.
    @Test func staleAnswersServeWhenNobodyAnswers() async throws {
        let old = ScriptedAnswer.address("192.0.2.7").with { $0.ttl = 1 }
        try await with("", old, ["success 100 1 0", "serve_stale 1h verify"]) { served, server async throws in
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
            server.follow(ScriptedRule(nil, .answer(.address("192.0.2.8").with { $0.ttl = 1 })))
            _ = try await served.wait(Self.name) { reply in
                #expect(reply.extendedError == nil)
                return reply.addresses == ["192.0.2.8"]
            }
            server.follow(ScriptedRule(nil, .answer(.servfail)))
            let stale = try await served.wait(Self.name) { $0.extendedError == 3 }
            #expect(stale.addresses == ["192.0.2.8"] && stale.code == .noError)
        }
    }

    @Test func withoutTheWordNothingIsStale() async throws {
        let old = ScriptedAnswer.address("192.0.2.7").with { $0.ttl = 1 }
        try await with("", old, ["success 100 1 0"]) { served, server async throws in
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
            server.follow(ScriptedRule(nil, .answer(.servfail)))
            _ = try await served.wait(Self.name) { reply in
                #expect(reply.extendedError != 3)
                return reply.code == .serverFailure
            }
        }
    }

    // MARK: Our own zones

    /// A name that an upstream denied a moment ago is ours from the moment that its Service is in the catalog.
    @Test func aNewServiceIsNeverHidden() async throws {
        let server = try await ScriptedUpstream.saying(.nameError(in: "local"))
        let lines = ["kubernetes cluster.local {", "catalog catalog.yaml", "fallthrough", "}"]
        let catalog = ["catalog.yaml": shop("web", "10.96.0.1")]
        try await Served.block(
            lines.joined(separator: "\n"), "cache 3600", "forward . \(server.placeAskedOnce)", files: catalog
        ) { served async throws in
            let name = "new.shop.svc.cluster.local."
            for _ in 0..<2 { #expect(try await served.ask(name).code == .nameError) }
            #expect(server.count(name) == 1, "the denial is kept")
            try served.scratch.write("catalog.yaml", shop("web", "10.96.0.1") + shop("new", "10.96.0.2"))
            let reply = try await served.wait(name) { $0.code == .noError }
            #expect(reply.addresses == ["10.96.0.2"] && reply.isAuthoritative)
        }
        await server.stop()
    }
}
