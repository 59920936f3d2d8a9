import DNS
import Testing
import WireMessages

/// The OPT record (RFC 6891; robustness 1.5).
struct EDNSTests {
    static let web = WireQuery("web.shop.svc.cluster.local", 1)

    struct Broken: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let additional: [[UInt8]]

        init(_ name: String, _ additional: [[UInt8]]) {
            testDescription = name
            self.additional = additional
        }
    }

    static let broken: [Broken] = [
        Broken("two OPT", [optRecord(1232), optRecord(1232)]),
        Broken("OPT with an owner", [[1, 97] + optRecord(1232)]),
        Broken("OPT whose owner is a pointer", [[0xc0, 12] + optRecord(1232).dropFirst()]),
        Broken("option head cut short", [optRecord(1232, options: [0, 10, 0])]),
        Broken("option past the record", [optRecord(1232, options: [0, 3, 0, 5, 1, 2])]),
        Broken("record past the message", [optRecord(1232, options: ednsOption(3, [1, 2, 3, 4])).dropLast(2)]),
        Broken("OPT without its length", [optRecord(1232).dropLast(2)]),
        Broken("cookie of 1 octet", [optRecord(1232, options: ednsOption(10, [1]))]),
        Broken("cookie of 7 octets", [optRecord(1232, options: ednsOption(10, Array(0..<7)))]),
        Broken("cookie of 9 octets", [optRecord(1232, options: ednsOption(10, Array(0..<9)))]),
        Broken("cookie of 15 octets", [optRecord(1232, options: ednsOption(10, Array(0..<15)))]),
        Broken("cookie of 41 octets", [optRecord(1232, options: ednsOption(10, Array(0..<41)))]),
        Broken("second option broken", [optRecord(1232, options: ednsOption(3, []) + [0, 10, 0, 8, 1])]),
    ]

    @Test(arguments: broken)
    func formatError(_ c: Broken) throws {
        let message = try #require(try ask(Self.web.with { $0.additional = c.additional }, Sample.table).message)
        #expect(message.code == 1 && message.answers.isEmpty)
    }

    @Test(arguments: [1, 2, 100, 255] as [UInt8])
    func otherVersions(_ version: UInt8) throws {
        let message = try #require(try ask(Self.web.edns(version: version), Sample.table).message)
        #expect(message.code == 16)
        #expect(message.opt?.version == 0)
        #expect(message.answers.isEmpty && message.authorities.isEmpty && !message.isAuthoritative)
    }

    @Test(arguments: [
        ednsOption(3, []), ednsOption(65001, [1, 2, 3]), ednsOption(10, Array(0..<8)), ednsOption(10, Array(0..<16)),
        ednsOption(10, Array(0..<40)),
        ednsOption(8, [0, 1, 24, 0, 10, 0, 0]) + ednsOption(12, Array(repeating: 0, count: 100)),
    ])
    func optionsAreNotEchoed(_ options: [UInt8]) throws {
        let message = try #require(try ask(Self.web.edns(options: options), Sample.table).message)
        #expect(message.code == 0 && message.answers.count == 3 && message.opt?.options == "")
    }

    @Test(arguments: [(0, 0), (0x8000, 0x8000), (0x7fff, 0), (0xffff, 0x8000)] as [(UInt16, UInt16)])
    func onlyTheDOBitComesBack(asked: UInt16, answered: UInt16) throws {
        let message = try #require(try ask(Self.web.edns(flags: asked), Sample.table).message)
        #expect(message.opt?.flags == answered && message.opt?.upperCode == 0)
    }

    @Test(
        arguments: [(0, 512), (511, 512), (512, 512), (1232, 1232), (4096, 4096), (65535, 65535)] as [(UInt16, UInt16)])
    func theClientsSizeComesBack(asked: UInt16, answered: UInt16) throws {
        let message = try #require(try ask(Self.web.edns(udpByteCount: asked), Sample.table).message)
        #expect(message.opt?.udpByteCount == answered)
    }

    @Test func noOPTWithoutAsking() throws {
        for type in [RecordType.a, .mx] {
            #expect(try dig("web.shop.svc.cluster.local", type, Sample.table).opt == nil)
        }
        let ignored: [UInt8] = [0, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 1, 2, 3, 4]
        let message = try #require(try ask(Self.web.with { $0.additional = [ignored] }, Sample.table).message)
        #expect(message.code == 0 && message.opt == nil && message.additionals.isEmpty)
    }

    /// Until the first load: SERVFAIL for every name of the zones, with the reason for those who can read it (RFC 8914).
    @Test func notReady() throws {
        let zones = Sample.zones.map { zone in
            var zone = zone
            zone.isReady = false
            return zone
        }
        let table = AnswerTable(emptyWith: zones)
        for name in ["web.shop.svc.cluster.local", "cluster.local", "1.0.96.10.in-addr.arpa", "x.other.verified.test"] {
            let message = try #require(try ask(WireQuery(name, 1).edns(), table).message)
            #expect(message.code == 2 && message.authorities.isEmpty && !message.isAuthoritative)
            let options = try #require(message.opt?.options)
            #expect(options.hasPrefix("000f") && options.dropFirst(8).hasPrefix("000e"))
            #expect(try dig(name, .a, table).code == 2)
        }
        #expect(try ask(WireQuery("www.example.com", 1), table) == .passed(.outside))
    }
}
