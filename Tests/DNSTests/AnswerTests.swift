import DNS
import Testing
import WireMessages

/// What is said of names that a table has, and of those that it does not have (behaviour 1, 2).
struct AnswerTests {
    static let table = Sample.table
    static let soa = "cluster.local. 6 1 5 ns.dns.cluster.local. hostmaster.cluster.local. 7 7200 1800 86400 5"

    static func line(_ record: WireRecord) -> String {
        "\(record.owner) \(record.type) \(record.recordClass) \(record.ttl) \(record.data)"
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let type: RecordType
        let code: ResponseCode
        let data: [String]
        var testDescription: String { "\(name) \(type) → \(code)" }

        init(_ name: String, _ type: RecordType, _ code: ResponseCode, _ data: [String] = []) {
            self.name = name
            self.type = type
            self.code = code
            self.data = data
        }
    }

    static let cases: [Case] = [
        Case("web.shop.svc.cluster.local", .a, .noError, ["10.96.0.1", "10.96.0.2", "10.96.0.3"]),
        Case("web.shop.svc.cluster.local", .aaaa, .noError, ["fd00:0:0:0:0:0:0:1"]),
        Case(
            "web.shop.svc.cluster.local", .srv, .noError,
            ["0 50 443 web.shop.svc.cluster.local.", "0 50 80 web.shop.svc.cluster.local."]),
        Case("cluster.local", .ns, .noError, ["ns.dns.cluster.local."]),
        Case("dns-version.cluster.local", .txt, .noError, ["\"1.1.0\""]),
        Case("near.shop.svc.cluster.local", .cname, .noError, ["web.shop.svc.cluster.local."]),
        Case("shop.example.com", .a, .noError, ["192.0.2.1"]),
        // The name exists: no data, whatever the type (RFC 2308 §2.2, RFC 3597).
        Case("web.shop.svc.cluster.local", .mx, .noError),
        Case("web.shop.svc.cluster.local", .any, .noError),
        Case("web.shop.svc.cluster.local", .soa, .noError),
        Case("web.shop.svc.cluster.local", .ns, .noError),
        Case("web.shop.svc.cluster.local", .opt, .noError),
        Case("web.shop.svc.cluster.local", .init(rawValue: 0), .noError),
        Case("web.shop.svc.cluster.local", .init(rawValue: 65280), .noError),
        Case("near.shop.svc.cluster.local", .mx, .noError),
        Case("near.shop.svc.cluster.local", .soa, .noError),
        Case("shop.pod.cluster.local", .any, .noError),
        Case("cluster.local", .a, .noError), Case("cluster.local", .txt, .noError),
        Case("svc.cluster.local", .a, .noError), Case("dns.cluster.local", .a, .noError),
        Case("_tcp.web.shop.svc.cluster.local", .srv, .noError),
        Case("dns-version.cluster.local", .a, .noError),
        Case("nobody.cluster.local", .a, .nameError), Case("nobody.cluster.local", .soa, .nameError),
        Case("nobody.cluster.local", .ns, .nameError), Case("x.web.shop.svc.cluster.local", .any, .nameError),
        Case("a.b.c.d.e.f.g.h.svc.cluster.local", .a, .nameError),
        Case("*.shop.svc.cluster.local", .a, .nameError),
    ]

    @Test(arguments: cases)
    func answers(_ c: Case) throws {
        let message = try dig(c.name, c.type, Self.table)
        #expect(message.code == c.code.rawValue)
        #expect(message.data == c.data.sorted())
        #expect(message.isAuthoritative && message.flags & 0x0080 == 0 && !message.isTruncated)
        #expect(message.answers.allSatisfy { $0.owner == c.name + "." && $0.type == c.type.rawValue })
        if c.name.hasSuffix("cluster.local") {
            #expect(message.authorities.map(Self.line) == (c.data.isEmpty ? [Self.soa] : []))
        }
    }

