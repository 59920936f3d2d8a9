import ClusterDNSTestKit
import DNS
import Glibc
import LinuxIO
import ScriptedUpstreams
import Serving
import Testing
import WireMessages

/// Reloads, probes, and the end: what an operator meets.
@Suite(.timeLimit(.minutes(5))) struct OperationsScenarioTests {
    static let web = "web.shop.svc.cluster.local."
    static let catalog = "kubernetes cluster.local {\n    catalog \(Place.root)/zones/demo\n}"

    // MARK: reload

    /// A Corefile that was written is served soon; one that cannot be read changes nothing, and is counted.
    @Test func aWrittenCorefileIsPickedUp() async throws {
        func corefile(_ ttl: String, _ address: String) -> String {
            """
            .:5300 {
                bind \(address)
                reload 2s 0s
                prometheus \(address):9153
                kubernetes cluster.local {
                    catalog \(Place.root)/zones/demo
                    ttl \(ttl)
                }
            }
            """
        }
        try await Served.corefile(corefile("5", "{address}")) { served async throws in
            #expect(try await served.ask(Self.web).ttl == 5)
            let before = try await metric("coredns_reload_version_info", served.address)

            try served.scratch.replace("Corefile", corefile("never", served.address))
            let line = await served.notes.line(containing: "not reloaded, everything stays as it was")
            #expect(line.contains("ttl must be a whole number 0–3600, not \"never\""), "\(line)")
            #expect(try await served.ask(Self.web).ttl == 5)
            #expect(
                try await metric("coredns_reload_failed_total", served.address) == ["coredns_reload_failed_total 1"])
            #expect(try await metric("coredns_reload_version_info", served.address) == before)

            try served.scratch.replace("Corefile", corefile("30", served.address))
            await served.notes.line(containing: "Corefile: reloaded")
            #expect(try await served.ask(Self.web).ttl == 30)
            #expect(try await metric("coredns_reload_version_info", served.address) != before)
            #expect(
                try await metric("coredns_reload_failed_total", served.address) == ["coredns_reload_failed_total 1"])
        }
    }

    /// What a reload leaves as it was goes on with what it knows; what it changes begins anew.
    @Test func aReloadKeepsTheCacheOfAnUnchangedBlock() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await ServedProgram.block("cache", "forward . \(server.placeAskedOnce)") { served async throws in
            let path = "Corefile"
            let text = ".:5300 {\n    bind \(served.address)\n    cache\n    forward . \(server.placeAskedOnce)\n"
            func ask() async throws { #expect(try await served.ask("www.example.org.").addresses == ["192.0.2.7"]) }
            func reload(_ words: String) async throws {
                try served.scratch.replace(path, text + words + "}\n")
                served.server.program.signal(SIGHUP)
                try await served.line(containing: "Corefile: reloaded")
            }
            try await ask()
            try await reload("    log last.example\n")
            try await ask()
            #expect(server.count("www.example.org.") == 1, "the cache is still there")
            try served.scratch.replace(path, text.replacing("cache", with: "cache 10") + "}\n")
            served.server.program.signal(SIGHUP)
            try await served.line(containing: "Corefile: reloaded")
            try await ask()
            #expect(server.count("www.example.org.") == 2)
        }
        await server.stop()
    }

    /// A line that has only moved is the same line.
    @Test func aReloadKeepsTheCacheOfABlockThatMoved() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await ServedProgram.block("cache", "forward . \(server.placeAskedOnce)") { served async throws in
            let text = ".:5300 {\n    bind \(served.address)\n    cache\n    forward . \(server.placeAskedOnce)\n}\n"
            func ask() async throws { #expect(try await served.ask("www.example.org.").addresses == ["192.0.2.7"]) }
            try await ask()
            for comment in ["# One line above.\n", "# Two lines\n# above.\n"] {
                try served.scratch.replace("Corefile", comment + text)
                served.server.program.signal(SIGHUP)
                try await served.line(containing: "Corefile: reloaded")
                try await ask()
            }
            #expect(server.count("www.example.org.") == 1, "the cache is still there")
        }
        await server.stop()
    }

    /// A query that waits for its upstream is answered, whatever happens to the line that it waits for.
    @Test func aWaitingQuerySurvivesAReload() async throws {
        let old = try await ScriptedUpstream(
            ScriptedRule("www.example.org.", .hold, .answer(.address("192.0.2.7"))),
            ScriptedRule(nil, .answer(.address("192.0.2.6"))))
        let new = try await ScriptedUpstream.saying(.address("192.0.2.8"))
        try await Served.block("forward . \(old.place) {", "max_connect_attempts 1", "read_timeout 5s", "}") {
            served async throws in
            async let waiting = served.ask("www.example.org.")
            await old.queries(for: "www.example.org.")
            let text = ".:5300 {\n    bind \(served.address)\n    forward . \(new.place)\n}\n"
            try served.scratch.replace("Corefile", text)
            async let reloaded: Void = served.cluster.deployment.reload()
            // The new line is asked while the old one still owes an answer.
            #expect(try await served.wait("other.example.org.") { $0.addresses == ["192.0.2.8"] }.code == .noError)
            old.release()
            let reply = try await waiting
            #expect(reply.addresses == ["192.0.2.7"], "\(reply) \(reply.explanation)")
            await reloaded
        }
        await old.stop()
        await new.stop()
    }

    // MARK: health and ready

    @Test func readyNamesWhatIsNotReady() async throws {
        let lines = [
            "ready {address}:8181", "kubernetes cluster.local {", "catalog later.yaml", "startup_timeout 10ms", "}",
        ]
        try await Served.block(lines.joined(separator: "\n")) { served async throws in
            let text = try await pageText("ready", served.address)
            #expect(text.hasPrefix("HTTP/1.1 503 ") && text.hasSuffix("\r\n\r\nkubernetes"), "\(text)")
            try served.scratch.replace("later.yaml", shop("web", "10.96.0.1"))
            _ = try await served.wait(Self.web) { $0.code == .noError }
            #expect(try await page("ready", served.address) == "200")
        }
    }

    /// SIGTERM: not ready at once, answers until the end, also those who wait for others; exit 0.
    @Test func aTermSignalLosesNoQuery() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .hold, .answer(.address("192.0.2.7"))))
        try await ServedProgram.block(
            Self.catalog, "health {address}:8080 {", "lameduck 8s", "}", "ready {address}:8181",
            "forward . \(server.place) {", "max_connect_attempts 1", "read_timeout 5s", "}"
        ) { served async throws in
            #expect(try await page("ready", served.address) == "200")
            async let waiting = served.ask("www.example.org.")
            await server.queries(for: "www.example.org.")
            served.server.program.signal(SIGTERM)
            while try await page("ready", served.address) == "200" {}
            #expect(try await served.ask(Self.web).addresses == ["10.96.0.10"])
            server.release()
            #expect(try await waiting.addresses == ["192.0.2.7"])
            #expect(await served.server.program.exit().code == 0)
        }
        await server.stop()
    }

    // MARK: loadbalance

    @Test func addressesTakeTurns() async throws {
        let three = ScriptedAnswer.address("192.0.2.1", "192.0.2.2", "192.0.2.3")
        let server = try await ScriptedUpstream.saying(three)
        try await Served.block("loadbalance round_robin", "cache", "forward . \(server.place)", Self.catalog) {
            served async throws in
            for name in ["www.example.org.", "db.shop.svc.cluster.local."] {
                var first: Set<Reply.Data> = []
                var all: Set<[String]> = []
                for _ in 0..<12 {
                    let reply = try await served.ask(name)
                    if let data = reply.answers.first?.data { first.insert(data) }
                    all.insert(reply.addresses)
                }
                #expect(all.count == 1 && first.count == all.first?.count, "\(name): \(first)")
            }
        }
        await server.stop()
    }

    @Test func preferredAddressesComeFirst() async throws {
        let three = ScriptedAnswer.address("192.0.2.1", "198.51.100.2", "203.0.113.3", "198.51.100.4")
        let server = try await ScriptedUpstream.saying(three)
        try await Served.block(
            "loadbalance {", "prefer 198.51.100.0/24 203.0.113.0/24", "}", "cache", "forward . \(server.place)"
        ) { served async throws in
            for _ in 0..<8 {
                let networks = try await served.ask("www.example.org.").answers.map { record in
                    if case .address(let text) = record.data { return text.split(separator: ".")[0] }
                    return "?"
                }
                #expect(networks == ["198", "198", "203", "192"])
            }
        }
        await server.stop()
    }

    // MARK: What leaves

    @Test func minimalLeavesOutWhatNobodyAskedFor() async throws {
        let rich = ScriptedAnswer.address("192.0.2.7").with { $0.zone = "example.org" }
        let server = try await ScriptedUpstream(
            ScriptedRule("none.example.org.", .answer(.nameError(in: "example.org"))), ScriptedRule(nil, .answer(rich)))
        for (word, count) in [("", 1), ("minimal", 0)] {
            try await Served.block(word, "cache", "forward . \(server.place)") { served async throws in
                for _ in 0..<2 {
                    let reply = try await served.ask("www.example.org.")
                    #expect(reply.addresses == ["192.0.2.7"] && reply.authority.count == count && reply.options != nil)
                    // Without its SOA a denial could not be kept.
                    #expect(try await served.ask("none.example.org.").authority.count == 1)
                }
            }
        }
        await server.stop()
    }

    @Test func bufsizeCutsWhatOthersAnswer() async throws {
        let many = (1...60).map { "192.0.2.\($0)" }
        let server = try await ScriptedUpstream.saying(ScriptedAnswer.noData.with { $0.addresses = many })
        try await Served.block("bufsize 512", "cache", "forward . \(server.place)") { served async throws in
            for _ in 0..<2 {
                let cut = try await served.ask("www.example.org.") { $0.edns(udpByteCount: 4096) }
                #expect(cut.isTruncated && cut.bytes.count <= 512)
                #expect(try await served.ask("www.example.org.", over: .tcp).addresses.count == 60)
            }
        }
        await server.stop()
    }

    /// Words that mean little here, beside one that answers.
    @Test(arguments: [
        "metadata", "debug", "multisocket 2", "pprof {address}:6053", "root .", "trace", "loop", "errors",
    ])
    func thisWordDoesNoHarm(_ word: String) async throws {
        try await Served.block(word, "whoami") { served async throws in
            for transport in [Conversation.Transport.udp, .tcp] {
                let reply = try await served.ask("www.example.org.", over: transport)
                #expect(reply.code == .noError && reply.additional.count == 2, "\(reply)")
            }
        }
    }

    /// `timeouts`: so many queries over one connection, then it is closed.
    @Test func aConnectionServesAsManyQueriesAsItMay() async throws {
        try await ServedProgram.block("timeouts {", "maxtcpqueries 2", "}", "whoami") { served in
            let two = try await served.dig("+tcp", "+keepopen", "a.example", "b.example")
            #expect(two.matches(of: #/status: NOERROR/#).count == 2, "\(two)")
            let three = try await served.dig("+tcp", "+keepopen", "a.example", "b.example", "c.example")
            #expect(three.matches(of: #/status: NOERROR/#).count == 2, "\(three)")
        }
    }

    /// What this server says itself never reaches an upstream.
    @Test func smallAnswersAreNotForwarded() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block("any", "local", "chaos test", "forward . \(server.place)") { served async throws in
            #expect(try await served.ask("www.example.org.", .any).answers.map(\.type.rawValue) == [13])
            #expect(try await served.ask("localhost.").addresses == ["127.0.0.1"])
            let version = try await served.ask("version.bind.", .txt) { $0.with { $0.questionClass = 3 } }
            #expect(version.answers.map(\.data) == [.text(["test"])])
            #expect(try await served.ask("other.bind.", .txt) { $0.with { $0.questionClass = 3 } }.code == .refused)
            #expect(server.received.isEmpty)
        }
        await server.stop()
    }
}

/// The lines of a metric.
func metric(_ name: String, _ address: String) async throws -> [String] {
    let text = try await pageText("metrics", "\(address):9153")
    return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(name) }
}
