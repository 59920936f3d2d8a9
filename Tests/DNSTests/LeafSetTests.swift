import Testing
import WireMessages

@testable import DNS

/// Sets of all sizes come out of their leaf as they went in: those whose directory entry is narrow, and those around the
/// border where count, length or place no longer fit into it.
struct LeafSetTests {
    static let owner = name("web.shop.svc.cluster.local")

    static func addresses(_ count: Int) -> [Rdata] { (0..<count).map { .a(UInt32($0)) } }

    static func texts(_ count: Int, octets: Int) -> [Rdata] {
        (0..<count).map { .txt([Array("\($0)".utf8) + Array(repeating: UInt8(ascii: "x"), count: octets)]) }
    }

    static func services(_ count: Int) -> [Rdata] {
        (0..<count).map {
            .srv(priority: 0, weight: 1, port: UInt16(truncatingIfNeeded: $0), target: name("t\($0).example.com"))
        }
    }

    static func text(_ record: Rdata) -> String {
        switch record {
        case .a(let address): [24, 16, 8, 0].map { "\(address >> $0 & 255)" }.joined(separator: ".")
        case .srv(let priority, let weight, let port, let target): "\(priority) \(weight) \(port) \(target)"
        case .txt(let strings): strings.map { "\"\(String(decoding: $0, as: UTF8.self))\"" }.joined(separator: " ")
        default: "of no such type"
        }
    }

    static func table(_ sets: [[Rdata]], additional: Int) -> AnswerTable {
        let glue = RecordSet(name("t0.example.com"), ttl: 5, addresses(additional))
        var builder = AnswerTableBuilder()
        builder.set(
            OwnerRecords(
                owner, sets.compactMap { RecordSet(owner, ttl: 5, $0) }, additional: [glue].compactMap(\.self)),
            zone: 0)
        return builder.compile(zones: Sample.zones)
    }

    static let cases: [(name: String, sets: [[Rdata]], additional: Int)] = [
        ("one address", [addresses(1)], 0),
        ("255 addresses", [addresses(255)], 0),
        ("256 addresses", [addresses(256)], 0),
        ("4,095 addresses: 65,520 octets", [addresses(4095)], 0),
        ("4,096 addresses: 65,536 octets", [addresses(4096)], 0),
        ("behind 64 KiB of another set", [addresses(4095), texts(3, octets: 200)], 0),
        ("70,000 addresses, more than a header counts", [addresses(70_000)], 0),
        ("70,000 services", [services(70_000)], 0),
        ("255 services", [services(255)], 0),
        ("256 services", [services(256)], 0),
        ("255 additional records", [services(2)], 255),
        ("256 additional records", [services(2)], 256),
        ("texts of several lengths", [texts(101, octets: 3)], 0),
        ("300 texts of 220 octets", [texts(300, octets: 220)], 0),
        ("wide, narrow and wide again", [texts(300, octets: 220), addresses(3), services(300)], 300),
    ]

    @Test(arguments: cases, [0, 1, 77] as [UInt32])
    func allOfASet(_ entry: (name: String, sets: [[Rdata]], additional: Int), _ turn: UInt32) throws {
        let table = Self.table(entry.sets, additional: entry.additional)
        for set in entry.sets {
            guard let type = set.first?.type else { continue }
            let first = type == .txt ? 0 : Int(turn) % set.count
            let all = (Array(set[first...]) + set[..<first]).map(Self.text)
            let message = try dig("web.shop.svc.cluster.local", type, table, limits: .tcp, turn: turn)
            let found = message.answers.map(\.data)
            #expect(found == Array(all.prefix(found.count)) && found.count > 250 || found == all)
            #expect(message.isTruncated == (found.count < all.count))
            let isWhole = type == .srv && !message.isTruncated
            #expect(message.additionals.count == (isWhole ? entry.additional : 0))
        }
    }

    /// Only the lower octet of a type stands in an entry: CAA (257) is not A.
    @Test func aTypeOver255() throws {
        let message = try dig(
            "web.shop.svc.cluster.local", RecordType(rawValue: 257), Self.table([Self.addresses(1)], additional: 0))
        #expect(message.answers.isEmpty && message.code == 0)
    }

    /// The hash is not kept: whoever moves a leaf makes it again of the name.
    @Test(arguments: ["web.shop.svc.cluster.local", "a.b", "a", "1234567.b", "12345.b", "WEB.Shop"])
    func hash(_ text: String) {
        let owner = name(text)
        var writer = LeafWriter()
        writer.write(OwnerRecords(owner), zone: 0, flags: [])
        let bytes = (0..<writer.bytes.count).map { writer.bytes[$0] }
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let leaf = unsafe Leaf(TableBytes(base))
            #expect(leaf.byteCount == bytes.count && leaf.keyLength == owner.wire.count)
            #expect(leaf.hash(seed: AnswerTable.hashSeed) == owner.hash(seed: AnswerTable.hashSeed))
        }
    }
}