    static let soas: [(String, RecordType, ResponseCode, inAnswer: Bool, String)] = [
        ("cluster.local", .soa, .noError, true, soa),
        (
            "ClusteR.LOCAL", .soa, .noError, true,
            "ClusteR.LOCAL. 6 1 5 ns.dns.ClusteR.LOCAL. hostmaster.ClusteR.LOCAL. 7 7200 1800 86400 5"
        ),
        (
            "X.cluSTER.local", .a, .nameError, false,
            "cluSTER.local. 6 1 5 ns.dns.cluSTER.local. hostmaster.cluSTER.local. 7 7200 1800 86400 5"
        ),
        (
            "2.0.96.10.in-addr.arpa", .ptr, .nameError, false,
            "10.in-addr.arpa. 6 1 300 ns.dns.10.in-addr.arpa. hostmaster.10.in-addr.arpa. 8 7200 1800 86400 400"
        ),
        (
            "10.in-addr.arpa", .ptr, .noError, false,
            "10.in-addr.arpa. 6 1 300 ns.dns.10.in-addr.arpa. hostmaster.10.in-addr.arpa. 8 7200 1800 86400 400"
        ),
        (
            "x.deep.verified.test", .a, .nameError, false,
            "deep.verified.test. 6 1 0 ns.dns.deep.verified.test. hostmaster.deep.verified.test. 10 7200 1800 86400 0"
        ),
        (
            "x.verified.test", .a, .nameError, false,
            "verified.test. 6 1 30 ns.dns.verified.test. hostmaster.verified.test. 9 7200 1800 86400 30"
        ),
        (
            "shop.example.com", .aaaa, .noError, false,
            "shop.example.com. 6 1 5 ns.dns.shop.example.com. hostmaster.shop.example.com. 11 7200 1800 86400 5"
        ),
        (
            "shop.example.com", .soa, .noError, true,
            "shop.example.com. 6 1 5 ns.dns.shop.example.com. hostmaster.shop.example.com. 11 7200 1800 86400 5"
        ),
        (
            "a.wild.example", .soa, .noError, true,
            "a.wild.example. 6 1 5 ns.dns.a.wild.example. hostmaster.a.wild.example. 11 7200 1800 86400 5"
        ),
    ]

    @Test(arguments: soas)
    func soaOfTheLongestZone(name: String, type: RecordType, code: ResponseCode, inAnswer: Bool, soa: String) throws {
        let message = try dig(name, type, Self.table)
        #expect(message.code == code.rawValue)
        #expect((inAnswer ? message.answers : message.authorities).map(Self.line) == [soa])
        #expect((inAnswer ? message.authorities : message.answers).isEmpty && message.additionals.isEmpty)
    }

    @Test(arguments: ["WEB.Shop.sVc.cLuStEr.LoCaL", "web.shop.svc.cluster.LOCAL", "WEB.SHOP.SVC.CLUSTER.LOCAL"])
    func theSpellingOfTheQuestionComesBack(_ spelling: String) throws {
        let query = WireQuery(spelling, 33)
        let (outcome, bytes) = answer(query.bytes, Self.table)
        guard case .answered(let count) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(bytes[12..<query.bytes.count].elementsEqual(query.bytes[12...]))
        let message = try WireMessage(Array(bytes[..<count]))
        #expect(message.answers.allSatisfy { $0.owner == spelling + "." })
        // What we make ourselves is lower case; an address record may share the labels of the question.
        #expect(message.data.allSatisfy { $0.hasSuffix("web.shop.svc.cluster.local.") })
        #expect(message.additionals.allSatisfy { $0.owner.lowercased() == "web.shop.svc.cluster.local." })
    }

