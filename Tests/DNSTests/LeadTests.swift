import DNS
import Testing
import WireMessages

/// CNAMEs that lead out of what a table knows: the answer so far, and where the rest is to be found.
struct LeadTests {
    static let zones = [
        ZoneDescription(apex: name("zone"), serial: Serial(rawValue: 1), ttl: 5),
        ZoneDescription(
            apex: name("open.zone"), serial: Serial(rawValue: 1), ttl: 5, pods: .insecure,
            fallthroughZones: [name("open.zone")]),
        ZoneDescription(
            apex: name("half.zone"), serial: Serial(rawValue: 1), ttl: 5, fallthroughZones: [name("on.half.zone")]),
    ]

    static let links: [(owner: String, target: String)] =
        [
            ("out.zone", "WWW.example.com"), ("two.zone", "out.zone"), ("root.zone", "."), ("gone.zone", "none.zone"),
            ("open.zone", "none.open.zone"), ("there.zone", "a.open.zone"), ("empty.zone", "b.open.zone"),
            ("pod.zone", "1-2-3-4.n.pod.open.zone"), ("on.zone", "x.on.half.zone"), ("off.zone", "x.off.half.zone"),
            ("self.zone", "self.zone"), ("ping.zone", "pong.zone"), ("pong.zone", "ping.zone"),
        ] + (1...11).map { ("c\($0).zone", $0 == 11 ? "www.example.com" : "c\($0 + 1).zone") }

    static func table(_ zones: [ZoneDescription] = zones) -> AnswerTable {
        var builder = AnswerTableBuilder()
        for (owner, target) in links {
            builder.set(OwnerRecords(name(owner), sets(owner, [.cname(name(target))])), zone: 0)
        }
        builder.set(OwnerRecords(name("a.open.zone"), sets("a.open.zone", [.a(1)])), zone: 1)
        builder.set(OwnerRecords(name("b.open.zone"), sets("b.open.zone", [.txt([[1]])])), zone: 1)
        builder.set(OwnerRecords(name("n.pod.open.zone"), kind: .podNamespace), zone: 1)
        return builder.compile(zones: zones)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let target: String?
        let links: Int
        let code: ResponseCode
        let type: RecordType

        init(
            _ name: String, _ type: RecordType = .a, to target: String? = nil, _ links: Int = 1,
            _ code: ResponseCode = .noError
        ) {
            testDescription = name
            self.type = type
            self.target = target
            self.links = links
            self.code = code
        }
    }

    static let cases: [Case] = [
        Case("out", to: "www.example.com."),
        Case("out", .aaaa, to: "www.example.com."),
        Case("out", .cname),
        Case("out", .mx, to: nil, 0),
        Case("two", to: "www.example.com.", 2),
        Case("root", to: "."),
        Case("gone", to: nil, 1, .nameError),
        Case("open", to: "none.open.zone."),
        Case("there", to: nil, 2),
        Case("empty"),
        Case("pod", to: nil, 2),
        Case("pod", .aaaa),
        Case("on", to: "x.on.half.zone."),
        Case("off", to: nil, 1, .nameError),
        Case("self"),
        Case("ping", to: nil, 2),
        Case("c2", to: "www.example.com.", 10),
        // Ten links are followed; the eleventh is not.
        Case("c1", to: nil, 10),
    ]

    @Test(arguments: cases)
    func leads(_ c: Case) throws {
        for limits in [AnswerLimits.udp, .tcp] {
            let query = WireQuery(c.testDescription + ".zone", c.type.rawValue).edns(options: ednsOption(3, []))
            var target: Name?
            let (outcome, bytes) = answering(query.bytes, limits: limits) { query, message in
                let outcome = respond(to: query, in: &message, from: Self.table(), limits: limits, turn: 0)
                if case .leads(_, let at, let byteCount) = outcome {
                    target = aliasTarget(in: message, at: at, byteCount: byteCount)
                }
                return outcome
            }
            #expect(target?.description == c.target)
            let message = try #require(try reply(outcome, bytes).message)
            #expect(outcome.byteCount == message.byteCount)
            #expect(message.code == c.code.rawValue && message.isAuthoritative && !message.isTruncated)
            #expect(message.answers.count == c.links && message.opt != nil)
            if c.target != nil {
                #expect(message.authorities.isEmpty && message.answers.allSatisfy { $0.type == 5 })
                #expect(message.answers.last?.data.lowercased() == c.target)
            }
        }
    }

    /// A target in a zone that is not loaded is no missing name.
    @Test func aZoneThatIsNotReadyIsNotJudged() throws {
        var zones = Self.zones
        zones[2].isReady = false
        let message = try #require(try ask(WireQuery("off.zone", 1).edns(), Self.table(zones)).message)
        #expect(message.code == 2 && message.opt?.list.first?.hasPrefix("15 000e") == true)
    }

    /// A cut chain leads nowhere: the client asks again over TCP.
    @Test func aCutChainIsAnAnswer() throws {
        let label = String(repeating: "l", count: 60)
        let long = (0..<3).map { _ in label }.joined(separator: ".")
        var builder = AnswerTableBuilder()
        for (owner, target) in [("a", "\(long).b.zone"), ("\(long).b", "\(long).c.zone"), ("\(long).c", long)] {
            builder.set(OwnerRecords(name("\(owner).zone"), sets("\(owner).zone", [.cname(name(target))])), zone: 0)
        }
        let table = builder.compile(zones: Self.zones)
        let query = WireQuery("a.zone", 1).bytes
        let (cut, bytes) = answer(query, table)
        guard case .answered = cut else { return #expect(Bool(false), "\(cut)") }
        #expect(try reply(cut, bytes).message?.isTruncated == true)
        guard case .leads = answer(query, table, limits: .tcp).0 else { return #expect(Bool(false)) }
    }

    @Test func placesThatHoldNoNameGiveNone() {
        var bytes: [UInt8] = [1, 97, 0, 5, 5]
        var span = bytes.mutableSpan
        let message = unsafe span.mutableBytes
        #expect(aliasTarget(in: message, at: 0, byteCount: 3) == name("a"))
        for (at, byteCount) in [(0, 2), (0, 4), (3, 2), (0, 0), (-1, 3), (0, 6), (5, 1)] {
            #expect(aliasTarget(in: message, at: at, byteCount: byteCount) == nil)
        }
    }
}
