import ClusterDNSTestKit
import DNS
import Glibc
import LinuxIO
import ScriptedUpstreams
import Testing
import WireMessages

/// What `forward` says when it cannot, and how it spares its servers.
@Suite(.timeLimit(.minutes(5))) struct ForwardLimitTests {
    static let name = "www.example.org."
    private static let good = ScriptedAction.answer(.address("192.0.2.7"))

    @Test func equalQuestionsShareOneQuery() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .hold, Self.good))
        try await Served.block("forward . \(server.place) {", "max_connect_attempts 1", "read_timeout 5s", "}") {
            served async throws in
            let names = Array(repeating: Self.name, count: 20) + ["last.example.org."]
            async let answers = Asking.askAtOnce(served.cluster.address, names)
            // One worker and one event loop: the first twenty have arrived before it.
            await server.queries(for: "last.example.org.")
            server.release()
            let data = try await answers.map(\.data)
            #expect(data == Array(repeating: ["192.0.2.7"], count: 21))
            #expect(server.count(Self.name) == 1)
        }
        await server.stop()
    }

    /// DO and CD make another question.
    @Test func otherQuestionsDoNot() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Served.block("forward . \(server.placeAskedOnce)") { served async throws in
            _ = try await served.ask(Self.name)
            _ = try await served.ask(Self.name) { $0.edns(flags: 0x8000) }
            _ = try await served.ask(Self.name) { $0.edns().with { $0.flags = 0x0110 } }
            let queries = await server.queries(for: Self.name, atLeast: 3)
            #expect(queries.map { $0.message.opt?.flags } == [0, 0x8000, 0])
            #expect(queries.map { $0.message.flags & 0x0010 } == [0, 0, 0x0010])
            #expect(Set(queries.map(\.message.id)).count == 3, "a chance of 2⁻¹⁵")
        }
        await server.stop()
    }

    @Test func moreThanMayWaitAreRefused() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule("slow.example.org.", .hold, Self.good), ScriptedRule(nil, Self.good))
        try await Served.block(
            "forward . \(server.place) {", "max_concurrent 1", "max_connect_attempts 1", "read_timeout 5s", "}"
        ) {
            served async throws in
            async let slow = served.ask("slow.example.org.")
            await server.queries(for: "slow.example.org.")
            let refused = try await served.ask(Self.name)
            #expect(refused.code == .refused && refused.extendedError == 0)
            #expect(refused.explanation == "too many queries wait for an upstream")
            server.release()
            #expect(try await slow.addresses == ["192.0.2.7"])
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
        }
        await server.stop()
    }

    @Test func aFailureNamesTheServer() async throws {
        let place = try RefusingPort().place
        try await Served.block("forward . \(place)") { served async throws in
            let reply = try await served.ask(Self.name)
            #expect(reply.code == .serverFailure && reply.extendedError == 22)
            #expect(reply.explanation == "\(place) refuses connections")
            let plain = try await served.ask(Self.name) { $0 }
            #expect(plain.code == .serverFailure && plain.options == nil)
        }
    }

    @Test func aSilentServerIsNamed() async throws {
        let silent = try await ScriptedUpstream(rules: [])
        try await Served.block(
            "forward . \(silent.place) {", "read_timeout 100ms", "max_connect_attempts 1", "}"
        ) { served async throws in
            let reply = try await served.ask(Self.name)
            #expect(reply.code == .serverFailure && reply.extendedError == 22)
            #expect(reply.explanation.hasPrefix(silent.place), "\(reply.explanation)")
        }
        await silent.stop()
    }

    @Test func noMoreThanMaxConnectAttemptsAreAsked() async throws {
        let (first, second) = (
            try await ScriptedUpstream.saying(.servfail), try await ScriptedUpstream.saying(.address("192.0.2.7"))
        )
        try await Served.block(
            "forward . \(first.place) \(second.place) {", "policy sequential", "max_connect_attempts 1", "}"
        ) { served async throws in
            #expect(try await served.ask(Self.name).code == .serverFailure)
            #expect(second.received.isEmpty)
        }
        await first.stop()
        await second.stop()
    }

    /// SERVFAIL counts: probes as the words say, then the server is down, the log says so, and nobody waits for it.
    @Test func aFailingServerIsProbedAndGoesDown() async throws {
        let server = try await ScriptedUpstream.saying(.servfail)
        try await Served.block(
            "forward . \(server.place) {", "max_fails 3", "health_check 10ms no_rec domain health.test",
            "failfast_all_unhealthy_upstreams", "}"
        ) { served async throws in
            #expect(try await served.ask(Self.name).code == .serverFailure)
            await served.notes.line(containing: "upstream \(server.place) is down")
            await served.notes.line(containing: "all upstreams are down")
            let probes = await server.queries(for: "health.test.")
            #expect(probes.allSatisfy { $0.message.flags & 0x0100 == 0 }, "RD")
            let asked = server.count(Self.name)
            let reply = try await served.ask(Self.name)
            #expect(reply.code == .serverFailure && reply.explanation == "all upstreams are down")
            #expect(server.count(Self.name) == asked)

            server.follow(ScriptedRule(nil, Self.good))
            await served.notes.line(containing: "upstream \(server.place) answers again")
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
        }
        await server.stop()
    }

    @Test func withoutMaxFailsNobodyIsProbed() async throws {
        let server = try await ScriptedUpstream.saying(.servfail)
        try await Served.block(
            "forward . \(server.place) {", "max_fails 0", "health_check 1ms domain health.test",
            ScriptedUpstream.once, "}"
        ) { served async throws in
            for index in 0..<5 { #expect(try await served.ask("n\(index).org.").code == .serverFailure) }
            #expect(server.count("health.test.") == 0 && server.received.count == 5)
        }
        await server.stop()
    }

    /// `cancel`: no query waits longer.
    @Test func cancelEndsTheWait() async throws {
        let silent = try await ScriptedUpstream(rules: [])
        try await Served.block("cancel 200ms", "forward . \(silent.place)") { served async throws in
            let reply = try await served.ask(Self.name)
            #expect(reply.code == .serverFailure && reply.extendedError == 22)
            #expect(reply.explanation.contains("0.2 seconds"), "\(reply.explanation)")
        }
        await silent.stop()
    }

    // MARK: Loops

    /// A server that asks itself goes on answering what it knows, and says which line is to blame.
    @Test func aLoopIsCut() async throws {
        try await Served.block(
            "kubernetes cluster.local {", "catalog \(Place.root)/zones/demo", "}", "loop", "forward . {address}:5300"
        ) { served async throws in
            let line = await served.notes.line(containing: "leads back to this server")
            #expect(line.contains("Corefile:7:15: upstream \(served.address):5300 leads back"), "\(line)")
            let reply = try await served.ask(Self.name)
            #expect(reply.code == .serverFailure && reply.extendedError == 22)
            #expect(reply.explanation == "\(served.address):5300 leads back to this server")
            #expect(try await served.ask("web.shop.svc.cluster.local.").addresses == ["10.96.0.10"])
        }
    }

    /// The tagged query lies in the zone of its block: elsewhere it would never come back.
    @Test func aLoopOfAZoneIsFound() async throws {
        let text = "corp.example:5300 {\n    bind {address}\n    loop\n    forward . {address}:5300\n}\n"
        try await Served.corefile(text) { served async throws in
            let line = await served.notes.line(containing: "leads back to this server")
            #expect(line.contains("Corefile:4:15: upstream \(served.address):5300 leads back"), "\(line)")
        }
    }

    @Test func theOtherServerIsAskedBesideALoop() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block(
            "loop", "forward . {address}:5300 \(server.place) {", "policy sequential", ScriptedUpstream.once, "}"
        ) { served async throws in
            await served.notes.line(containing: "leads back to this server")
            for index in 0..<4 { #expect(try await served.ask("n\(index).org.").addresses == ["192.0.2.7"]) }
            #expect(server.received.count { $0.name.hasPrefix("n") } == 4)
        }
        await server.stop()
    }

    /// The servers of a file in the form of resolv.conf, and its line where one leads back.
    @Test(.enabled(if: getuid() == 0, "needs port 53"))
    func theLineOfAResolvConfIsNamed() async throws {
        let text = ".:53 {\n    bind {address}\n    loop\n    forward . resolv.conf\n}\n"
        try await Served.corefile(text, files: ["resolv.conf": "search example.org\nnameserver {address}\n"]) {
            served async throws in
            let line = await served.notes.line(containing: "leads back to this server")
            #expect(line.contains("\(served.scratch.path("resolv.conf")):2:"), "\(line)")
        }
    }
}
