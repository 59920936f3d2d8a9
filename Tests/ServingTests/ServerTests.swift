import LinuxIO
import NIOCore
import NIOPosix
import Plugins
import Testing

@testable import Serving

/// Starts a server, lets the test use it, and stops it.
func withServer(
    _ plan: ServerPlan, limits: StreamLimits = StreamLimits(), _ body: (Server) async throws -> Void
) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let server = Server(plan, on: group, limits: limits)
    do {
        try await server.start()
        try await body(server)
    } catch {
        await server.stop()
        try await group.shutdownGracefully()
        throw error
    }
    await server.stop()
    try await group.shutdownGracefully()
}

@Suite(.timeLimit(.minutes(5))) struct ServerTests {
    private func plan(
        _ lastOctet: UInt8 = 1, at address: SocketAddress = loopback, workers: Int = 2
    ) throws -> ServerPlan {
        ServerPlan(listeners: [.init(address, try testPlan(lastOctet))], workers: workers)
    }

    @Test(arguments: hasIPv6 ? [loopback, loopbackIPv6] : [loopback]) func answersUDPAndTCPOnOnePort(
        _ address: SocketAddress
    ) async throws {
        try await withServer(plan(at: address)) { server in
            let real = try #require(await server.addresses.first)
            #expect(real.address == address.address && real.port != 0)
            let udp = try Client.udp(real)
            let tcp = try Client.tcp(real)
            for id in 1...10 as ClosedRange<UInt16> {
                #expect(try summary(udp.ask(query(id))) == "\(id) 10.0.0.1")
                #expect(try summary(tcp.ask(query(id))) == "\(id) 10.0.0.1")
            }
        }
    }

    @Test func pipelinedQueriesAreAllAnsweredInOrder() async throws {
        try await withServer(plan()) { server in
            let tcp = try Client.tcp(try #require(await server.addresses.first))
            try tcp.send((1...500).flatMap { framed(query($0)) })
            tcp.finishSending()
            for id in 1...500 { #expect(try summary(tcp.message()) == "\(id) 10.0.0.1") }
            #expect(try tcp.isAtEnd())
        }
    }

    /// 300 answers of 40 kB fit no socket buffer: queries wait until their answers have room. The first answer goes
    /// through the channel, later ones past it until the kernel takes no more.
    @Test(arguments: 0...3) func aSlowReaderGetsEverything(after answerCount: Int) async throws {
        let big = ServerPlan(listeners: [.init(loopback, try testPlan(1, bigByteCount: 40_000))], workers: 1)
        try await withServer(big) { server in
            let tcp = try Client.tcp(try #require(await server.addresses.first))
            for _ in 0..<answerCount { #expect(try summary(tcp.ask(query())) == "7 10.0.0.1") }
            try tcp.send((1...300).flatMap { framed(query($0, big: true)) })
            tcp.finishSending()
            for id in 1...300 { #expect(try summary(tcp.message()).hasPrefix("\(id) ")) }
            #expect(try tcp.isAtEnd())
        }
    }

    /// Queries that are read in one turn of an event loop are answered together, also with those of another listener;
    /// the peer's end may lie behind a query.
    @Test(arguments: [1, 2, 3, 5] as [UInt16]) func connectionsReadTogetherGetTheirOwnAnswers(
        turnCount: UInt16
    ) async throws {
        let listeners = try ([1, 2] as [UInt8]).map { octet in
            let address = SocketAddress(IPAddress(v4: 0x7f00_0000 | UInt32(octet)), port: 0)
            return ServerPlan.Listener(address, try testPlan(octet))
        }
        try await withServer(ServerPlan(listeners: listeners, workers: 1)) { server in
            let addresses = await server.addresses
            let clients = try (0..<80).map { SharedClient(try Client.tcp(addresses[$0 % 2])) }
            for turn in 0..<turnCount {
                for index in clients.indices {
                    try clients[index].client.send(framed(query(turn << 8 | UInt16(index))))
                    if turn == turnCount - 1 { clients[index].client.finishSending() }
                }
                for index in clients.indices {
                    let answer = try summary(clients[index].client.message())
                    #expect(answer == "\(Int(turn) << 8 | index) 10.0.0.\(index % 2 + 1)")
                }
            }
            for index in clients.indices { #expect(try clients[index].client.isAtEnd()) }
        }
    }

    @Test func serversOfOneProcessDoNotDisturbEachOther() async throws {
        try await withServer(plan(1)) { first in
            try await withServer(plan(2)) { second in
                let one = try Client.udp(try #require(await first.addresses.first))
                let other = try Client.udp(try #require(await second.addresses.first))
                #expect(try summary(one.ask(query())) == "7 10.0.0.1")
                #expect(try summary(other.ask(query())) == "7 10.0.0.2")
            }
        }
    }

    @Test func answersWhatHasArrivedBeforeItLeaves() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = Server(try plan(workers: 2), on: group)
        try await server.start()
        let address = try #require(await server.addresses.first)
        let udp = try Client.udp(address)
        let tcp = try Client.tcp(address)
        #expect(try summary(tcp.ask(query(1))) == "1 10.0.0.1")
        // As many as the default buffer of our own socket has room for answers.
        for id in 1...150 as ClosedRange<UInt16> { try udp.send(query(id)) }
        await server.stop()
        for id in 1...150 { #expect(try summary(udp.receive()) == "\(id) 10.0.0.1") }
        #expect(try tcp.isAtEnd())
        #expect(await server.addresses == [])
        #expect(await server.counts.udp == ServingCounts.Datagrams(received: 150, answered: 150))
        await server.stop()
        try await group.shutdownGracefully()
    }

    @Test func givesItsPortBackAtOnce() async throws {
        var address = loopback
        for _ in 0..<20 {
            try await withServer(plan(at: address)) { server in
                address = try #require(await server.addresses.first)
                #expect(try askUDP(address) == "7 10.0.0.1")
            }
        }
    }

    @Test func refusesAPortThatAnotherServerHas() async throws {
        try await withServer(plan()) { server in
            let address = try #require(await server.addresses.first)
            let error = await #expect(throws: ListenError.self) {
                try await withServer(plan(at: address)) { _ in Issue.record("two servers share a port") }
            }
            #expect(error?.problems.map(\.address) == [address])
            #expect(error?.description.contains("another server listens there on UDP") == true)
        }
    }

    @Test func namesEveryAddressThatCannotBeHadAndKeepsNone() async throws {
        let foreign = try ["203.0.113.1:0", "198.51.100.1:0"].map { try #require(SocketAddress($0)) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let plan = try testPlan(1)
        let server = Server(
            ServerPlan(
                listeners: [loopback, foreign[0], foreign[1]].map { .init($0, plan) }, workers: 1,
                pages: [PageListener(foreign[0], pages: [:])]), on: group)
        let error = await #expect(throws: ListenError.self) { try await server.start() }
        #expect(error?.problems.map(\.address) == [foreign[0], foreign[1], foreign[0]])
        #expect(await server.addresses == [])
        await server.stop()
        try await group.shutdownGracefully()
    }

    @Test func leavesOutAnOptionalAddressThatTheMachineLacks() async throws {
        let foreign = try #require(SocketAddress("203.0.113.1:0"))
        let plan = ServerPlan(
            listeners: [.init(foreign, try testPlan(1), isOptional: true), .init(loopback, try testPlan(2))], workers: 1
        )
        try await withServer(plan) { server in
            let addresses = await server.addresses
            #expect(addresses.map(\.address) == [loopback.address])
            let answer = try askUDP(try #require(addresses.first))
            #expect(answer == "7 10.0.0.2")
        }
    }

    @Test func saysThatItsOwnAddressesOverlap() async throws {
        try await withServer(plan(at: SocketAddress(.anyIPv4, port: 0), workers: 1)) { server in
            let wildcard = try #require(await server.addresses.first)
            var both = try plan(at: SocketAddress(.anyIPv4, port: 0), workers: 1)
            let one = SocketAddress(loopback.address, port: wildcard.port)
            both.listeners.append(.init(one, try testPlan(2)))
            let error = await #expect(throws: ListenError.self) { try await server.replace(with: both) }
            #expect(error?.problems.map(\.rival) == [wildcard])
        }
    }

    @Test func startsOnceAndOnlyThenReloads() async throws {
        try await withServer(plan()) { server in
            let plan = try plan()
            await #expect(throws: ServerError.alreadyStarted) { try await server.start() }
            await server.stop()
            await #expect(throws: ServerError.notRunning) { try await server.replace(with: plan) }
        }
    }

    @Test func runsUntilItIsCancelled() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = Server(try plan(workers: 1), on: group)
        try await server.start()
        let address = try #require(await server.addresses.first)
        let run = Task { try await server.run() }
        #expect(try askUDP(address) == "7 10.0.0.1")
        run.cancel()
        try await run.value
        #expect(await server.addresses == [])
        try await group.shutdownGracefully()
    }
}
