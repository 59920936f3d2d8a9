import DNS
import LinuxIO
import Synchronization

@testable import ClusterDNSTestKit

/// The built program at work.
struct RunningServer: Sendable {
    let program: Program
    /// Where it answers, as its first screen says.
    let address: SocketAddress

    /// Starts `clusterdns serve` and waits for its first screen.
    init(
        _ arguments: [String], in folder: String = Place.root, under wrapper: [String] = [],
        patience: Duration = Program.patience
    ) async throws {
        program = try Program(wrapper + [Place.program, "serve"] + arguments, in: folder, patience: patience)
        let line = try await program.line(containing: "  listening on ")
        let words = line.split(separator: " ")
        guard words.count > 2, let address = SocketAddress(String(words[2])) else {
            throw Trouble("no address: \(line)")
        }
        self.address = address
    }

    func ask(_ name: String, _ type: RecordType, over transport: Conversation.Transport = .udp) async throws -> Reply {
        guard let owner = Name(name) else { throw Trouble("\"\(name)\" is no name") }
        let query = Conversation.query(owner, type, ednsByteCount: 1232)
        return try Reply(
            try await Conversation.exchange(query, with: address, over: transport, patience: Asking.patience), to: query
        )
    }

    /// The addresses of a Service in the namespace `shop`.
    func addresses(_ service: String) async throws -> [String] {
        try await ask("\(service).shop.svc.cluster.local", .a).addresses
    }
}

/// Runs a server while `body` runs; then it must drain and end with code 0.
///
/// - Returns: what it wrote from its start to its end.
@discardableResult
func withServer(
    _ arguments: [String], in folder: String = Place.root, under wrapper: [String] = [],
    patience: Duration = Program.patience, _ body: (RunningServer) async throws -> Void
) async throws -> Program.Exit {
    await Gate.servers.enter()
    defer { Gate.servers.leave() }
    let server = try await RunningServer(arguments, in: folder, under: wrapper, patience: patience)
    do {
        try await body(server)
    } catch {
        let exit = await server.program.end()
        throw Trouble("\(error)\n--- the server said:\n\(exit.output)\(exit.errors)")
    }
    let exit = await server.program.end()
    guard exit.code == 0 else { throw Trouble("the server ended with \(exit.code)\n\(exit.output)\(exit.errors)") }
    return exit
}

/// A loopback address that no other test has: all of 127.0.0.0/8 is this machine's, so that fixed ports do not collide.
/// Tests that run at the same time in another process begin elsewhere.
func freshLoopback() -> String {
    let number = (loopbackSeed + nextLoopback.add(1, ordering: .relaxed).newValue) % loopbackCount
    // 127.64.0.1 to 127.127.255.254, without those that end like a network or its broadcast address.
    return "127.\(64 + number / 254 / 256).\(number / 254 % 256).\(number % 254 + 1)"
}

private let loopbackCount = 64 * 256 * 254
private let loopbackSeed = Int.random(in: 0..<loopbackCount)
private let nextLoopback = Atomic<Int>(0)
