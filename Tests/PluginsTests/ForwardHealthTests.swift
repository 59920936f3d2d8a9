import DNS
import NIOCore
import ScriptedUpstreams
import SourceText
import Testing
import WireMessages

@testable import Plugins

/// Probes, what they decide, and what is counted.
@Suite(.timeLimit(.minutes(5))) struct ForwardHealthTests {
    static let good = ScriptedAction.answer(.address("192.0.2.7"))
    func name(_ server: ScriptedUpstream) -> String { "127.0.0.1:\(server.port)" }

    @Test func anUpstreamGoesDownAndComesUpAgain() async throws {
        let first = try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail)))
        let second = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with([first, second]) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: second.port))
            await forwarding.notices.wait(for: .down(upstream: name(first), reason: "answers SERVFAIL"))
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: second.port))
            #expect(first.received.count { $0.name == "www.example.org." } == 1, "one that is down is not asked")

            first.follow(ScriptedRule(nil, Self.good))
            await forwarding.notices.wait(for: .up(upstream: name(first)))
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: first.port))
            #expect(forwarding.notices.all.count == 2)
            #expect(forwarding.forwarder.counts.upstreams[0].failedProbes > 0)
        }
        await first.stop()
        await second.stop()
    }

    @Test func aSilentUpstreamGoesDown() async throws {
        let first = try await ScriptedUpstream(ScriptedRule(nil))
        let second = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let limits = { (limits: inout ForwardLimits) in
            limits.patience = .milliseconds(20)
            limits.probe = .milliseconds(50)
        }
        try await Forwarding.with([first, second], limits: limits) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: second.port))
            await forwarding.notices.wait(for: .down(upstream: name(first), reason: "has not answered within 50 ms"))
        }
        await first.stop()
        await second.stop()
    }

    @Test func anUpstreamThatRefusesGoesDownAtOnce() async throws {
        let server = try RefusingPort()
        let change = { (settings: inout ForwardSettings) in settings.healthInterval = .seconds(600) }
        try await Forwarding.with(ports: [server.port], settings: change) { forwarding in
            _ = await forwarding.ask("www.example.org.")
            await forwarding.notices.wait(for: .down(upstream: server.place, reason: "refuses connections"))
        }
    }

    @Test func probesAskWhatTheSettingsSay() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule("probe.example.org.", Self.good), ScriptedRule(nil, .answer(.servfail)))
        let change = { (settings: inout ForwardSettings) in
            settings.healthDomain = "probe.example.org"
            settings.healthIsRecursive = false
        }
        try await Forwarding.with([server], settings: change) { forwarding in
            _ = await forwarding.ask("www.example.org.")
            let probe = try #require(await server.queries(for: "probe.example.org.").first)
            #expect(probe.message.question?.type == 2)
            #expect(probe.message.flags & 0x0100 == 0)
        }
        await server.stop()
    }

    @Test func aBogusNameTakesNoUpstreamDown() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule("bogus.example.org.", .answer(.servfail)), ScriptedRule(nil, Self.good))
        try await Forwarding.with([server]) { forwarding in
            for _ in 0..<50 {
                let told = await forwarding.ask("bogus.example.org.")
                #expect(told == .answered(.serverFailure, answerCount: 0, by: server.port))
            }
            await server.queries(for: ".")
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: server.port))
            #expect(forwarding.notices.all == [])
            let upstream = forwarding.forwarder.counts.upstreams[0]
            #expect(upstream.responses[.serverFailure]?.count == 50)
            #expect(upstream.responses[.noError]?.count == 1)
            #expect(upstream.requests == 51)
        }
        await server.stop()
    }

    @Test func anUpstreamThatAlwaysSaysSERVFAILGoesDown() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail)))
        try await Forwarding.with([server]) { forwarding in
            _ = await forwarding.ask("www.example.org.")
            await forwarding.notices.wait(for: .down(upstream: name(server), reason: "answers SERVFAIL"))
            await forwarding.notices.wait(for: .allDown)
            // All are down, so it is asked all the same.
            let told = await forwarding.ask("www.example.org.")
            #expect(told == .answered(.serverFailure, answerCount: 0, by: server.port))
            #expect(forwarding.forwarder.counts.allDown == 1)
        }
        await server.stop()
    }

    @Test func failFastAsksNobody() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail)))
        try await Forwarding.with([server], settings: set(\.failsFast, true)) { forwarding in
            _ = await forwarding.ask("www.example.org.")
            await forwarding.notices.wait(for: .allDown)
            #expect(await forwarding.ask("other.example.org.") == .failed(.noneHealthy))
            #expect(!server.received.contains { $0.name == "other.example.org." })
        }
        await server.stop()
    }

    @Test func withoutMaxFailsNothingIsProbedOrDown() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail)))
        try await Forwarding.with([server], settings: set(\.maxFails, 0)) { forwarding in
            for _ in 0..<20 { _ = await forwarding.ask("www.example.org.") }
            #expect(server.received.allSatisfy { $0.name == "www.example.org." })
            #expect(forwarding.notices.all == [])
        }
        await server.stop()
    }
}

