import DNS
import Testing
import WireMessages

/// What fits into a message (robustness 1.3): whole records, additional ones give way first, TC only when an answer is cut.
struct TruncationTests {
    /// One name with `count` addresses, and one with `count` ports that lead to as many names.
    private static func table(_ count: Int) -> AnswerTable {
        var builder = AnswerTableBuilder()
        let many = name("many.zone")
        let ports = name("ports.zone")
        let targets = (0..<count).compactMap { Name("t\($0).elsewhere") }
        builder.set(
            OwnerRecords(many, [RecordSet(many, ttl: 5, (0..<count).map { .a(UInt32($0)) })].compactMap(\.self)),
            zone: 0)
        builder.set(
            OwnerRecords(
                ports,
                [RecordSet(ports, ttl: 5, targets.map { .srv(priority: 0, weight: 1, port: 1, target: $0) })]
                    .compactMap(\.self),
                additional: targets.enumerated().compactMap { RecordSet($1, ttl: 5, [.a(UInt32($0))]) }),
            zone: 0)
        return builder.compile(zones: [ZoneDescription(apex: name("zone"), serial: Serial(rawValue: 1), ttl: 5)])
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let size: UInt16?
        let isTCP: Bool
        let records: Int
        let kept: Int
        var testDescription: String {
            "\(records) addresses, \(isTCP ? "TCP" : size.map { "EDNS \($0)" } ?? "no EDNS")"
        }

        init(_ size: UInt16?, tcp: Bool = false, _ records: Int, kept: Int) {
            self.size = size
            isTCP = tcp
            self.records = records
            self.kept = kept
        }
    }

    // Header and question take 27 octets, an address record 16, an OPT record 11.
    static let cases: [Case] = [
        Case(nil, 30, kept: 30), Case(nil, 31, kept: 30), Case(nil, 4000, kept: 30),
        Case(512, 29, kept: 29), Case(512, 30, kept: 29), Case(100, 30, kept: 29),
        Case(1232, 74, kept: 74), Case(1232, 75, kept: 74), Case(4096, 75, kept: 74), Case(65535, 4000, kept: 74),
        Case(700, 41, kept: 41), Case(700, 42, kept: 41),
        Case(nil, tcp: true, 4000, kept: 4000), Case(512, tcp: true, 4000, kept: 4000),
        Case(nil, tcp: true, 4094, kept: 4094), Case(nil, tcp: true, 4095, kept: 4094),
        Case(4096, tcp: true, 4200, kept: 4093),
    ]

    @Test(arguments: cases)
    func wholeRecords(_ c: Case) throws {
        let table = Self.table(c.records)
        for turn in [0, 1, UInt32(c.records - 1), .max] {
            var query = WireQuery("many.zone", 1)
            if let size = c.size { query = query.edns(udpByteCount: size) }
            let message = try #require(try ask(query, table, limits: c.isTCP ? .tcp : .udp, turn: turn).message)
            #expect(message.answers.count == c.kept && Set(message.data).count == c.kept)
            #expect(message.isTruncated == (c.kept < c.records))
            #expect((message.opt != nil) == (c.size != nil))
            let first = turn % UInt32(c.records)
            #expect(message.answers.first?.data == "0.0.\(first >> 8).\(first & 255)")
        }
    }

    /// 20 SRV records take 650 octets, their additional records 28 (the first) or 19: those go without a word while all
    /// of the others fit.
    @Test(arguments: [(nil, 14, 0), (512, 14, 0), (800, 20, 5), (1232, 20, 20)] as [(UInt16?, Int, Int)])
    func additionalRecordsGiveWay(size: UInt16?, answers: Int, additionals: Int) throws {
        var query = WireQuery("ports.zone", 33)
        if let size { query = query.edns(udpByteCount: size) }
        let message = try #require(try ask(query, Self.table(20)).message)
        #expect(message.answers.count == answers && message.additionals.count == additionals)
        #expect(message.isTruncated == (answers < 20))
    }

    @Test func additionalOwnersThatShareNothingAreCutWhole() throws {
        // 60 addresses of a name server in another zone: owners are spelt out to the root.
        let message = try dig("10.in-addr.arpa", .ns, Sample.table)
        #expect(message.answers.count == 1 && !message.isTruncated)
        #expect((5..<60).contains(message.additionals.count))
        #expect(message.additionals.allSatisfy { $0.owner == "ns.dns.cluster.local." })
        #expect(try dig("10.in-addr.arpa", .ns, Sample.table, limits: .tcp).additionals.count == 60)
    }

    @Test func aCutChainOfAliasesIsMarked() throws {
        var builder = AnswerTableBuilder()
        let labels = (0..<9).map { step in
            (0..<3).map { _ in String(repeating: String(step), count: 60) }.joined(separator: ".")
        }
        for step in 0..<8 {
            let owner = name("\(labels[step]).zone")
            builder.set(
                OwnerRecords(
                    owner, [RecordSet(owner, ttl: 5, [.cname(name("\(labels[step + 1]).zone"))])].compactMap(\.self)),
                zone: 0)
        }
        let table = builder.compile(zones: [ZoneDescription(apex: name("zone"), serial: Serial(rawValue: 1), ttl: 5)])
        let cut = try dig("\(labels[0]).zone", .a, table)
        #expect(cut.isTruncated && cut.answers.count == 1)
        let whole = try dig("\(labels[0]).zone", .a, table, limits: .tcp)
        #expect(!whole.isTruncated && whole.answers.count == 8 && whole.code == 3)
    }
}
