import LinuxIO
import NIOCore
import NIOPosix
import Plugins
import Synchronization
import Testing

@testable import Serving

/// One request over a connection of its own.
func get(_ address: SocketAddress, _ path: String, method: String = "GET") throws -> (
    status: Int, head: String, body: String
) {
    let client = try Client.tcp(address)
    try client.send(Array("\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".utf8))
    var bytes: [UInt8] = []
    while case let more = try client.receive(), !more.isEmpty { bytes += more }
    let text = String(decoding: bytes, as: UTF8.self)
    // "\r\n" is one Character.
    let parts = text.split(separator: "\r\n\r\n" as String, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    let status = try #require(Int(text.split(separator: " ")[1]))
    return (status, parts[0].lowercased(), String(parts[1]))
}

@Suite(.timeLimit(.minutes(5))) struct PageTests {
    private func withPages(
        notReady: @escaping @Sendable () -> [String] = { [] }, _ body: (SocketAddress, Server) async throws -> Void
    ) async throws {
        let pages = PageListener(loopback, pages: ["/health": Page.health, "/ready": Page.ready(notReady)])
        try await withServer(ServerPlan(listeners: [], pages: [pages])) { server in
            try await body(try #require(await server.pageAddresses.first), server)
        }
    }

    @Test(arguments: [
        ("GET", "/health", 200, "OK"), ("HEAD", "/health", 200, ""), ("GET", "/health?verbose", 200, "OK"),
        ("GET", "/ready", 200, "OK"), ("GET", "/", 404, "404 page not found\n"), ("HEAD", "/nothing", 404, ""),
        ("POST", "/health", 405, "405 method not allowed\n"), ("DELETE", "/ready", 405, "405 method not allowed\n"),
    ])
    func answers(_ method: String, _ path: String, _ status: Int, _ body: String) async throws {
        try await withPages { address, _ in
            let reply = try get(address, path, method: method)
            #expect(reply.status == status)
            #expect(reply.body == body)
            #expect(reply.head.contains("content-type: text/plain"))
            #expect(reply.head.contains("allow: get, head") == (status == 405))
            if method == "HEAD", status == 200 { #expect(reply.head.contains("content-length: 2")) }
        }
    }

    @Test func namesWhatIsNotReady() async throws {
        let notReady = Mutexed(["kubernetes", "file"])
        let names: @Sendable () -> [String] = { notReady.value }
        try await withPages(notReady: names) { address, _ in
            let reply = try get(address, "/ready")
            #expect(reply.status == 503)
            #expect(reply.body == "kubernetes\nfile")
            notReady.value = []
            #expect(try get(address, "/ready").status == 200)
        }
    }

    @Test func keepsAConnectionForSeveralRequests() async throws {
        try await withPages { address, _ in
            let client = try Client.tcp(address)
            for _ in 0..<3 {
                try client.send(Array("GET /health HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
                var text = ""
                while !text.hasSuffix("\r\n\r\nOK") { text += String(decoding: try client.receive(), as: UTF8.self) }
                #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
        }
    }

    @Test func survivesWhatIsNoRequest() async throws {
        try await withPages { address, _ in
            let client = try Client.tcp(address)
            try client.send(Array("\u{16}\u{3}\u{1} not http\r\n\r\n".utf8))
            client.finishSending()
            while case let more = try client.receive(), !more.isEmpty {}
            #expect(try get(address, "/health").status == 200)
        }
    }

    @Test func isNotReadyWhileLeavingAndStaysHealthy() async throws {
        let pages = PageListener(loopback, pages: ["/health": Page.health, "/ready": Page.ready { [] }])
        let plan = ServerPlan(
            listeners: [.init(loopback, try testPlan(1))], workers: 1, pages: [pages], lameDuck: .seconds(600))
        try await withServer(plan) { server in
            let address = try #require(await server.pageAddresses.first)
            let udp = try Client.udp(try #require(await server.addresses.first))
            let stopping = Task { await server.stop() }
            while try get(address, "/ready").status == 200 { await Task.yield() }
            #expect(try get(address, "/health").status == 200)
            #expect(try summary(udp.ask(query())) == "7 10.0.0.1")
            stopping.cancel()
            await stopping.value
            #expect(throws: SystemError.self) { _ = try Client.tcp(address) }
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct HealthPollTests {
    @Test func asksItsOwnPage() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let isHealthy = Mutexed(true)
        let page: PageListener.Maker = { _ in isHealthy.value ? Page("OK") : Page("no", status: 503) }
        let plan = ServerPlan(listeners: [], pages: [PageListener(loopback, pages: ["/health": page])])
        try await withServer(plan) { server in
            let address = try #require(await server.pageAddresses.first)
            #expect(await HealthPoll.asks(address, on: group))
            isHealthy.value = false
            #expect(await !HealthPoll.asks(address, on: group))
            let record = HealthRecord()
            let poll = HealthPoll(address, on: group, into: record)
            while record.durations.value.count == 0 { await Task.yield() }
            await poll.stop()
            #expect(record.failures.current == record.durations.value.count)
            try await server.replace(with: ServerPlan(listeners: []))
            #expect(await !HealthPoll.asks(address, on: group))
        }
        try await group.shutdownGracefully()
    }
}

final class Mutexed<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>
    init(_ value: Value) { mutex = Mutex(value) }
    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }
}
