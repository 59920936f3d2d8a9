import Glibc
import Synchronization
import Testing

@testable import LinuxIO
@testable import Serving

/// Threads that ask a server one query after the other until they are told to stop. A query without an answer is an
/// error: nothing may be lost.
final class Askers: Sendable {
    private let isOver = Atomic(false)
    private let hasFailed = Atomic(false)
    private let asked = Atomic(0)
    private let threads = Mutex<[WorkerThread]>([])

    /// Over UDP from 24 sockets, so that each of the workers has some of the clients.
    func askUDP(_ address: LinuxIO.SocketAddress) throws {
        let clients = try (0..<24).map { _ in SharedClient(try Client.udp(address)) }
        try start(clients)
    }

    /// Over one connection.
    func askTCP(_ address: LinuxIO.SocketAddress) throws { try start([SharedClient(try Client.tcp(address))]) }

    private func start(_ clients: [SharedClient]) throws {
        let thread = try WorkerThread(name: "asker") { [self] in
            do {
                var id: UInt16 = 0
                repeat {
                    for client in clients {
                        id &+= 1
                        let answer = summary(try client.client.ask(query(id)))
                        try #require(answer.hasPrefix("\(id) 10.0.0."))
                        asked.wrappingAdd(1, ordering: .relaxed)
                    }
                } while !isOver.load(ordering: .relaxed)
            } catch {
                Issue.record(error)
                hasFailed.store(true, ordering: .relaxed)
            }
        }
        threads.withLock { $0.append(thread) }
    }

    /// Waits until this many queries more were answered.
    func answers(_ count: Int) async throws {
        let goal = asked.load(ordering: .relaxed) + count
        while asked.load(ordering: .relaxed) < goal {
            let isLost = hasFailed.load(ordering: .relaxed)
            try #require(!isLost, "a query was lost")
            await Task.yield()
        }
    }

    func stop() async {
        isOver.store(true, ordering: .relaxed)
        for thread in threads.withLock({ $0 }) { await thread.wait() }
    }
}

final class SharedClient: Sendable {
    let client: Client
    init(_ client: consuming Client) { self.client = client }
}

/// How many sockets of this machine are bound to a port of IPv4, as the kernel lists them; of TCP those that listen.
func socketCount(_ kind: String, port: UInt16) throws -> Int {
    let table = try #require(try file("/proc/net/\(kind)"))
    let mark = ":" + String(Int(port) | 0x10000, radix: 16, uppercase: true).dropFirst()
    return table.split(separator: "\n").dropFirst().count { line in
        let words = line.split(separator: " ")
        return words.count > 3 && words[1].hasSuffix(mark) && (kind == "udp" || words[3] == "0A")
    }
}

private func file(_ path: String) throws -> String? {
    let descriptor = Descriptor(owning: try system("open") { unsafe open(path, O_RDONLY | O_CLOEXEC) })
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = try system("read") { unsafe read(descriptor.number, &piece, piece.count) }
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += piece[..<count]
    }
}

/// What a server has counted once every query is answered. It counts an answer when it has sent it, so that the client may
/// be faster.
func settledCounts(of server: Server) async -> ServingCounts {
    while true {
        let counts = await server.counts
        if counts.udp.received == counts.udp.answered + counts.udp.failed,
            counts.tcp.received == counts.tcp.answered
        {
            return counts
        }
        await Task.yield()
    }
}