    @Test func additionalRecordsOfSRVAndNS() throws {
        let srv = try dig("web.shop.svc.cluster.local", .srv, Self.table)
        #expect(srv.additionals.map(\.data) == ["10.96.0.1", "10.96.0.2", "10.96.0.3", "fd00:0:0:0:0:0:0:1"])
        #expect(
            try dig("cluster.local", .ns, Self.table).additionals.map(Self.line) == [
                "ns.dns.cluster.local. 1 1 5 10.96.0.10"
            ])
        #expect(try dig("web.shop.svc.cluster.local", .a, Self.table).additionals.isEmpty)
    }

    @Test func setsTakeTurns() throws {
        let firsts = try (0..<6).map {
            try dig("web.shop.svc.cluster.local", .a, Self.table, turn: $0).answers.map(\.data)
        }
        let set = ["10.96.0.1", "10.96.0.2", "10.96.0.3"]
        for (turn, data) in firsts.enumerated() { #expect(data == (0..<3).map { set[($0 + turn) % 3] }) }
        #expect(try dig("web.shop.svc.cluster.local", .a, Self.table, turn: .max).data == set)
        let ports = try (0..<2).map {
            try dig("web.shop.svc.cluster.local", .srv, Self.table, turn: $0).answers.map(\.data)
        }
        #expect(ports[0] == Array(ports[1].reversed()))
        // The order of pointers means something.
        for turn in 0..<4 as Range<UInt32> {
            let pointers = try dig("1.0.96.10.in-addr.arpa", .ptr, Self.table, turn: turn).answers.map(\.data)
            #expect(pointers == ["a.shop.svc.cluster.local.", "b.shop.svc.cluster.local."])
        }
    }

    @Test(
        arguments: [
            ("www.example.com", .passed(.outside)), ("local", .passed(.outside)), ("", .passed(.outside)),
            ("xcluster.local", .passed(.outside)), ("x.shop.example.com", .passed(.outside)),
            ("other.verified.test", .passed(.fellThrough)), ("a.b.OTHER.verified.test", .passed(.fellThrough)),
        ] as [(String, Reply)])
    func goesOn(name: String, reply: Reply) throws {
        let query = WireQuery(name, 1).edns().bytes
        #expect(try ask(query, Self.table) == reply)
        let (_, bytes) = answer(query, Self.table)
        #expect(bytes[..<query.count].elementsEqual(query))
    }

    /// The next step reads the query again: looking for computed names must leave all of it as it came.
    @Test(arguments: ["http.tcp.x.y.svc.other.verified.test", "a.b.example", "1-2-3-4.shop.pod.other.verified.test"])
    func aLongQueryGoesOnUntouched(_ name: String) throws {
        var zones = Sample.zones
        zones[2].fallthroughZones = [.root]
        let table = Sample.compile(zones: zones)
        for limits in [AnswerLimits.udp, .tcp] {
            let room = limits.byteCount > 1232 ? 65535 : udpRoom
            let padding = room - WireQuery(name, 1).edns(options: ednsOption(12, [])).bytes.count
            let query = WireQuery(name, 1).edns(options: ednsOption(12, Array(repeating: 0x7e, count: padding))).bytes
            let (outcome, bytes) = answer(query, table, limits: limits)
            guard case .passed = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(bytes == query)
        }
    }

    @Test func fallthroughOfTheRootHandsOnEveryMissingName() throws {
        var zones = Sample.zones
        zones[0].fallthroughZones = [.root]
        let table = Sample.compile(zones: zones)
        #expect(try ask(WireQuery("nobody.cluster.local", 1), table) == .passed(.fellThrough))
        #expect(try dig("svc.cluster.local", .a, table).code == 0)
    }

    /// 255 octets as owner, as zone and as fallthrough zone; any octet in a label (RFC 2181 §11).
    @Test func theLongestNames() throws {
        let long = (0..<4).map { [UInt8](repeating: 0x61 + $0, count: $0 == 3 ? 61 : 63) }
        let owner = try #require(Name(labels: long))
        #expect(owner.wire.count == 255)
        let zone = try #require(owner.parent)
        var builder = AnswerTableBuilder()
        builder.set(OwnerRecords(owner, [RecordSet(owner, ttl: 5, [.a(1)])].compactMap(\.self)), zone: 0)
        let table = builder.compile(zones: [
            ZoneDescription(apex: zone, serial: Serial(rawValue: 1), ttl: 5),
            ZoneDescription(apex: name("x"), serial: Serial(rawValue: 1), ttl: 5, fallthroughZones: [owner, zone]),
            ZoneDescription(apex: owner, serial: Serial(rawValue: 1), ttl: 5),
        ])
        let upper = owner.wire.map { $0 >= 0x61 ? $0 & 0xdf : $0 }
        #expect(try ask(WireQuery(upper, 1).edns(), table).message?.data == ["0.0.0.1"])
        #expect(try ask(WireQuery(upper, 15), table).message?.code == 0)
        let missing = try #require(Name(labels: [[UInt8](repeating: 0x7a, count: 63)], under: zone))
        #expect(try ask(WireQuery(missing.wire, 1), table).message?.code == 3)
        let beside = [UInt8](repeating: 0, count: 63)
        let other = try #require(Name(labels: [beside, beside, beside, [UInt8](repeating: 0, count: 61)]))
        #expect(try ask(WireQuery(other.wire, 1), table) == .passed(.outside))
        #expect(try ask(WireQuery("a.x", 1), table).message?.code == 3)
    }

    @Test func anyOctetInALabel() throws {
        var builder = AnswerTableBuilder()
        for octet in 0...255 {
            let owner = try #require(Name(labels: [[UInt8(octet)], Array("zone".utf8)]))
            builder.set(
                OwnerRecords(owner, [RecordSet(owner, ttl: 5, [.a(UInt32(octet))])].compactMap(\.self)), zone: 0)
        }
        let table = builder.compile(zones: [ZoneDescription(apex: name("zone"), serial: Serial(rawValue: 1), ttl: 5)])
        // A–Z and a–z are the same names, the later one counts.
        #expect(table.nameCount == 256 - 26)
        for octet in 0...255 {
            let stored = (65...90).contains(octet) ? octet + 32 : octet
            let message = try ask(WireQuery([1, UInt8(octet)] + wireName("zone"), 1), table).message
            #expect(message?.data == ["0.0.0.\(stored)"])
        }
    }
}
