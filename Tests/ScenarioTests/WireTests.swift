import ClusterCatalog
import DNS
import LinuxIO
import Plugins
import Testing
import Zones

@testable import ClusterDNSTestKit

/// Messages that no tool writes, sent as bytes at every depth (robustness: what a query gets).
@Suite struct WireTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let message: [UInt8]
        /// "FORMERR", "FORMERR bare" for a header alone, "dropped", "NOERROR 10.96.0.10".
        let answer: String
        init(_ description: String, _ message: [UInt8], _ answer: String) {
            testDescription = description
            self.message = message
            self.answer = answer
        }
    }

    static let web = question("web.shop.svc.cluster.local")
    static let opt: [UInt8] = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]

    static let refusals = [
        Case("eleven octets", Array(header().prefix(11)), "dropped"),
        Case("a response", header(flags: 0x8000) + web, "dropped"),
        Case("a header alone", header(questions: 0), "FORMERR bare"),
        Case("an unknown opcode with a header alone", header(flags: 0x7800, questions: 0), "NOTIMP bare"),
        Case("NOTIFY", header(flags: 0x2000) + web, "NOTIMP bare"),
        Case("UPDATE", header(flags: 0x2800) + web, "NOTIMP bare"),
        Case("two questions", header(questions: 2) + web + web, "FORMERR bare"),
        Case("an answer in the query", header(answers: 1) + web, "FORMERR bare"),
        Case("a question cut short", header() + web.dropLast(2), "FORMERR bare"),
        Case("a pointer into the header", header() + [0xc0, 0, 0, 1, 0, 1], "FORMERR bare"),
        Case("a pointer to itself", header() + [0xc0, 12, 0, 1, 0, 1], "FORMERR bare"),
        Case("a label type of old", header() + [0x40, 1, 0, 0, 1, 0, 1], "FORMERR bare"),
        Case(
            "a name of 256 octets", header() + (0..<128).flatMap { _ in [1, 97] as [UInt8] } + [0, 0, 1, 0, 1],
            "FORMERR bare"),
        Case("two OPT records", header(additional: 2) + web + opt + opt, "FORMERR"),
        Case("an OPT record with an owner", header(additional: 1) + web + [1, 97] + opt, "FORMERR"),
        Case(
            "an option past its record", header(additional: 1) + web + opt.dropLast(2) + [0, 4, 0, 10, 0, 9], "FORMERR"),
        Case("an OPT record cut short", header(additional: 1) + web + opt.dropLast(3), "FORMERR"),
        Case("EDNS 255", header(additional: 1) + web + [0, 0, 41, 4, 208, 0, 255, 0, 0, 0, 0], "BADVERS"),
        Case("IXFR", header() + question("cluster.local", type: 251), "REFUSED"),
    ]

    static let oddities = [
        Case("all flags", header(flags: 0x07f0) + web, "NOERROR 10.96.0.10"),
        Case(
            "an option of the future", header(additional: 1) + web + opt.dropLast(2) + [0, 6, 255, 1, 0, 2, 7, 7],
            "NOERROR 10.96.0.10"),
        Case("octets of any kind in a label", header() + [3, 0, 255, 46] + web, "NXDOMAIN"),
        Case("the root", header() + [0, 0, 2, 0, 1], "REFUSED"),
        Case("type 0", header() + question("web.shop.svc.cluster.local", type: 0), "NOERROR"),
        Case("class 0", header() + question("web.shop.svc.cluster.local", class: 0), "REFUSED"),
    ]

    @Test(arguments: refusals + oddities, Depth.allCases) func gets(_ c: Case, _ depth: Depth) async throws {
        try await depth.serving("zones/demo") { send in
            let good = Self.header(id: 0x7777) + Self.web
            // A good question behind it: what answers first shows whether the message was dropped.
            let found = try await send(c.message, good)
            #expect(Self.text(found, to: c.message) == c.answer)
            guard c.answer != "dropped" else { return }
            // Z and AD are clear; RD and CD are the client's.
            let asked = UInt16(c.message[2]) << 8 | UInt16(c.message[3])
            let flags = UInt16(found[2]) << 8 | UInt16(found[3])
            #expect(flags & 0x0060 == 0 && flags & 0x0080 == 0, "flags \(String(flags, radix: 16))")
            #expect(flags & 0x0110 == asked & 0x0110)
        }
    }

    private static func text(_ bytes: [UInt8], to message: [UInt8]) -> String {
        if bytes.count >= 2, bytes[0] == 0x77, bytes[1] == 0x77 { return "dropped" }
        if bytes.count == 12 { return "\(ResponseCode(rawValue: UInt16(bytes[3] & 15))) bare" }
        do {
            let reply = try Reply(bytes, to: message)
            return ([reply.code.description] + reply.addresses).joined(separator: " ")
        } catch {
            return "\(error)"
        }
    }

    static func header(
        id: UInt16 = 0x1234, flags: UInt16 = 0x0100, questions: UInt8 = 1, answers: UInt8 = 0, additional: UInt8 = 0
    ) -> [UInt8] {
        [
            UInt8(id >> 8), UInt8(id & 255), UInt8(flags >> 8), UInt8(flags & 255), 0, questions, 0, answers, 0, 0, 0,
            additional,
        ]
    }

    static func question(_ name: String, type: UInt8 = 1, class: UInt8 = 1) -> [UInt8] {
        (Name(name)?.wire ?? []) + [0, type, 0, `class`]
    }
}

