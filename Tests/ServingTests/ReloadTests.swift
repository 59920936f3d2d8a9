import LinuxIO
import Plugins
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    private func plan(_ listeners: [(SocketAddress, UInt8)], pages: [PageListener] = []) throws -> ServerPlan {
        ServerPlan(
            listeners: try listeners.map { .init($0.0, try testPlan($0.1)) }, workers: 2, pages: pages)
    }

    @Test func anAddressThatStaysAnswersFromTheNewPlan() async throws {
        try await withServer(plan([(loopback, 1)])) { server in
            let address = try #require(await server.addresses.first)
            let udp = try Client.udp(address)
            let tcp = try Client.tcp(address)
            for octet in 1...5 as ClosedRange<UInt8> {
                try await server.replace(with: plan([(loopback, octet)]))
                #expect(await server.addresses == [address])
                #expect(try summary(udp.ask(query())) == "7 10.0.0.\(octet)")
                #expect(try summary(tcp.ask(query())) == "7 10.0.0.\(octet)")
            }
        }
    }

    @Test(.enabled(if: hasIPv6)) func addressesComeAndGo() async throws {
        try await withServer(plan([(loopback, 1)])) { server in
            let first = try #require(await server.addresses.first)
            let tcp = try Client.tcp(first)
            #expect(try summary(tcp.ask(query())) == "7 10.0.0.1")
            try await server.replace(with: plan([(loopback, 2), (loopbackIPv6, 3)]))
            let both = await server.addresses
            #expect(both.first == first && both.count == 2)
            #expect(try askUDP(both[1]) == "7 10.0.0.3")
            try await server.replace(with: plan([(loopbackIPv6, 4)]))
            #expect(await server.addresses == [both[1]])
            #expect(try askTCP(both[1]) == "7 10.0.0.4")
            #expect(try tcp.isAtEnd())
            #expect(throws: SystemError.self) { _ = try Client.tcp(first) }
            #expect(await server.counts.udp.answered == 1)
        }
    }

    @Test(.enabled(if: hasIPv6)) func afterAnErrorEverythingIsAsItWas() async throws {
        let foreign = try #require(SocketAddress("203.0.113.1:0"))
        try await withServer(plan([(loopback, 1)])) { server in
            let before = await server.addresses
            let udp = try Client.udp(before[0])
            let bad = try plan([(loopback, 2), (loopbackIPv6, 3), (foreign, 4)])
            await #expect(throws: ListenError.self) { try await server.replace(with: bad) }
            #expect(await server.addresses == before)
            #expect(try summary(udp.ask(query())) == "7 10.0.0.1")
        }
    }

    /// Queries under way while plans and addresses change: each is answered once, by some plan.
    @Test(.enabled(if: hasIPv6)) func noQueryIsLostMeanwhile() async throws {
        try await withServer(plan([(loopback, 1)])) { server in
            let address = try #require(await server.addresses.first)
            let asking = Task.detached {
                let udp = try Client.udp(address)
                for id in 1...2000 as ClosedRange<UInt16> {
                    let answer = try summary(udp.ask(query(id)))
                    #expect(answer.hasPrefix("\(id) 10.0.0."))
                }
            }
            for octet in 2...20 as ClosedRange<UInt8> {
                let rest: [(SocketAddress, UInt8)] = octet % 2 == 0 ? [(loopbackIPv6, octet)] : []
                try await server.replace(with: plan([(loopback, octet)] + rest))
            }
            try await asking.value
        }
    }

    @Test(.enabled(if: hasIPv6)) func changesComeOneAfterTheOther() async throws {
        try await withServer(plan([(loopback, 1)])) { server in
            let address = try #require(await server.addresses.first)
            let plans = try (2...9).map { try plan([(loopback, $0), (loopbackIPv6, $0)]) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for plan in plans { group.addTask { try await server.replace(with: plan) } }
                try await group.waitForAll()
            }
            let addresses = await server.addresses
            #expect(addresses.count == 2 && addresses[0] == address)
            let answers = try addresses.map { try askUDP($0) }
            #expect(answers[0] == answers[1])
        }
    }

    @Test func pagesAreReplaced() async throws {
        func pages(_ body: String) -> [PageListener] { [PageListener(loopback, pages: ["/x": { _ in Page(body) }])] }
        try await withServer(plan([(loopback, 1)], pages: pages("old"))) { server in
            let address = try #require(await server.pageAddresses.first)
            #expect(try get(address, "/x").body == "old")
            try await server.replace(with: plan([(loopback, 1)], pages: pages("new")))
            #expect(await server.pageAddresses == [address])
            #expect(try get(address, "/x").body == "new")
            try await server.replace(with: plan([(loopback, 1)]))
            #expect(await server.pageAddresses == [])
            #expect(throws: SystemError.self) { try get(address, "/x") }
        }
    }
}
