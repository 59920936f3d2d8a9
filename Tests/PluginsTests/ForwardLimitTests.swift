import DNS
import Foundation
import NIOCore
import NIOPosix
import ScriptedUpstreams
import Synchronization
import Testing

@testable import Plugins

/// Sockets and clients have limits, and nothing stays behind.
@Suite(.timeLimit(.minutes(5))) struct ForwardLimitTests {
    static let good = ScriptedAction.answer(.address("192.0.2.7"))

    /// Sockets of this process that are connected to the port, from /proc: other tests do not matter.
    func sockets(to port: UInt16) throws -> Int {
        let digits = String(port, radix: 16, uppercase: true)
        let peer = " 0100007F:" + String(repeating: "0", count: 4 - digits.count) + digits + " "
        var found: Set<String> = []
        for table in ["udp", "tcp"] {
            let file = try #require(FileHandle(forReadingAtPath: "/proc/self/net/\(table)"))
            let text = try String(decoding: file.readToEnd() ?? Data(), as: UTF8.self)
            // Columns: number, local address, peer, state (01 is connected). The kernel may show one twice.
            for line in text.split(separator: "\n") where line.contains(peer + "01 ") {
                found.insert(table + line.split(separator: " ")[1])
            }
        }
        return found.count
    }

    @Test func stoppingClosesEverySocket() async throws {
        let server = try await ScriptedUpstream(
            ScriptedRule("held.example.org.", .hold, Self.good), ScriptedRule(nil, Self.good))
        try await Forwarding.with([server]) { forwarding in
            for index in 0..<10 { _ = await forwarding.ask("\(index).example.org.", prefersTCP: index % 2 == 0) }
            let open = try sockets(to: server.port)
            #expect(open > 0)
            async let last = forwarding.ask("held.example.org.")
            await server.queries(for: "held.example.org.")
            async let stopped: Void = forwarding.forwarder.stop()
            // Nothing new, but what waits gets its answer.
            while await forwarding.ask("late.example.org.") != .failed(.stopped) {}
            server.release()
            #expect(await last == .answered(.noError, answerCount: 1, by: server.port))
            await stopped
        }
        // A program that another test has just started may hold copies until it runs; a leak would stay.
        while try sockets(to: server.port) > 0 { try await Task.sleep(for: .milliseconds(50)) }
        await server.stop()
    }

    @Test func idleSocketsAreClosedInTime() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in settings.expire = .milliseconds(50) }
        try await Forwarding.with([server], settings: change) { forwarding in
            for index in 0..<10 { _ = await forwarding.ask("\(index).example.org.", prefersTCP: index % 2 == 0) }
            while try sockets(to: server.port) > 0 { try await Task.sleep(for: .milliseconds(50)) }
        }
        await server.stop()
    }

    @Test func asManySocketsAsAllowedAndNoMore() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .hold, Self.good))
        let settings = { (settings: inout ForwardSettings) in settings.maxConcurrent = 0 }
        try await Forwarding.with([server], settings: settings, limits: set(\.lineLimit, 20)) { forwarding in
            let results = Results()
            for index in 0..<25 {
                forwarding.forwarder.ask(question("\(index).example.org.")) { results.add(Told($0)) }
            }
            await results.wait(for: 5)
            #expect(results.all == [Told](repeating: .failed(.tooMany), count: 5))
            let open = try sockets(to: server.port)
            #expect(open <= 20)
            await server.wait { $0.count == 20 }
            server.release()
            await results.wait(for: 25)
            #expect(results.all.count { $0 != .failed(.tooMany) } == 20)
        }
        await server.stop()
    }

    @Test func idleSocketsGiveWay() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        try await Forwarding.with(
            [server], on: MultiThreadedEventLoopGroup.singleton.next(), limits: set(\.lineLimit, 1)
        ) { forwarding in
            for index in 0..<20 {
                let told = await forwarding.ask("\(index).example.org.", prefersTCP: index % 2 == 0)
                #expect(told == .answered(.noError, answerCount: 1, by: server.port))
            }
        }
        await server.stop()
    }

    /// When every socket waits for a dead upstream, a second one is asked all the same.
    @Test func anOlderQuestionGivesWayToTheSecondUpstream() async throws {
        let dead = try await ScriptedUpstream(ScriptedRule(nil))
        let alive = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let settings = { (settings: inout ForwardSettings) in
            settings.maxConnectAttempts = 2
            settings.maxFails = 0
        }
        let limits = { (limits: inout ForwardLimits) in
            // Every socket has to be open by then.
            limits.patience = .seconds(2)
            limits.lineLimit = 20
        }
        try await Forwarding.with([dead, alive], settings: settings, limits: limits) { forwarding in
            let results = Results()
            for index in 0..<20 {
                forwarding.forwarder.ask(question("\(index).example.org.")) { results.add(Told($0)) }
            }
            await results.wait(for: 20)
            #expect(results.all == [Told](repeating: .answered(.noError, answerCount: 1, by: alive.port), count: 20))
        }
        await dead.stop()
        await alive.stop()
    }
}

/// What many queries were told.
final class Results: Sendable {
    private let told = Mutex<[Told]>([])
    private let arrivals: AsyncStream<Void>
    private let listener: AsyncStream<Void>.Continuation

    init() { (arrivals, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    var all: [Told] { told.withLock { $0 } }

    func add(_ one: Told) {
        told.withLock { $0.append(one) }
        listener.yield()
    }

    func wait(for count: Int) async {
        if all.count >= count { return }
        for await _ in arrivals where all.count >= count { return }
    }
}