extension Depth {
    /// Sends two messages in a row and gives the answer to the first, or that to the second when there is none.
    typealias Send = (_ first: [UInt8], _ second: [UInt8]) async throws -> [UInt8]

    func serving(_ catalog: String, _ body: (Send) async throws -> Void) async throws {
        switch self {
        case .function:
            let zones = ClusterZones(ClusterSettings(forwardZones: ["cluster.local"].compactMap { Name($0) }))
            _ = zones.apply(try loadCatalog(paths: [Place.root + "/" + catalog]).change)
            let server = try #require(SocketAddress("127.0.0.1:0"))
            let plan = QueryPlan([.init(zone: .root, steps: [.zones(Published(zones.table))])], server: server)
            try await body { first, second in
                let answer = Self.answer(first, plan)
                return answer.isEmpty ? Self.answer(second, plan) : answer
            }
        case .socket:
            await Gate.servers.enter()
            defer { Gate.servers.leave() }
            try await withCluster(catalog: Place.root + "/" + catalog) { dns in
                try await body { try await Self.firstAnswer($0, $1, from: dns.address) }
            }
        case .program:
            try await withServer([catalog, "--listen", "127.0.0.1:0"]) { server in
                try await body { try await Self.firstAnswer($0, $1, from: server.address) }
            }
        }
    }

    private static func answer(_ query: [UInt8], _ plan: QueryPlan) -> [UInt8] {
        var desks = Desks(plan)
        var room = query + [UInt8](repeating: 0, count: 65535 - query.count)
        var span = room.mutableSpan
        var message = unsafe span.mutableBytes
        let count = desks.answer(&message, queryByteCount: query.count, isTCP: false, peer: nil)
        return Array(room[..<count])
    }

    private static func firstAnswer(_ first: [UInt8], _ second: [UInt8], from server: SocketAddress) async throws
        -> [UInt8]
    {
        let outbox = Outbox()
        let thread = try WorkerThread(name: "two-queries") {
            outbox.put(
                Result {
                    let socket = try ClientSocket(to: server, isStream: false, patience: Asking.patience)
                    try socket.send(first)
                    try socket.send(second)
                    let found = try socket.receive()
                    guard found.prefix(2) == second.prefix(2) else { return found }
                    // Answers that leave together may change places: what was answered comes before what is asked now.
                    var third = second
                    third[1] ^= 1
                    try socket.send(third)
                    let next = try socket.receive()
                    return next.prefix(2) == third.prefix(2) ? found : next
                })
        }
        await thread.wait()
        return try outbox.take()
    }
}
