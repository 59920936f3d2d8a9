import DNS
import Testing
import WireMessages

/// Names that every server answers itself (RFC 6303, RFC 6761 §6.3).
struct LocalNameTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let type: UInt16
        let kind: LocalName
        let code: ResponseCode
        let answers: [String]
        /// Owner of the SOA in the authority section.
        let soa: String?
        var testDescription: String { "\(name) \(RecordType(rawValue: type))" }

        init(
            _ name: String, _ type: RecordType, _ kind: LocalName, _ code: ResponseCode = .noError,
            _ answers: [String] = [], soa: String? = nil
        ) {
            self.name = name
            self.type = type.rawValue
            self.kind = kind
            self.code = code
            self.answers = answers
            self.soa = soa
        }
    }

    static let numbers = "localhost. root.localhost. 1 0 0 0 604800"
    static let one = "1." + String(repeating: "0.", count: 31) + "ip6.arpa"
    static let four = "127.in-addr.arpa"

    static let cases: [Case] = [
        Case("localhost", .a, .localhost, .noError, ["127.0.0.1"]),
        Case("LocalHost", .aaaa, .localhost, .noError, ["0:0:0:0:0:0:0:1"]),
        Case("localhost", .mx, .localhost, soa: "localhost."),
        Case("localhost", .any, .localhost, soa: "localhost."),
        Case("localhost", .soa, .localhost, .noError, [numbers]),
        Case("localhost", .ns, .localhost, .noError, ["localhost."]),
        Case("a.b.localhost", .a, .belowLocalhost, .noError, ["127.0.0.1"]),
        Case("localhost.localhost", .aaaa, .belowLocalhost, .noError, ["0:0:0:0:0:0:0:1"]),
        Case("a.localhost", .soa, .belowLocalhost, soa: "localhost."),
        Case("localhost.shop.svc.cluster.local", .a, .searchedLocalhost, .noError, ["127.0.0.1"]),
        Case("LOCALHOST.t", .aaaa, .searchedLocalhost, .noError, ["0:0:0:0:0:0:0:1"]),
        Case("localhost.example.com", .mx, .searchedLocalhost, soa: "localhost.example.com."),
        Case("localhost.example.com", .soa, .searchedLocalhost, soa: "localhost.example.com."),
        Case("1.0.0.\(four)", .ptr, .reverse, .noError, ["localhost."]),
        Case("1.0.0.127.IN-ADDR.arpa", .a, .reverse, soa: "127.IN-ADDR.arpa."),
        Case("0.0.\(four)", .ptr, .reverse, soa: four + "."),
        Case("0.\(four)", .ptr, .reverse, soa: four + "."),
        Case("2.0.0.\(four)", .ptr, .reverse, .nameError, soa: four + "."),
        Case("1.1.0.0.\(four)", .ptr, .reverse, .nameError, soa: four + "."),
        Case("1.0.\(four)", .ptr, .reverse, .nameError, soa: four + "."),
        Case(four, .ptr, .reverse, soa: four + "."),
        Case(four, .soa, .reverse, .noError, [numbers]),
        Case("0.in-addr.arpa", .ns, .reverse, .noError, ["localhost."]),
        Case("0.in-addr.arpa", .a, .reverse, soa: "0.in-addr.arpa."),
        Case("0.0.in-addr.arpa", .ptr, .reverse, .nameError, soa: "0.in-addr.arpa."),
        Case("255.255.255.255.in-addr.arpa", .ptr, .reverse, .nameError, soa: "255.in-addr.arpa."),
        Case("255.in-addr.arpa", .soa, .reverse, .noError, [numbers]),
        Case(one, .ptr, .reverse, .noError, ["localhost."]),
        Case(one, .a, .reverse, soa: one + "."),
        Case("1.\(one)", .ptr, .reverse, .nameError, soa: one + "."),
    ]

    @Test(arguments: cases)
    func answers(_ c: Case) throws {
        let query = WireQuery(c.name, c.type).edns(udpByteCount: 512)
        let (outcome, bytes) = answering(query.bytes) { query, message in
            #expect(localName(of: query, in: &message) == c.kind)
            return answerLocal(query, in: &message, limits: .udp)
        }
        let message = try #require(try reply(outcome, bytes).message)
        #expect(message.code == c.code.rawValue && message.isAuthoritative && message.opt != nil)
        #expect(message.answers.map(\.data) == c.answers)
        #expect(message.answers.allSatisfy { $0.ttl == 604_800 && $0.type == c.type && $0.owner == c.name + "." })
        #expect(message.authorities.map(\.owner) == [c.soa].compactMap(\.self))
        #expect(message.authorities.allSatisfy { $0.type == 6 && $0.data == Self.numbers && $0.ttl == 604_800 })
    }

    @Test(arguments: [
        "", "a", "local", "host", "localhosts", "xlocalhost", "a.localhosts", "localhosts.example.com",
        "1.in-addr.arpa",
        "in-addr.arpa", "127.in-addr.arpa.example.com", "7.in-addr.arpa", "x127.in-addr.arpa", "10.0.0.1.in-addr.arpa",
        "ip6.arpa", "2." + String(repeating: "0.", count: 31) + "ip6.arpa", "www.example.com", "a.localhos\u{1}t",
        String(repeating: "0.", count: 32) + "ip6.arpa", "web.shop.svc.cluster.local", "xxxxxxxxxxarpa", "abcdefghij.t",
    ])
    func others(_ name: String) throws {
        let query = WireQuery(name, 1)
        let (outcome, bytes) = answering(query.bytes) { query, message in
            #expect(localName(of: query, in: &message) == .other)
            return answerLocal(query, in: &message, limits: .udp)
        }
        #expect(outcome == .passed(.outside) && bytes.starts(with: query.bytes))
    }

    @Test func otherClassesAreNotLocal() throws {
        let query = WireQuery("localhost", 1).with { $0.questionClass = 3 }
        let (outcome, _) = answering(query.bytes) { query, message in
            #expect(localName(of: query, in: &message) == .other)
            return answerLocal(query, in: &message, limits: .udp)
        }
        #expect(outcome == .passed(.outside))
    }
}
