import LinuxIO
import Plugins
import Testing

@testable import Serving

/// What a reload changes while clients ask: none of their queries may be lost.
@Suite(.timeLimit(.minutes(5))) struct ReloadUnderLoadTests {
    private func plan(
        _ listeners: [SocketAddress], octet: UInt8 = 1, workers: Int = 2, limits: StreamLimits? = nil
    ) throws -> ServerPlan {
        ServerPlan(
            listeners: try listeners.map { .init($0, try testPlan(octet), streamLimits: limits) }, workers: workers)
    }

    @Test func workersComeAndGo() async throws {
        try await withServer(plan([loopback], workers: 1)) { server in
            let address = try #require(await server.addresses.first)
            let askers = Askers()
            try askers.askUDP(address)
            for workers in [3, 1, 4, 2, 2, 1, 5, 1] {
                try await server.replace(with: plan([loopback], workers: workers))
                try await askers.answers(200)
                // Those that are gone have closed their sockets, or are about to.
                while try socketCount("udp", port: address.port) > workers { await Task.yield() }
                #expect(try socketCount("udp", port: address.port) == workers)
            }
            await askers.stop()
            #expect(await settledCounts(of: server).udp.received >= 1600)
        }
    }

    @Test func oneListenerHasAsManyWorkersAsItNames() async throws {
        var both = try plan([loopback, SocketAddress(loopback.address, port: 0)], workers: 1)
        both.listeners.removeLast()
        both.listeners[0].workers = 3
        try await withServer(both) { server in
            let address = try #require(await server.addresses.first)
            #expect(try socketCount("udp", port: address.port) == 3)
        }
    }

    /// From all addresses to one of them and back, on one port.
    @Test func anAddressReplacesOneThatIncludesIt() async throws {
        try await withServer(plan([SocketAddress(.anyIPv4, port: 0)])) { server in
            let port = try #require(await server.addresses.first).port
            let one = SocketAddress(loopback.address, port: port)
            let all = SocketAddress(.anyIPv4, port: port)
            let askers = Askers()
            try askers.askUDP(one)
            for round in 0..<6 {
                let wanted = round % 2 == 0 ? one : all
                try await server.replace(with: plan([wanted], octet: UInt8(round + 2)))
                #expect(await server.addresses == [wanted])
                #expect(try askTCP(one) == "7 10.0.0.\(round + 2)")
                #expect(try askUDP(one) == "7 10.0.0.\(round + 2)")
                try await askers.answers(200)
                while try socketCount("udp", port: port) > 2 { await Task.yield() }
                #expect(try socketCount("tcp", port: port) == 1)
            }
            await askers.stop()
        }
    }

    @Test func anAddressThatCannotBeHadLeavesTheOneThatIncludesIt() async throws {
        let foreign = try #require(SocketAddress("203.0.113.1:0"))
        try await withServer(plan([SocketAddress(.anyIPv4, port: 0)])) { server in
            let all = try #require(await server.addresses.first)
            let one = SocketAddress(loopback.address, port: all.port)
            let askers = Askers()
            try askers.askUDP(one)
            for _ in 0..<10 {
                let bad = try plan([one, foreign], octet: 9)
                await #expect(throws: ListenError.self) { try await server.replace(with: bad) }
                #expect(await server.addresses == [all])
                try await askers.answers(50)
            }
            #expect(try askTCP(one) == "7 10.0.0.1")
            await askers.stop()
        }
    }

    @Test func pagesMoveToAnAddressThatIncludesThem() async throws {
        func pages(_ address: SocketAddress, _ body: String) -> ServerPlan {
            ServerPlan(listeners: [], pages: [PageListener(address, pages: ["/x": { _ in Page(body) }])])
        }
        try await withServer(pages(loopback, "one")) { server in
            let one = try #require(await server.pageAddresses.first)
            try await server.replace(with: pages(SocketAddress(.anyIPv4, port: one.port), "all"))
            #expect(try get(one, "/x").body == "all")
            try await server.replace(with: pages(one, "one again"))
            #expect(try get(one, "/x").body == "one again")
        }
    }

    /// Half of them cannot be had. What is bound at the end is what was bound at the beginning.
    @Test(.enabled(if: hasIPv6)) func twoHundredReloadsLoseNothing() async throws {
        let foreign = try #require(SocketAddress("203.0.113.1:0"))
        try await withServer(plan([loopback])) { server in
            let address = try #require(await server.addresses.first)
            let askers = Askers()
            try askers.askUDP(address)
            try askers.askTCP(address)
            for round in 0..<200 {
                let rest = round % 4 < 2 ? [] : [loopbackIPv6]
                let workers = 1 + round % 3
                if round % 2 == 0 {
                    let bad = try plan([loopback, foreign] + rest, octet: 200, workers: workers)
                    await #expect(throws: ListenError.self) { try await server.replace(with: bad) }
                } else {
                    let good = try plan([loopback] + rest, octet: UInt8(1 + round % 100), workers: workers)
                    try await server.replace(with: good)
                }
                try await askers.answers(10)
            }
            try await server.replace(with: plan([loopback]))
            await askers.stop()
            while try socketCount("udp", port: address.port) > 2 { await Task.yield() }
            #expect(try socketCount("udp", port: address.port) == 2)
            #expect(try socketCount("tcp", port: address.port) == 1)
            #expect(await settledCounts(of: server).udp.failed == 0)
        }
    }

    @Test func aKeptAddressTakesNewStreamLimits() async throws {
        var limits = StreamLimits()
        limits.queryCount = 2
        try await withServer(plan([loopback])) { server in
            let address = try #require(await server.addresses.first)
            let old = try Client.tcp(address)
            #expect(try summary(old.ask(query(1))) == "1 10.0.0.1")
            try await server.replace(with: plan([loopback], limits: limits))
            let new = try Client.tcp(address)
            for id in 1...2 as ClosedRange<UInt16> { #expect(try summary(new.ask(query(id))) == "\(id) 10.0.0.1") }
            #expect(try new.isAtEnd())
            for id in 1...5 as ClosedRange<UInt16> { #expect(try summary(old.ask(query(id))) == "\(id) 10.0.0.1") }
        }
    }
}
