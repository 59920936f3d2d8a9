import ClusterCatalog
import DNS
import Testing
import WireMessages

@testable import Zones

/// One way of asking tables, with room that is used again.
struct Asker {
    private var room = [UInt8](repeating: 0, count: 65535)

    /// The bytes of the answer over TCP, so that nothing is cut; nil when the question goes on to the next plugin.
    mutating func bytes(_ name: [UInt8], _ type: UInt16, _ table: AnswerTable) -> [UInt8]? {
        let query = WireQuery(name, type).bytes
        for index in query.indices { room[index] = query[index] }
        var span = room.mutableSpan
        var message = unsafe span.mutableBytes
        let read = Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed)
        let outcome = respond(to: read, in: &message, from: table, limits: .tcp, turn: 0)
        return outcome.byteCount.map { Array(room[..<$0]) }
    }

    mutating func message(_ name: String, _ type: RecordType, _ table: AnswerTable) throws -> WireMessage? {
        try bytes(wireName(name), type.rawValue, table).map { try WireMessage($0) }
    }
}

/// The settings most tests use: one forward zone, two reverse zones.
func settings(_ change: (inout ClusterSettings) -> Void = { _ in }) -> ClusterSettings {
    var settings = ClusterSettings(
        forwardZones: [name("cluster.local")], reverseZones: [name("10.in-addr.arpa"), name("d.f.ip6.arpa")],
        serverAddresses: [address("10.0.0.53")])
    change(&settings)
    return settings
}

/// Zones made from these objects at once.
func zones(_ objects: [CatalogObject], _ settings: ClusterSettings = ZonesTests.settings()) -> ClusterZones {
    let zones = ClusterZones(settings)
    _ = zones.apply(CatalogChange(adding: objects))
    return zones
}

/// `NOERROR 10.96.0.1 10.96.0.2`: the code and the sorted data, whole records of a CNAME chain in their order.
func ask(_ name: String, _ type: RecordType, _ zones: ClusterZones) throws -> String {
    var asker = Asker()
    guard let message = try asker.message(name, type, zones.table) else { return "passed" }
    let code = ResponseCode(rawValue: message.code).description
    let data = message.answers.first?.type == 5 ? message.answers.map(\.data) : message.data
    // A negative answer brings the SOA, a positive one never.
    if message.answers.isEmpty { #expect(message.authorities.map(\.type) == [6], "\(name) \(type)") }
    #expect(message.isAuthoritative)
    return ([code] + data).joined(separator: " ")
}

/// One question and the answer in the form of `ask`.

struct Line: CustomTestStringConvertible, Sendable {
    let name: String
    let type: RecordType
    let answer: String
    var testDescription: String { "\(name) \(type)" }

    init(_ name: String, _ type: RecordType, _ answer: String) {
        self.name = name
        self.type = type
        self.answer = answer
    }
}

/// Asks every line; names without a final dot lie in `cluster.local`.
func expect(_ zones: ClusterZones, _ lines: [Line]) throws {
    for line in lines {
        let name = line.name.hasSuffix(".") ? line.name : line.name + ".cluster.local"
        let answer = try ask(name, line.type, zones)
        #expect(answer == line.answer, "\(name) \(line.type)")
    }
}

let noData = "NOERROR"
let noName = "NXDOMAIN"
