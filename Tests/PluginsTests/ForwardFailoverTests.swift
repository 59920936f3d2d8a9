import DNS
import Glibc
import LinuxIO
import NIOCore
import ScriptedUpstreams
import Testing
import WireMessages

@testable import Plugins

/// What happens when an upstream does not do its part.
@Suite(.timeLimit(.minutes(5))) struct ForwardFailoverTests {
    static let good = ScriptedAction.answer(.address("192.0.2.7"))
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var forcesTCP = false
        let action: ScriptedAction
    }

    static let faults = [
        Fault(testDescription: "SERVFAIL", action: .answer(.servfail)),
        Fault(testDescription: "closed without an answer", forcesTCP: true, action: .close),
        Fault(testDescription: "reset", forcesTCP: true, action: .reset),
    ]

    @Test(arguments: faults) func aFaultLeadsToTheNextAtOnce(_ fault: Fault) async throws {
        let first = try await ScriptedUpstream(ScriptedRule(nil, fault.action))
        let second = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with([first, second], settings: set(\.forcesTCP, fault.forcesTCP)) {
            #expect(await $0.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: second.port))
            #expect(first.received.contains { $0.name == "www.example.org." })
        }
        await first.stop()
        await second.stop()
    }

    @Test(arguments: [false, true]) func aPortThatRefusesLeadsToTheNextAtOnce(forcesTCP: Bool) async throws {
        let first = try RefusingPort()
        let second = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with(ports: [first.port, second.port], settings: set(\.forcesTCP, forcesTCP)) {
            #expect(await $0.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: second.port))
        }
        await second.stop()
    }

    @Test(arguments: [false, true]) func theReasonIsTold(forcesTCP: Bool) async throws {
        let server = try RefusingPort()
        try await Forwarding.with(ports: [server.port], settings: set(\.forcesTCP, forcesTCP)) {
            let failure = ForwardFailure.unreachable(
                upstream: "127.0.0.1:\(server.port)", reason: "refuses connections")
            #expect(await $0.ask("www.example.org.") == .failed(failure))
            #expect(failure.explanation.text == "127.0.0.1:\(server.port) refuses connections")
        }
    }

    /// An idle socket that meets a refusal only when it sends.
    @Test func anUpstreamThatLeavesIsNoticedOnAUsedSocket() async throws {
        let first = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let second = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in settings.maxIdleConnections = 1 }
        try await Forwarding.with([first, second], settings: change) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: first.port))
            try await first.leave()
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: second.port))
        }
        await second.stop()
    }

    @Test func silenceLeadsToASecondUpstreamWithoutGivingUpTheFirst() async throws {
        let first = try await ScriptedUpstream(ScriptedRule(nil, .hold, Self.good))
        let second = try await ScriptedUpstream(ScriptedRule(nil))
        try await Forwarding.with([first, second], limits: set(\.patience, .milliseconds(20))) { forwarding in
            async let told = forwarding.ask("www.example.org.")
            await first.queries(for: "www.example.org.")
            await second.queries(for: "www.example.org.")
            first.release()
            #expect(await told == .answered(.noError, answerCount: 1, by: first.port))
        }
        await first.stop()
        await second.stop()
    }

    @Test func silenceEndsWithItsReason() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil))
        let limits = { (limits: inout ForwardLimits) in
            limits.patience = .milliseconds(20)
            limits.listening = .milliseconds(60)
        }
        try await Forwarding.with([server], limits: limits) { forwarding in
            let reason = "has not answered within 60 ms"
            #expect(
                await forwarding.ask("www.example.org.")
                    == .failed(.unreachable(upstream: "127.0.0.1:\(server.port)", reason: reason)))
            await server.queries(for: "www.example.org.", atLeast: 2)
        }
        await server.stop()
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout ForwardLimits) -> Void
    }

    static let endings = [
        Ending(testDescription: "nobody answers in time") { $0.patience = .milliseconds(20) },
        // The time of a query runs from its beginning, not from the first silence.
        Ending(testDescription: "nobody is slow") { ($0.patience, $0.listening) = (.minutes(10), .minutes(10)) },
    ]

    @Test(arguments: endings) func everythingEnds(_ ending: Ending) async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil))
        let limits = { (limits: inout ForwardLimits) in
            ending.change(&limits)
            limits.whole = .milliseconds(60)
        }
        try await Forwarding.with([server], limits: limits) { forwarding in
            let told = await forwarding.ask("www.example.org.")
            #expect(
                told == .failed(.unreachable(upstream: "127.0.0.1:\(server.port)", reason: "has not answered")))
        }
        await server.stop()
    }

    struct Blame: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: Int32
        var isOurs = false
    }

    static let blames = [
        Blame(testDescription: "EMFILE", code: EMFILE, isOurs: true),
        Blame(testDescription: "ENFILE", code: ENFILE, isOurs: true),
        Blame(testDescription: "ENOMEM", code: ENOMEM, isOurs: true),
        Blame(testDescription: "ENOBUFS", code: ENOBUFS, isOurs: true),
        Blame(testDescription: "EADDRNOTAVAIL", code: EADDRNOTAVAIL),
        Blame(testDescription: "ENETUNREACH", code: ENETUNREACH),
        Blame(testDescription: "EHOSTUNREACH", code: EHOSTUNREACH),
        Blame(testDescription: "EAFNOSUPPORT", code: EAFNOSUPPORT),
    ]

    @Test(arguments: blames) func whoIsToBlame(_ blame: Blame) {
        let error = IOError(errnoCode: blame.code, reason: "connect")
        #expect(isOurFault(error) == blame.isOurs)
        #expect(Plugins.words(for: error).hasPrefix("cannot be reached: "))
    }

    /// An address that no way leads to: a multicast one cannot be connected to by TCP, whatever the machine's network.
    @Test func anAddressOutOfReachLeadsToTheNextAtOnce() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.forcesTCP = true
            settings.upstreams[0].address = SocketAddress(IPAddress(v4: 0xe000_0001), port: 53)
        }
        try await Forwarding.with([server, server], settings: change) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: server.port))
        }
        await server.stop()
    }

    @Test func allSaySERVFAIL() async throws {
        let first = try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail)))
        let second = try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail)))
        try await Forwarding.with([first, second]) { forwarding in
            let told = await forwarding.ask("www.example.org.")
            #expect(told == .answered(.serverFailure, answerCount: 0, by: second.port))
        }
        await first.stop()
        await second.stop()
    }

    @Test func asManyAttemptsAsAllowed() async throws {
        let servers = [
            try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail))),
            try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail))),
            try await ScriptedUpstream(ScriptedRule(nil, Self.good)),
        ]
        try await Forwarding.with(servers, settings: set(\.maxConnectAttempts, 2)) { forwarding in
            let told = await forwarding.ask("www.example.org.")
            #expect(told == .answered(.serverFailure, answerCount: 0, by: servers[1].port))
        }
        for server in servers { await server.stop() }
    }

    // MARK: failover, next

    struct Words: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var failover: [ResponseCode] = []
        var next: [ResponseCode] = []
        var nextOnNoData = false
        let answer: ScriptedAnswer
        /// Of the second upstream, which has an address: whether it was asked.
        let goesOn: Bool
        var leads = false
    }

    static let words = [
        Words(testDescription: "REFUSED is an answer", answer: .code(5), goesOn: false),
        Words(testDescription: "failover REFUSED", failover: [.refused], answer: .code(5), goesOn: true),
        Words(testDescription: "next NXDOMAIN", next: [.nameError], answer: .code(3), goesOn: false, leads: true),
        Words(testDescription: "next, another code", next: [.nameError], answer: .code(5), goesOn: false),
        Words(testDescription: "next_on_nodata", nextOnNoData: true, answer: .noData, goesOn: false, leads: true),
        Words(
            testDescription: "next_on_nodata, data", nextOnNoData: true, answer: .address("192.0.2.1"), goesOn: false),
        Words(testDescription: "next_on_nodata, NXDOMAIN", nextOnNoData: true, answer: .code(3), goesOn: false),
        Words(
            testDescription: "failover goes before next", failover: [.nameError], next: [.nameError], answer: .code(3),
            goesOn: true),
    ]

    @Test(arguments: words) func codesLeadOn(_ words: Words) async throws {
        let first = try await ScriptedUpstream(ScriptedRule(nil, .answer(words.answer)))
        let second = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.failoverCodes = words.failover
            settings.nextCodes = words.next
            settings.nextOnNoData = words.nextOnNoData
        }
        try await Forwarding.with([first, second], settings: change) { forwarding in
            let told = await forwarding.ask("www.example.org.")
            if words.goesOn {
                #expect(told == .answered(.noError, answerCount: 1, by: second.port))
            } else if words.leads {
                #expect(told == .next(ResponseCode(rawValue: words.answer.code), by: first.port))
            } else {
                let code = ResponseCode(rawValue: words.answer.code)
                #expect(told == .answered(code, answerCount: words.answer.addresses.count, by: first.port))
            }
        }
        await first.stop()
        await second.stop()
    }

    @Test func theLastAnswerOfFailoverMayLeadOn() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .answer(.servfail)))
        let change = { (settings: inout ForwardSettings) in settings.nextCodes = [.serverFailure] }
        try await Forwarding.with([server], settings: change) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .next(.serverFailure, by: server.port))
        }
        await server.stop()
    }

    // MARK: Policies

    @Test func roundRobinTakesTurns() async throws {
        let servers = [
            try await ScriptedUpstream(ScriptedRule(nil, Self.good)),
            try await ScriptedUpstream(ScriptedRule(nil, Self.good)),
        ]
        try await Forwarding.with(servers, settings: set(\.policy, .roundRobin)) { forwarding in
            for index in 0..<6 { _ = await forwarding.ask("\(index).example.org.") }
            #expect(servers.map(\.received.count) == [3, 3])
        }
        for server in servers { await server.stop() }
    }

    @Test func randomAsksAll() async throws {
        let servers = [
            try await ScriptedUpstream(ScriptedRule(nil, Self.good)),
            try await ScriptedUpstream(ScriptedRule(nil, Self.good)),
        ]
        try await Forwarding.with(servers, settings: set(\.policy, .random)) { forwarding in
            for index in 0..<100 { _ = await forwarding.ask("\(index).example.org.") }
            #expect(servers.allSatisfy { !$0.received.isEmpty })
            #expect(servers.map(\.received.count).reduce(0, +) == 100)
        }
        for server in servers { await server.stop() }
    }
}
