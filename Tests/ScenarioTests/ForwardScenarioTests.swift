import ClusterDNSTestKit
import DNS
import LinuxIO
import ScriptedUpstreams
import Testing
import WireMessages

/// The words of `forward` through a whole server: who is asked, and what the client hears when something is wrong.
@Suite(.timeLimit(.minutes(5))) struct ForwardScenarioTests {
    static let name = "www.example.org."

    @Test func anAnswerComesBack() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block("forward . \(server.placeAskedOnce)") { served async throws in
            for transport in [Conversation.Transport.udp, .tcp] {
                let reply = try await served.ask(Self.name, over: transport)
                #expect(reply.addresses == ["192.0.2.7"] && !reply.isAuthoritative && reply.ttl == 60)
                #expect(reply.bytes[3] & 0x80 != 0, "RA")
            }
            #expect(server.received.map(\.transport) == [.udp, .tcp])
        }
        await server.stop()
    }

    // MARK: Which server

    /// Stub zones: blocks of their own and lines of their own, the rest goes on.
    @Test func eachNameGoesToItsServer() async throws {
        let (corp, lab, world) = (
            try await ScriptedUpstream.saying(.address("192.0.2.1")),
            try await ScriptedUpstream.saying(.address("192.0.2.2")),
            try await ScriptedUpstream.saying(.address("192.0.2.3"))
        )
        let text = """
            corp.example:5300 {
                bind {address}
                forward . \(corp.placeAskedOnce)
            }
            .:5300 {
                bind {address}
                forward lab.example \(lab.place) {
                    except public.lab.example
                    \(ScriptedUpstream.once)
                }
                forward . \(world.placeAskedOnce)
            }
            """
        try await Served.corefile(text) { served async throws in
            let asked = [
                ("db.corp.example.", "192.0.2.1"), ("corp.example.", "192.0.2.1"), ("Web.Lab.Example.", "192.0.2.2"),
                ("www.public.lab.example.", "192.0.2.3"), ("mylab.example.", "192.0.2.3"),
                ("www.example.org.", "192.0.2.3"),
            ]
            for (name, address) in asked { #expect(try await served.ask(name).addresses == [address], "\(name)") }
            #expect(corp.received.count == 2 && lab.received.count == 1 && world.received.count == 3)
        }
        for server in [corp, lab, world] { await server.stop() }
    }

    @Test func nobodyIsAskedForAnExceptedName() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block("forward . \(server.place) {", "    except private.example", ScriptedUpstream.once, "}")
        {
            served async throws in
            #expect(try await served.ask("db.private.example.").code == .refused)
            #expect(try await served.ask(Self.name).code == .noError)
            #expect(server.received.map(\.name) == [Self.name])
        }
        await server.stop()
    }

    struct Policy: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// How often each of two servers is asked in sixty-four questions.
        let isExpected: @Sendable (Int, Int) -> Bool
    }

    static let policies = [
        Policy(testDescription: "sequential") { $0 == 64 && $1 == 0 },
        Policy(testDescription: "round_robin") { $0 == 32 && $1 == 32 },
        // That one of them is never asked has a chance of 2⁻⁶³.
        Policy(testDescription: "random") { $0 + $1 == 64 && $0 > 0 && $1 > 0 },
    ]

    @Test(arguments: policies) func thePolicyChooses(_ policy: Policy) async throws {
        let first = try await ScriptedUpstream.saying(.address("192.0.2.1"))
        let second = try await ScriptedUpstream.saying(.address("192.0.2.2"))
        try await Served.block(
            "forward . \(first.place) \(second.place) {", "policy \(policy.testDescription)", ScriptedUpstream.once, "}"
        ) { served async throws in
            _ = try await Asking.askAtOnce(served.cluster.address, (0..<64).map { "n\($0).example.org." })
            #expect(policy.isExpected(first.received.count, second.received.count))
        }
        await first.stop()
        await second.stop()
    }

    // MARK: Another server

    @Test func twoDeadServersOfThree() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        let dead = [try RefusingPort().place, try RefusingPort().place]
        try await Served.block("forward . \(dead[0]) \(dead[1]) \(server.place) {", "policy sequential", "}") {
            served async throws in
            for index in 0..<8 {
                #expect(try await served.ask("n\(index).example.org.").addresses == ["192.0.2.7"])
            }
        }
        await server.stop()
    }

    @Test func aSilentServerIsNotWaitedForAlone() async throws {
        let silent = try await ScriptedUpstream(rules: [])
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block(
            "forward . \(silent.place) \(server.place) {", "policy sequential", "read_timeout 3s", "}"
        ) { served async throws in
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
            #expect(silent.count(Self.name) >= 1)
        }
        await silent.stop()
        await server.stop()
    }

    @Test func afterSERVFAILAnotherServerIsAsked() async throws {
        let failing = try await ScriptedUpstream.saying(.servfail)
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block("forward . \(failing.place) \(server.place) {", "policy sequential", "}") {
            served async throws in
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"])
            #expect(failing.count(Self.name) == 1)
        }
        await failing.stop()
        await server.stop()
    }

    /// What the first server says, an option, and what the client hears: of the same line's second server with
    /// `failover`, of the next line's with `next`.
    static let handings: [(answer: ScriptedAnswer, option: String, code: ResponseCode)] = [
        (.code(5), "", .refused), (.code(5), "failover REFUSED", .noError), (.code(5), "failover NXDOMAIN", .refused),
        (.nameError(in: "org"), "failover NXDOMAIN REFUSED", .noError),
    ]

    @Test(arguments: handings.indices) func failoverAsksTheSecondServer(_ index: Int) async throws {
        let handing = Self.handings[index]
        let first = try await ScriptedUpstream.saying(handing.answer)
        let second = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block(
            "forward . \(first.place) \(second.place) {", "policy sequential", handing.option, "}"
        ) { served async throws in
            #expect(try await served.ask(Self.name).code == handing.code)
            #expect(second.received.isEmpty == (handing.code == .refused))
        }
        await first.stop()
        await second.stop()
    }

    static let nextLines: [(answer: ScriptedAnswer, option: String, code: ResponseCode, count: Int)] = [
        (.nameError(in: "org"), "", .nameError, 0), (.nameError(in: "org"), "next NXDOMAIN", .noError, 1),
        (.code(5), "next NXDOMAIN", .refused, 0), (.servfail, "next SERVFAIL", .noError, 1),
        (.noData, "", .noError, 0), (.noData, "next_on_nodata", .noError, 1),
        (.nameError(in: "org"), "next_on_nodata", .nameError, 0),
    ]

    @Test(arguments: nextLines.indices) func nextAsksTheNextLine(_ index: Int) async throws {
        let line = Self.nextLines[index]
        let first = try await ScriptedUpstream.saying(line.answer)
        let second = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block(
            "forward org \(first.place) {", line.option, ScriptedUpstream.once, "}",
            "forward . \(second.placeAskedOnce)"
        ) { served async throws in
            let reply = try await served.ask(Self.name)
            #expect(reply.code == line.code && reply.answers.count == line.count, "\(reply)")
            #expect(second.received.count == line.count)
        }
        await first.stop()
        await second.stop()
    }

    // MARK: Transports

    static let transports: [(option: String, client: Conversation.Transport, asked: [ReceivedQuery.Transport])] = [
        ("", .udp, [.udp]), ("", .tcp, [.tcp]), ("prefer_udp", .tcp, [.udp]), ("force_tcp", .udp, [.tcp]),
    ]

    @Test(arguments: transports.indices) func theTransportIsChosen(_ index: Int) async throws {
        let choice = Self.transports[index]
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        try await Served.block("forward . \(server.place) {", choice.option, ScriptedUpstream.once, "}") {
            served async throws in
            #expect(try await served.ask(Self.name, over: choice.client).addresses == ["192.0.2.7"])
            #expect(server.received.map(\.transport) == choice.asked)
        }
        await server.stop()
    }

    /// TC: the whole is fetched over TCP, and cut again where the client has no room.
    @Test func aTruncatedAnswerIsFetchedOverTCP() async throws {
        let many = (1...60).map { "192.0.2.\($0)" }
        let server = try await ScriptedUpstream(
            ScriptedRule(nil, by: .udp, .answer(.truncated)),
            ScriptedRule(nil, by: .tcp, .answer(ScriptedAnswer.noData.with { $0.addresses = many })))
        try await Served.block("forward . \(server.place)") { served async throws in
            let large = try await served.ask(Self.name)
            #expect(large.addresses.count == 60 && !large.isTruncated)
            let small = try await served.ask(Self.name) { $0 }
            #expect(small.isTruncated && small.bytes.count <= 512)
            #expect(try await served.ask(Self.name, over: .tcp) { $0 }.addresses.count == 60)
        }
        await server.stop()
    }

    @Test func idleConnectionsAreUsedAgainOrExpire() async throws {
        for (expire, ports) in [("1h", 1), ("1us", 3)] {
            let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
            try await Served.block(
                "forward . \(server.place) {", "force_tcp", "expire \(expire)", ScriptedUpstream.once, "}"
            ) { served async throws in
                for index in 0..<3 { #expect(try await served.ask("n\(index).org.").code == .noError) }
                #expect(Set(server.received.map(\.port)).count == ports, "\(expire)")
            }
            await server.stop()
        }
    }

    @Test func noMoreThanMaxIdleConnsAreKept() async throws {
        for (option, ports) in [("max_idle_conns 1", 3), ("", 2)] {
            let server = try await ScriptedUpstream(ScriptedRule(nil, .hold, .answer(.address("192.0.2.7"))))
            try await Served.block(
                "forward . \(server.place) {", "force_tcp", "max_connect_attempts 1", "read_timeout 5s", option, "}"
            ) { served async throws in
                for round in 0..<2 {
                    let names = ["a\(round).org.", "b\(round).org."]
                    async let answers = Asking.askAtOnce(served.cluster.address, names)
                    for name in names { await server.queries(for: name) }
                    server.release()
                    #expect(try await answers.map(\.data) == [["192.0.2.7"], ["192.0.2.7"]])
                }
                #expect(Set(server.received.map(\.port)).count == ports, "\(option)")
            }
            await server.stop()
        }
    }
}
