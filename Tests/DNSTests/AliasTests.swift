import DNS
import Testing
import WireMessages

/// CNAMEs and where they lead (behaviour head 3, section 6).
struct AliasTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let type: RecordType
        let code: ResponseCode
        let answers: [String]
        /// Owner of the SOA in the authority section.
        let soa: String?

        init(_ name: String, _ type: RecordType, _ code: ResponseCode, _ answers: [String], soa: String? = nil) {
            testDescription = name
            self.type = type
            self.code = code
            self.answers = answers
            self.soa = soa
        }
    }

    static let shop = ".shop.svc.cluster.local."
    static let ten = (1...10).map { "c\($0)\(shop) 5 c\($0 + 1)\(shop)" }

    static let cases: [Case] = [
        Case("near", .aaaa, .noError, ["near\(shop) 5 web\(shop)", "web\(shop) 28 fd00:0:0:0:0:0:0:1"]),
        Case("far", .a, .noError, ["far\(shop) 5 www.example.com."]),
        Case("gone", .a, .nameError, ["gone\(shop) 5 nobody\(shop)"], soa: "cluster.local."),
        Case("empty", .a, .noError, ["empty\(shop) 5 shop.svc.cluster.local."], soa: "cluster.local."),
        Case("self", .a, .noError, ["self\(shop) 5 self\(shop)"]),
        Case("ping", .a, .noError, ["ping\(shop) 5 pong\(shop)", "pong\(shop) 5 ping\(shop)"]),
        Case(
            "pod", .a, .noError,
            ["pod\(shop) 5 10-244-1-7.shop.pod.cluster.local.", "10-244-1-7.shop.pod.cluster.local. 1 10.244.1.7"]),
        Case("pod", .aaaa, .noError, ["pod\(shop) 5 10-244-1-7.shop.pod.cluster.local."], soa: "cluster.local."),
        Case("host", .aaaa, .noError, ["host\(shop) 5 app.wild.example."], soa: "app.wild.example."),
        Case("other", .a, .noError, ["other\(shop) 5 self.deep.verified.test.", "self.deep.verified.test. 1 0.0.0.1"]),
        Case("other", .aaaa, .noError, ["other\(shop) 5 self.deep.verified.test."], soa: "deep.verified.test."),
        Case("c1", .a, .noError, ten),
        Case(
            "c4", .aaaa, .noError,
            (4...11).map { "c\($0)\(shop) 5 c\($0 + 1)\(shop)" } + [
                "c12\(shop) 5 web\(shop)", "web\(shop) 28 fd00:0:0:0:0:0:0:1",
            ]),
        Case("c1", .cname, .noError, [ten[0]]),
        Case("c1", .srv, .noError, [], soa: "cluster.local."),
        Case("c1", .txt, .noError, [], soa: "cluster.local."),
    ]

    @Test(arguments: cases)
    func follows(_ c: Case) throws {
        let message = try dig(c.testDescription + ".shop.svc.cluster.local", c.type, Sample.table, limits: .tcp)
        #expect(message.code == c.code.rawValue && message.isAuthoritative && !message.isTruncated)
        #expect(message.answers.map { "\($0.owner) \($0.type) \($0.data)" } == c.answers)
        #expect(message.authorities.map(\.owner) == [c.soa].compactMap(\.self))
    }

    @Test func addressesBehindAnAliasTakeTurns() throws {
        let data = try (0..<3).map {
            try dig("near.shop.svc.cluster.local", .a, Sample.table, turn: $0).answers.dropFirst().map(\.data)
        }
        #expect(Set(data.map(\.first)).count == 3 && data.allSatisfy { $0.count == 3 })
    }

    @Test func aWildcardMayBeAnAlias() throws {
        let message = try dig("www.CDN.example", .a, Sample.table)
        #expect(
            message.answers.map { "\($0.owner) \($0.data)" } == [
                "www.CDN.example. shop.example.com.", "shop.example.com. 192.0.2.1",
            ])
    }
}
