import DNS
import LinuxIO
import Logging
import ScriptedUpstreams
import Synchronization
import Testing
import WireMessages

@testable import ClusterDNSTestKit
@testable import Serving

/// A Corefile at work in this process, on a loopback address of its own.
struct Served: Sendable {
    let cluster: Cluster
    /// The folder of the Corefile.
    let scratch: Scratch
    /// What `{address}` in the Corefile means.
    let address: String
    let notes: Notes

    /// - Parameters:
    ///   - text: `{address}` in it is the address.
    ///   - files: beside the Corefile, by their names; `{address}` is replaced in them, too.
    static func corefile(
        _ text: String, files: [String: String] = [:], _ body: (Served) async throws -> Void
    ) async throws {
        await Gate.servers.enter()
        defer { Gate.servers.leave() }
        let scratch = try Scratch()
        let address = freshLoopback()
        for (name, text) in files { try scratch.write(name, text.replacing("{address}", with: address)) }
        try scratch.write("Corefile", text.replacing("{address}", with: address))
        let notes = Notes()
        let logger = Logger(label: "clusterdns") { _ in NoteTaker(notes) }
        let configuration = Configuration(.corefile(path: scratch.path("Corefile")), workers: 1)
        try await withCluster(configuration, logger: logger) { cluster in
            try await body(Served(cluster: cluster, scratch: scratch, address: address, notes: notes))
        }
    }

    /// The whole of a Corefile with one block, for all names.
    static func block(
        _ lines: String..., files: [String: String] = [:], _ body: (Served) async throws -> Void
    ) async throws {
        let text = ".:5300 {\n    bind {address}\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
        try await corefile(text, files: files, body)
    }

    /// - Parameter change: what else the query says.
    func ask(
        _ name: String, _ type: RecordType = .a, over transport: Conversation.Transport = .udp,
        _ change: (WireQuery) -> WireQuery = { $0.edns() }
    ) async throws -> Reply {
        try await Asking.ask(cluster.address, name, type, over: transport, change)
    }

    /// Asks until the answer is as it should be: for what happens at a time of its own. Ends with the time of the test.
    func wait(_ name: String, _ type: RecordType = .a, until isExpected: (Reply) -> Bool) async throws -> Reply {
        while true {
            let reply = try await ask(name, type)
            if isExpected(reply) { return reply }
            guard !Task.isCancelled else { throw Trouble("still answered: \(reply)") }
            await Task.yield()
        }
    }
}

/// Ways to ask that no method of a server's own should hide.
enum Asking {
    /// Longer than a server may take for any answer: a machine that is loaded is no fault of the server's.
    static let patience: Duration = .seconds(30)

    static func ask(
        _ server: SocketAddress, _ name: String, _ type: RecordType, over transport: Conversation.Transport,
        _ change: (WireQuery) -> WireQuery
    ) async throws -> Reply {
        let query = change(WireQuery(name, type.rawValue)).bytes
        return try Reply(
            try await Conversation.exchange(query, with: server, over: transport, patience: patience), to: query)
    }

    /// Sends all questions for addresses from one socket, one behind the other, and gives the answers as they come.
    static func askAtOnce(_ server: SocketAddress, _ names: [String]) async throws -> [WireMessage] {
        let answers = Mutex<[WireMessage]>([])
        let outbox = Outbox()
        let thread = try WorkerThread(name: "questions") {
            outbox.put(
                Result {
                    let socket = try ClientSocket(to: server, isStream: false, patience: patience)
                    for (index, name) in names.enumerated() {
                        try socket.send(WireQuery(name, 1).edns().with { $0.id = UInt16(index) }.bytes)
                    }
                    for _ in names {
                        let answer = try WireMessage(try socket.receive())
                        answers.withLock { $0.append(answer) }
                    }
                    return []
                })
        }
        await thread.wait()
        _ = try outbox.take()
        return answers.withLock { $0 }
    }
}

extension Reply {
    /// The sentence of the extended error (RFC 8914 §2); empty without one.
    var explanation: String { String(decoding: options?[15]?.dropFirst(2) ?? [], as: UTF8.self) }

    /// Of the first answer, in seconds.
    var ttl: UInt32? { answers.first?.ttl }
}

extension ScriptedUpstream {
    /// Where a Corefile finds it.
    var place: String { "127.0.0.1:\(port)" }

    /// The same for a test that counts what came: `forward` would ask again, or another server, after 700 milliseconds,
    /// which on a loaded machine is no silence.
    var placeAskedOnce: String { "\(place) {\n\(Self.once)\n}" }

    /// Options of `forward`: one question for each query.
    static let once = "max_connect_attempts 1\nread_timeout 5s"

    func count(_ name: String) -> Int { received.count { $0.name == name } }

    /// A server whose every answer is this one.
    static func saying(_ answer: ScriptedAnswer) async throws -> ScriptedUpstream {
        try await ScriptedUpstream(ScriptedRule(nil, .answer(answer)))
    }
}
