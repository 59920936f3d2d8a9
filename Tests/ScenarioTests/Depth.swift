import ClusterCatalog
import DNS
import LinuxIO
import Plugins
import SourceText
import Testing
import Zones

@testable import ClusterDNSTestKit
@testable import Serving

/// Where a question is asked. A fault that shows at one depth and not above it lies between the two.
enum Depth: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// The table and the walk of one query, without a socket.
    case function
    /// A server of this process on a loopback socket, over UDP and TCP.
    case socket
    /// The built program, asked by `dig` and `drill`.
    case program

    var testDescription: String { rawValue }

    /// Asks every question of a session, and compares.
    func hold(_ session: ConversationFile.Session, catalog: String) async throws {
        let corefile = try SessionCorefile(session, catalog: catalog)
        switch self {
        case .function: try await holdInFunction(session, corefile)
        case .socket: try await holdOverSocket(session, corefile)
        case .program: try await holdWithTools(session, corefile)
        }
    }
}

/// Fails the test when an answer is not the expected one.
func compare(_ exchange: Exchange, _ found: Answer, by way: String, _ catalog: String) {
    var found = found
    if let count = exchange.answerCount {
        #expect(found.answers.count == count, "\(exchange.name) \(exchange.type), by \(way)")
        found.answers = []
    }
    let place = "\(catalog)/conversations.txt:\(exchange.line) \(exchange.name) \(exchange.type)"
    #expect(found == exchange.expected, "\(place), by \(way)\n\(found)\ninstead of\n\(exchange.expected)")
}

/// The Corefile that serves a session.
struct SessionCorefile {
    let catalog: String
    let text: String
    let address = freshLoopback()
    /// The command line says the same without a Corefile.
    let isPlain: Bool

    init(_ session: ConversationFile.Session, catalog: String) throws {
        self.catalog = catalog
        let written = try Place.text("\(catalog)/Corefile")
        isPlain = session.isPlain && written == nil
        if let written {
            text = try Self.moved(written, to: address, catalog, session)
            return
        }
        let options = session.isPlain ? ["pods insecure"] : session.options
        text = """
            .:5300 {
                bind \(address)
                kubernetes \(session.zones ?? "cluster.local in-addr.arpa ip6.arpa") {
                    catalog \(Place.root)/\(catalog)
            \(options.map { "        " + $0 }.joined(separator: "\n"))
                }
            }

            """
    }

    /// The Corefile of a folder, on an address of this test's own, with its paths from where it lies.
    private static func moved(
        _ text: String, to address: String, _ catalog: String, _ session: ConversationFile.Session
    ) throws -> String {
        guard session.isPlain else { throw Trouble("\(catalog) has a Corefile: serve is not for it") }
        let line = "    bind 127.0.0.1\n"
        guard text.contains(line) else { throw Trouble("\(catalog)/Corefile: every block needs bind 127.0.0.1") }
        return text.replacing(line, with: "    bind \(address)\n    root \(Place.root)/\(catalog)\n")
    }

    /// The server blocks, listening on a free port.
    func blocks() throws -> [ServerBlock] {
        let scratch = try Scratch()
        try scratch.write("Corefile", text)
        let (blocks, diagnostics) = compileCorefile(path: scratch.path("Corefile"))
        guard diagnostics.allSatisfy({ $0.severity == .warning }), !blocks.isEmpty else {
            throw Trouble(diagnostics.map(\.description).joined(separator: "\n"))
        }
        return blocks.map { block in
            var block = block
            block.listen = [IPAddress("127.0.0.1")].compactMap(\.self).map { SocketAddress($0, port: 0) }
            return block
        }
    }
}

extension Depth {
    private func holdInFunction(_ session: ConversationFile.Session, _ corefile: SessionCorefile) async throws {
        let blocks = try corefile.blocks()
        var registries: [KubernetesSettings: Registry] = [:]
        for block in blocks {
            guard let kubernetes = block.kubernetes, registries[kubernetes] == nil else { continue }
            let registry = Registry(ClusterSettings(kubernetes, serverAddresses: block.listen.map(\.address)))
            await registry.apply(CatalogUpdate(change: try loadCatalog(paths: kubernetes.catalog).change))
            registries[kubernetes] = registry
        }
        let parts = PlanParts(registries: registries)
        let listeners = PlanMaker(
            blocks: blocks, parts: parts, surroundings: PlanSurroundings(), localNames: LocalNames(),
            hostName: machineName()
        ).listeners()
        guard let plan = listeners.first?.plan, listeners.count == 1 else { throw Trouble("no plan, or several") }
        let client = SocketAddress("127.0.0.1:40000")
        var desks = Desks(plan)
        var room = [UInt8](repeating: 0, count: 65535)
        for exchange in session.exchanges {
            let query = try exchange.query()
            for index in query.indices { room[index] = query[index] }
            var span = room.mutableSpan
            var message = unsafe span.mutableBytes
            let count = desks.answer(&message, queryByteCount: query.count, isTCP: exchange.isTCP, peer: client)
            compare(exchange, Answer(try Reply(Array(room[..<count]), to: query)), by: "function", corefile.catalog)
        }
    }