@Suite(.timeLimit(.minutes(5))) struct ForwardLoopGuardTests {
    static let good = ScriptedAction.answer(.address("192.0.2.7"))

    @Test func anUpstreamThatLeadsBackIsCutAndTheOthersGoOn() async throws {
        let first = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let second = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.guardsLoops = true
            settings.from = ["example.org"]
        }
        try await Forwarding.with([first, second], settings: change) { forwarding in
            forwarding.forwarder.beginGuarding()
            await first.wait { !$0.isEmpty }
            let query = try #require(first.received.first)
            #expect(query.message.question?.type == 13)
            #expect(query.name.hasSuffix(".example.org."))
            let tag = try #require(Name(query.name))
            let stranger = try #require(Name("0000000000000000.0000000000000000.example.org."))
            #expect(!forwarding.forwarder.isOwnProbe(stranger))
            #expect(forwarding.forwarder.isOwnProbe(tag))
            let place = SourceLocation(file: "Corefile", line: 7, column: 15)
            #expect(forwarding.notices.all == [.loop(upstream: "127.0.0.1:\(first.port)", at: place)])
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: second.port))

            for _ in 0..<3 { await forwarding.forwarder.beginGuardRound() }
            await forwarding.notices.wait(for: .loopEnded(upstream: "127.0.0.1:\(first.port)"))
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: first.port))
        }
        await first.stop()
        await second.stop()
    }

    @Test func allLeadBack() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with([server], settings: set(\.guardsLoops, true)) { forwarding in
            forwarding.forwarder.beginGuarding()
            await server.wait { !$0.isEmpty }
            let tag = try #require(server.received.first.flatMap { Name($0.name) })
            #expect(forwarding.forwarder.isOwnProbe(tag))
            #expect(await forwarding.ask("www.example.org.") == .failed(.loop(upstream: "127.0.0.1:\(server.port)")))
        }
        await server.stop()
    }

    /// FROM is the root in most blocks, whatever their zone is.
    @Test func theTagLiesInTheZoneThatComesBack() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.guardsLoops = true
            settings.guardZone = "corp.example"
        }
        try await Forwarding.with([server], settings: change) { forwarding in
            forwarding.forwarder.beginGuarding()
            await server.wait { !$0.isEmpty }
            let tag = try #require(server.received.first.flatMap { Name($0.name) })
            #expect(tag.description.hasSuffix(".corp.example."))
            #expect(forwarding.forwarder.isOwnProbe(tag))
        }
        await server.stop()
    }

    /// Before the server listens, a tag could not come back.
    @Test func nothingIsSentBeforeTheGuardBegins() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with([server], settings: set(\.guardsLoops, true)) { forwarding in
            _ = await forwarding.ask("www.example.org.")
            await forwarding.settled()
            _ = await forwarding.ask("ftp.example.org.")
            #expect(server.received.map(\.name) == ["www.example.org.", "ftp.example.org."])
            // Twice is once.
            for _ in 0..<2 { forwarding.forwarder.beginGuarding() }
            await server.wait { $0.count == 3 }
            await forwarding.settled()
            _ = await forwarding.ask("mail.example.org.")
            #expect(server.received.count { $0.message.question?.type == 13 } == 1)
        }
        await server.stop()
    }

    @Test func withoutTheWordNothingIsGuarded() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with([server]) { forwarding in
            forwarding.forwarder.beginGuarding()
            await forwarding.settled()
            _ = await forwarding.ask("www.example.org.")
            #expect(server.received.map(\.name) == ["www.example.org."])
        }
        await server.stop()
    }

    @Test func noticesNameTheLineOfAResolvConf() {
        let notice = ForwardNotice.loop(
            upstream: "127.0.0.53:53", at: SourceLocation(file: "/etc/resolv.conf", line: 2))
        #expect(
            notice.description
                == "/etc/resolv.conf:2: upstream 127.0.0.53:53 leads back to this server; it is not asked until that ends"
        )
    }
}
