import LinuxIO
import Logging
import Plugins
import Testing

@testable import Serving

/// Queries that wait for an upstream, over real sockets.
@Suite(.timeLimit(.minutes(5))) struct LateAnswerTests {
    /// An upstream that says something when the test wants it to.
    private struct Upstream: ~Copyable {
        let socket: DatagramSocket
        var batch: DatagramBatch

        init() throws {
            socket = try DatagramSocket(bindingTo: loopback)
            batch = DatagramBatch(for: socket)
        }

        /// The queries that come next, with the way back of each.
        mutating func queries(_ count: Int) throws -> [(query: [UInt8], way: DatagramReturn)] {
            var queries: [(query: [UInt8], way: DatagramReturn)] = []
            while queries.count < count {
                for index in 0..<(try batch.receive(on: socket)) {
                    var bytes: [UInt8] = []
                    batch.withSlot(index) { span, byteCount in
                        bytes = unsafe span.withUnsafeBytes { unsafe Array($0.prefix(byteCount)) }
                    }
                    queries.append((bytes, batch.wayBack(of: index)))
                }
            }
            return queries
        }

        /// 192.0.2.7 for whatever was asked.
        func answer(_ query: (query: [UInt8], way: DatagramReturn)) throws {
            var end = 12
            while query.query[end] != 0 { end += 1 + Int(query.query[end]) }
            let question = query.query[12..<(end + 5)]
            let head = Array(query.query[..<2]) + [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]
            let record: [UInt8] = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]
            try socket.send(head + question + record, to: query.way)
        }
    }

    private func withForwarding(
        _ body: (Deployment, LinuxIO.SocketAddress, inout Upstream) async throws -> Void
    ) async throws {
        var upstream = try Upstream()
        let folder = try TemporaryFolder()
        let path = try folder.write(
            ". {\n  bind 127.0.0.1\n  forward . \(upstream.socket.localAddress) {\n    prefer_udp\n  }\n}\n",
            to: "Corefile")
        var configuration = Configuration(.corefile(path: path), workers: 2)
        configuration.defaultPort = 0
        let deployment = Deployment(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await deployment.start()
        do {
            try await body(deployment, try #require(await deployment.addresses.first), &upstream)
        } catch {
            await deployment.stop()
            throw error
        }
        await deployment.stop()
    }

    @Test func comeBackOverUDPAndTCP() async throws {
        try await withForwarding { _, address, upstream in
            let udp = try Client.udp(address)
            let tcp = try Client.tcp(address)
            try udp.send(query(5))
            let first = try upstream.queries(1)
            try tcp.send(framed(query(6, big: true)))
            let second = try upstream.queries(1)
            try upstream.answer(second[0])
            try upstream.answer(first[0])
            #expect(try summary(udp.receive()) == "5 192.0.2.7")
            _ = try tcp.message()
        }
    }

    @Test func comeBackToAPeerThatHasFinishedSending() async throws {
        try await withForwarding { _, address, upstream in
            let tcp = try Client.tcp(address)
            try tcp.send(framed(query(5)))
            tcp.finishSending()
            let waiting = try upstream.queries(1)
            try upstream.answer(waiting[0])
            #expect(try summary(tcp.message()) == "5 192.0.2.7")
            #expect(try tcp.isAtEnd())
        }
    }

    /// A server that stops, and an upstream that answers when the doors are closed already.
    @Test func areWaitedForWhenTheServerStops() async throws {
        try await withForwarding { deployment, address, upstream in
            let udp = try Client.udp(address)
            let tcp = try Client.tcp(address)
            try udp.send(query(5))
            let waiting = try upstream.queries(1)
            // The same question: it waits for the same answer.
            try tcp.send(framed(query(6)))
            let stopping = Task { await deployment.stop() }
            while (try? Client.tcp(address)) != nil { await Task.yield() }
            try upstream.answer(waiting[0])
            #expect(try summary(udp.receive()) == "5 192.0.2.7")
            #expect(try summary(tcp.message()) == "6 192.0.2.7")
            #expect(try tcp.isAtEnd())
            await stopping.value
        }
    }
}