    private func holdOverSocket(_ session: ConversationFile.Session, _ corefile: SessionCorefile) async throws {
        let configuration = Configuration(.blocks(try corefile.blocks()), workers: 1)
        await Gate.servers.enter()
        defer { Gate.servers.leave() }
        try await withCluster(configuration, logger: .silent) { dns in
            for exchange in session.exchanges {
                let query = try exchange.query()
                for way in exchange.isOneWay ? [exchange.way] : [.udp, .tcp] {
                    let bytes = try await Conversation.exchange(
                        query, with: dns.address, over: way, patience: Asking.patience)
                    compare(exchange, Answer(try Reply(bytes, to: query)), by: "\(way)", corefile.catalog)
                }
            }
        }
    }

    private func holdWithTools(_ session: ConversationFile.Session, _ corefile: SessionCorefile) async throws {
        let scratch = try Scratch()
        try scratch.write("Corefile", corefile.text)
        let plain = [corefile.catalog, "--listen", "127.0.0.1:0"]
        try await withServer(corefile.isPlain ? plain : ["--config", scratch.path("Corefile")]) { server in
            for isTCP in [false, true] {
                let exchanges = session.exchanges.filter { $0.canBeDug && $0.isTCP == isTCP }
                try await askWithDig(exchanges, isTCP, server.address, corefile.catalog, scratch)
            }
            for exchange in session.exchanges where exchange.canBeDrilled {
                let run = try await Program.run(["drill"] + exchange.drillWords(server.address))
                let found = try ToolText(run.output).answers
                try #require(found.count == 1, "drill \(exchange.name) \(exchange.type)\n\(run.output)\(run.errors)")
                compare(exchange, found[0], by: "drill", corefile.catalog)
            }
        }
    }

    /// One `dig` for all questions over one transport: it reads them from a file.
    private func askWithDig(
        _ exchanges: [Exchange], _ isTCP: Bool, _ server: SocketAddress, _ catalog: String, _ scratch: Scratch
    ) async throws {
        guard !exchanges.isEmpty else { return }
        let lines = exchanges.map { $0.digWords.joined(separator: " ") }
        try scratch.write("questions", lines.joined(separator: "\n") + "\n")
        // A line of the file has room for few words, and none for +tcp; those that all share stand before it.
        let shared = ["+tries=1", "+timeout=30", "+nocrypto", "+noednsneg", "+nocookie", isTCP ? "+tcp" : "+notcp"]
        let place = ["@\(server.address)", "-p", "\(server.port)"]
        let run = try await Program.run(["dig"] + place + shared + ["-f", scratch.path("questions")])
        let found = try ToolText(run.output).answers
        try #require(found.count == exchanges.count, "dig\n\(run.output)\(run.errors)")
        for (exchange, answer) in zip(exchanges, found) { compare(exchange, answer, by: "dig", catalog) }
    }
}

/// A desk for each transport, in a plan where nothing waits for others.
struct Desks: ~Copyable {
    private var udp: QueryDesk
    private var tcp: QueryDesk

    init(_ plan: QueryPlan) {
        udp = plan.makeDesk(for: .udp)
        tcp = plan.makeDesk(for: .tcp)
    }

    mutating func answer(
        _ message: inout MutableRawSpan, queryByteCount: Int, isTCP: Bool, peer: SocketAddress?
    ) -> Int {
        guard isTCP else {
            return udp.answer(&message, queryByteCount: queryByteCount, peer: { peer }, later: { Self.nobody() })
        }
        return tcp.answer(&message, queryByteCount: queryByteCount, peer: { peer }, later: { Self.nobody() })
    }

    private static func nobody() -> any ReturnAddress { preconditionFailure("nobody is asked here") }
}

extension Exchange {
    fileprivate var way: Conversation.Transport { isTCP ? .tcp : .udp }

    /// The other transport has another answer.
    fileprivate var isOneWay: Bool { isTCP || isUDP || expected.isTruncated }

    /// Both tools turn a transfer into a conversation of its own.
    fileprivate var canBeDug: Bool { type != .axfr }

    fileprivate var digWords: [String] {
        let edns = ednsByteCount.map { "+bufsize=\($0) +edns=\(ednsVersion)" } ?? "+noedns"
        let options = (sendsCookie ? ["+cookie"] : []) + (wantsServerID ? ["+nsid"] : [])
        return ["-c", className, "-t", "\(type)", "-q", name, edns, "+ignore"] + options
    }

    /// `drill` has no word for a version of EDNS, nor for options.
    fileprivate var canBeDrilled: Bool { type != .axfr && ednsVersion == 0 && !wantsServerID && !sendsCookie }

    fileprivate func drillWords(_ server: SocketAddress) -> [String] {
        // A hyphen at the front would begin an option.
        let name = name.hasPrefix("-") ? "\\045" + name.dropFirst() : name
        let size = ednsByteCount.map { ["-b", "\($0)"] } ?? []
        return ["-p", "\(server.port)"] + (isTCP ? ["-t"] : []) + size
            + [name, "@\(server.address)", "\(type)", className]
    }
}
