import DNS
import LinuxIO
import NIOCore
import NIOPosix
import ScriptedUpstreams
import SourceText
import Testing
import WireMessages

@testable import Plugins

/// One upstream, or several, asked over UDP and TCP.
@Suite(.timeLimit(.minutes(5))) struct ForwarderTests {
    static let good = ScriptedAction.answer(.address("192.0.2.7"))

    @Test func anAnswerComesBack() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with([server]) { forwarding in
            let told = await forwarding.ask("www.example.org.")
            #expect(told == .answered(.noError, answerCount: 1, by: server.port))
            let query = try #require(server.received.first)
            #expect(query.message.opt?.udpByteCount == 1232)
            #expect(query.transport == .udp)
        }
        await server.stop()
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let action: ScriptedAction
    }

    static let lies = [
        Lie(
            testDescription: "another id",
            action: .answer(.address("192.0.2.66", "192.0.2.67").with { $0.idOffset = 1 })),
        Lie(
            testDescription: "another question",
            action: .answer(.address("192.0.2.66", "192.0.2.67").with { $0.name = "forged.example.org" })),
        Lie(testDescription: "from another port", action: .answerFromAnotherPort(.address("192.0.2.66", "192.0.2.67"))),
        Lie(testDescription: "eleven octets", action: .send([UInt8](repeating: 0, count: 11))),
        Lie(testDescription: "nothing", action: .send([])),
    ]

    @Test(arguments: lies) func aWrongAnswerIsDroppedAndTheWaitGoesOn(_ lie: Lie) async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, lie.action, .hold, Self.good))
        try await Forwarding.with([server], settings: set(\.maxConnectAttempts, 1)) { forwarding in
            async let told = forwarding.ask("www.example.org.")
            await server.queries(for: "www.example.org.")
            server.release()
            #expect(await told == .answered(.noError, answerCount: 1, by: server.port))
        }
        await server.stop()
    }

    @Test func equalQuestionsShareOneQuery() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .hold, Self.good))
        try await Forwarding.with([server], settings: set(\.maxConnectAttempts, 1)) { forwarding in
            let results = Results()
            for name in Array(repeating: "www.example.org.", count: 20) + ["other.example.org."] {
                forwarding.forwarder.ask(question(name)) { results.add(Told($0)) }
            }
            await server.queries(for: "other.example.org.")
            await server.queries(for: "www.example.org.")
            // The first of the twenty is out; the others joined it or are on their way to the same event loop.
            await forwarding.settled()
            server.release()
            await results.wait(for: 21)
            #expect(results.all == [Told](repeating: .answered(.noError, answerCount: 1, by: server.port), count: 21))
            #expect(server.received.count == 2)
        }
        await server.stop()
    }

    @Test func moreThanMayWaitAreToldAtOnce() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .hold, Self.good))
        try await Forwarding.with([server], settings: set(\.maxConcurrent, 1)) { forwarding in
            async let first = forwarding.ask("one.example.org.")
            await server.queries(for: "one.example.org.")
            #expect(await forwarding.ask("two.example.org.") == .failed(.tooMany))
            server.release()
            #expect(await first == .answered(.noError, answerCount: 1, by: server.port))
            #expect(forwarding.forwarder.counts.rejected == 1)
            server.follow(ScriptedRule(nil, Self.good))
            #expect(await forwarding.ask("three.example.org.") == .answered(.noError, answerCount: 1, by: server.port))
        }
        await server.stop()
    }

    @Test func aRefreshGivesWayWhenHalfOfThePlacesAreTaken() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule("slow.example.org.", .hold, Self.good), ScriptedRule(nil, Self.good))
        try await Forwarding.with([server], settings: set(\.maxConcurrent, 2)) { forwarding in
            let refreshed = await forwarding.refresh("one.example.org.")
            #expect(refreshed == .answered(.noError, answerCount: 1, by: server.port))
            async let first = forwarding.ask("slow.example.org.")
            await server.queries(for: "slow.example.org.")
            #expect(await forwarding.refresh("two.example.org.") == .failed(.tooMany))
            server.release()
            _ = await first
        }
        await server.stop()
    }

    @Test func aRefreshIsToldOfNextOnce() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .answer(.code(3))))
        try await Forwarding.with([server], settings: set(\.nextCodes, [.nameError])) { forwarding in
            // A second call would resume the continuation twice, which traps.
            #expect(await forwarding.refresh("www.example.org.") == .next(.nameError, by: server.port))
            await forwarding.settled()
            #expect(server.received.count == 1)
        }
        await server.stop()
    }

    // MARK: TCP

    @Test func aTruncatedAnswerIsFetchedOverTCP() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule(nil, by: .udp, .answer(.truncated)), ScriptedRule(nil, by: .tcp, Self.good))
        try await Forwarding.with([server]) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: server.port))
            #expect(server.received.map(\.transport) == [.udp, .tcp])
        }
        await server.stop()
    }

    @Test(arguments: [ScriptedAction.close, .answer(.servfail)])
    func aTruncatedAnswerIsBetterThanNone(_ overTCP: ScriptedAction) async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule(nil, by: .udp, .answer(.truncated)), ScriptedRule(nil, by: .tcp, overTCP))
        try await Forwarding.with([server]) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .truncated)
        }
        await server.stop()
    }

    struct Choice: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var forcesTCP = false
        var prefersUDP = false
        var clientUsesTCP = false
        let expected: ReceivedQuery.Transport
    }

    static let choices = [
        Choice(testDescription: "UDP", expected: .udp),
        Choice(testDescription: "the client's TCP", clientUsesTCP: true, expected: .tcp),
        Choice(testDescription: "prefer_udp", prefersUDP: true, clientUsesTCP: true, expected: .udp),
        Choice(testDescription: "force_tcp", forcesTCP: true, expected: .tcp),
        Choice(testDescription: "force_tcp wins", forcesTCP: true, prefersUDP: true, expected: .tcp),
    ]

    @Test(arguments: choices) func theTransportIsChosen(_ choice: Choice) async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.forcesTCP = choice.forcesTCP
            settings.prefersUDP = choice.prefersUDP
        }
        try await Forwarding.with([server], settings: change) { forwarding in
            _ = await forwarding.ask("www.example.org.", prefersTCP: choice.clientUsesTCP)
            #expect(server.received.map(\.transport) == [choice.expected])
        }
        await server.stop()
    }

    @Test func aConnectionIsUsedAgain() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.forcesTCP = true
            settings.expire = .seconds(3600)
        }
        try await Forwarding.with([server], settings: change) { forwarding in
            for _ in 0..<3 { _ = await forwarding.ask("www.example.org.") }
            #expect(Set(server.received.map(\.port)).count == 1)
            let sockets = forwarding.forwarder.counts.upstreams[0].sockets[.tcp]
            #expect(sockets?.hits == 2)
            #expect(sockets?.misses == 1)
        }
        await server.stop()
    }

    @Test func aConnectionThatWasClosedMeanwhileIsReplaced() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule(nil, times: 1, Self.good), ScriptedRule(nil, times: 1, .close), ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.forcesTCP = true
            settings.expire = .seconds(3600)
            settings.maxConnectAttempts = 1
        }
        try await Forwarding.with([server], settings: change) { forwarding in
            for _ in 0..<2 {
                let told = await forwarding.ask("www.example.org.")
                #expect(told == .answered(.noError, answerCount: 1, by: server.port))
            }
            #expect(Set(server.received.map(\.port)).count == 2)
            #expect(forwarding.notices.all == [])
        }
        await server.stop()
    }

    // MARK: EDNS

    @Test(arguments: [
        ScriptedAnswer.bareFormatError, .code(4).with { $0.hasOPT = false }, .code(1).with { $0.hasOPT = false },
    ])
    func withoutEDNSWhereItIsNotUnderstood(_ refusal: ScriptedAnswer) async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule(nil, hasOPT: true, .answer(refusal)), ScriptedRule(nil, hasOPT: false, Self.good))
        try await Forwarding.with([server], settings: set(\.maxConnectAttempts, 1)) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: server.port))
        }
        await server.stop()
    }

    @Test func whoLacksEDNSIsAskedWithoutItNextTime() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule(nil, hasOPT: true, .answer(.bareFormatError)), ScriptedRule(nil, hasOPT: false, Self.good))
        try await Forwarding.with([server]) { forwarding in
            for index in 0..<3 {
                let told = await forwarding.ask("\(index).example.org.")
                #expect(told == .answered(.noError, answerCount: 1, by: server.port))
            }
            #expect(server.received.map { $0.message.opt != nil } == [true, false, false, false])
        }
        await server.stop()
    }

    /// A question that is refused either way says nothing about EDNS.
    @Test func aQuestionThatIsRefusedEitherWayChangesNothing() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule("odd.example.org.", .answer(.code(4).with { $0.hasOPT = false })), ScriptedRule(nil, Self.good)
        )
        try await Forwarding.with([server]) { forwarding in
            #expect(
                await forwarding.ask("odd.example.org.")
                    == .answered(.notImplemented, answerCount: 0, by: server.port))
            _ = await forwarding.ask("www.example.org.")
            #expect(server.received.map { $0.message.opt != nil } == [true, false, true])
        }
        await server.stop()
    }

    @Test func anHourLaterEDNSIsTriedAgain() throws {
        let place = SourceLocation(file: "Corefile", line: 1)
        let upstreams = ["192.0.2.1:53", "192.0.2.2:53"].compactMap { SocketAddress($0) }
        let board = UpstreamBoard(
            ForwardSettings(from: ["."], to: upstreams.map { .init($0, at: place) }, at: place), log: { _ in })
        let start = NIODeadline.uptimeNanoseconds(7)
        #expect(!board.isPlain(0, now: start))
        board.lacksEDNS(0, since: start)
        #expect(board.isPlain(0, now: start + .seconds(3599)))
        #expect(!board.isPlain(0, now: start + .seconds(3600)))
        #expect(!board.isPlain(1, now: start))
    }

    // MARK: Ports

    @Test func aQuietForwarderUsesFreshPorts() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with([server]) { forwarding in
            for _ in 0..<16 { _ = await forwarding.ask("www.example.org.") }
            let sockets = try #require(forwarding.forwarder.counts.upstreams[0].sockets[.udp])
            #expect(sockets.hits == 0 && sockets.misses == 16)
            // The kernel may give out a port again: three times out of sixteen has a chance of one in a hundred million.
            #expect(Set(server.received.map(\.port)).count > 16 - 3)
            #expect(Set(server.received.map(\.message.id)).count > 16 / 2)
        }
        await server.stop()
    }

    @Test func aPortServesFewQueries() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with([server]) { forwarding in
            for _ in 0..<600 { _ = await forwarding.ask("www.example.org.") }
            let sockets = try #require(forwarding.forwarder.counts.upstreams[0].sockets[.udp])
            #expect(sockets.hits + sockets.misses == 600)
            #expect((600 / LinePool.useLimit..<200).contains(Int(sockets.misses)))
            // The kernel gives out a port again: a few may have served twice.
            let ports = Set(server.received.map(\.port)).count
            #expect((600 / LinePool.useLimit - 3..<200).contains(ports))
        }
        await server.stop()
    }
}

extension Forwarding {
    func refresh(_ name: String) async -> Told {
        await withCheckedContinuation { continuation in
            forwarder.refresh(question(name)) { continuation.resume(returning: Told($0)) }
        }
    }

    /// Once everything asked so far has reached its event loop.
    func settled() async {
        for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            do { try await loop.submit {}.get() } catch { Issue.record(error) }
        }
    }
}
