import DNS
import Testing
import WireMessages

/// What a query's bytes alone decide (robustness 1.1, 1.4, 2): one row of the table in each line.
struct RefusalTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let query: [UInt8]
        /// The code of the answer; nil when nothing may be sent.
        let code: ResponseCode?
        /// Whether the answer is the twelve octets of a header.
        let isBare: Bool

        init(_ name: String, _ query: [UInt8], _ code: ResponseCode?, isBare: Bool = false) {
            testDescription = name
            self.query = query
            self.code = code
            self.isBare = isBare
        }
    }

    static let web = WireQuery("web.shop.svc.cluster.local", 1)
    static let header: [UInt8] = octets(0x4a5b) + octets(0x0100) + octets(1) + octets(0) + octets(0) + octets(0)
    static let long = Array(repeating: UInt8(ascii: "a"), count: 63)

    static func opcode(_ code: UInt16) -> [UInt8] { web.with { $0.flags = code << 11 | 0x0100 }.bytes }
    static func counts(_ counts: [UInt16]) -> [UInt8] { web.with { $0.counts = counts }.bytes }
    /// A question whose name is `bytes` as they are.
    static func question(_ bytes: [UInt8]) -> [UInt8] { header + bytes }

    static let drops: [Case] = [
        Case("nothing", [], nil),
        Case("one octet", [0], nil),
        Case("eleven octets", Array(header[..<11]), nil),
        Case("an answer", web.with { $0.flags = 0x8180 }.bytes, nil),
        Case("an answer with a header alone", octets(1) + octets(0x8000) + Array(repeating: 0, count: 8), nil),
        Case(
            "an answer with an unknown opcode",
            opcode(9).enumerated().map { $0.offset == 2 ? $0.element | 0x80 : $0.element }, nil),
    ]

    static let bare: [Case] = [
        Case("IQUERY", opcode(1), .notImplemented, isBare: true),
        Case("STATUS", opcode(2), .notImplemented, isBare: true),
        Case("NOTIFY", opcode(4), .notImplemented, isBare: true),
        Case("UPDATE", opcode(5), .notImplemented, isBare: true),
        Case("DSO", opcode(6), .notImplemented, isBare: true),
        Case("opcode 15", opcode(15), .notImplemented, isBare: true),
        Case("opcode 15, header alone", Array(opcode(15)[..<12]), .notImplemented, isBare: true),
        Case(
            "opcode 3 without a question",
            counts([0, 0, 0, 0]).enumerated().map { $0.offset == 2 ? 0x18 : $0.element }, .notImplemented, isBare: true),
        Case("no question", Array(counts([0, 0, 0, 0])[..<12]), .formatError, isBare: true),
        Case("no question counted, but one there", counts([0, 0, 0, 0]), .formatError, isBare: true),
        Case("two questions counted", counts([2, 0, 0, 0]), .formatError, isBare: true),
        Case("65,535 questions counted", counts([65535, 0, 0, 0]), .formatError, isBare: true),
        Case("an answer counted", counts([1, 1, 0, 0]), .formatError, isBare: true),
        Case("an authority counted", counts([1, 0, 1, 0]), .formatError, isBare: true),
        Case("three additional counted", counts([1, 0, 0, 3]), .formatError, isBare: true),
        Case("65,535 additional counted", counts([1, 0, 0, 65535]), .formatError, isBare: true),
        Case("header alone", header, .formatError, isBare: true),
        Case("name without an end", Array(web.bytes[..<20]), .formatError, isBare: true),
        Case("name without its root", Array(web.bytes[..<(web.bytes.count - 5)]), .formatError, isBare: true),
        Case("question without a type", Array(web.bytes[..<(web.bytes.count - 4)]), .formatError, isBare: true),
        Case("question without half its class", Array(web.bytes[..<(web.bytes.count - 1)]), .formatError, isBare: true),
        Case("pointer to itself", question([0xc0, 12, 0, 1, 0, 1]), .formatError, isBare: true),
        Case("pointer into the header", question([0xc0, 4, 0, 1, 0, 1]), .formatError, isBare: true),
        Case("pointer forward", question([0xc0, 30, 0, 1, 0, 1]), .formatError, isBare: true),
        Case("pointer behind a label", question([1, 97, 0xc0, 12, 0, 1, 0, 1]), .formatError, isBare: true),
        Case("label type 0x40", question([0x41, 97, 0, 0, 1, 0, 1]), .formatError, isBare: true),
        Case("label type 0x80", question([0x80, 97, 0, 0, 1, 0, 1]), .formatError, isBare: true),
        Case("label of 64 octets", question([64] + long + [97, 0, 0, 1, 0, 1]), .formatError, isBare: true),
        Case(
            "name of 256 octets",
            question([63] + long + [63] + long + [63] + long + [62] + long.dropLast() + [0, 0, 1, 0, 1]), .formatError,
            isBare: true),
        Case(
            "name of 600 octets",
            question(Array(repeating: [9, 97, 97, 97, 97, 97, 97, 97, 97, 97], count: 60).joined() + [0, 0, 1, 0, 1]),
            .formatError, isBare: true),
    ]

    static let refusals: [Case] = [
        Case("class CH", web.with { $0.questionClass = 3 }.bytes, .refused),
        Case("class HS", web.with { $0.questionClass = 4 }.bytes, .refused),
        Case("class NONE", web.with { $0.questionClass = 254 }.bytes, .refused),
        Case("class ANY", web.with { $0.questionClass = 255 }.bytes, .refused),
        Case("class 0", web.with { $0.questionClass = 0 }.bytes, .refused),
        Case("class 65,280", web.with { $0.questionClass = 65280 }.bytes, .refused),
        Case("AXFR", web.with { $0.type = 252 }.bytes, .refused),
        Case("IXFR", web.with { $0.type = 251 }.bytes, .refused),
        Case("TSIG with a key that nobody knows", web.with { $0.additional = [tsig] }.bytes, .notAuthoritative),
        Case("OPT and TSIG", web.edns().with { $0.additional.append(tsig) }.bytes, .notAuthoritative),
        Case("one additional counted, none there", counts([1, 0, 0, 1]), .formatError),
        Case("TSIG cut short", web.with { $0.additional = [Array(tsig.dropLast(3))] }.bytes, .formatError),
        Case("two additional counted, one there", web.edns().with { $0.counts = [1, 0, 0, 2] }.bytes, .formatError),
        Case(
            "additional owner points forward",
            web.with { $0.additional = [[0xc1, 0xff, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]] }.bytes, .formatError),
        Case(
            "additional owner points to itself",
            web.with { $0.additional = [[0xc0, 44, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]] }.bytes, .formatError),
        Case(
            "additional owner points into the header",
            web.with { $0.additional = [[0xc0, 2, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]] }.bytes, .formatError),
        Case(
            "additional owner of label type 0x40",
            web.with { $0.additional = [[0x40, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]] }.bytes, .formatError),
        Case(
            "additional owner over 255 octets",
            web.with {
                $0.additional = [Array(repeating: [63] + long, count: 4).joined() + [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]]
            }.bytes, .formatError),
    ]

    /// A TSIG record of a key `k.` (RFC 8945 §4.2), its MAC all zeros.
    static let tsig: [UInt8] =
        [1, 107, 0] + octets(250) + octets(255) + [0, 0, 0, 0] + octets(30)
        + wireName("hmac-sha256") + Array(repeating: 0, count: 17)

    @Test(arguments: drops + bare + refusals)
    func refuses(_ c: Case) throws {
        for limits in [AnswerLimits.udp, .tcp] {
            let reply = try ask(c.query, Sample.table, limits: limits)
            guard let code = c.code else {
                #expect(reply == .dropped)
                continue
            }
            let message = try #require(reply.message)
            #expect(message.code == code.rawValue)
            #expect(message.id == 0x4a5b)
            #expect(message.flags & 0x8000 != 0)
            #expect(!message.isAuthoritative)
            #expect(message.answers.isEmpty && message.authorities.isEmpty && message.additionals.isEmpty)
            #expect((message.question == nil) == c.isBare)
            #expect((message.byteCount == 12) == c.isBare)
        }
    }

    @Test func octetsBehindTheLastRecordDoNoHarm() throws {
        let message = try #require(try ask(Self.web.with { $0.tail = [1, 2, 3] }, Sample.table).message)
        #expect(message.code == 0 && message.answers.count == 3)
    }

    /// AA RD RA Z AD CD and TC set in a query: no error, RD and CD copied, the rest by our own rules (RFC 8906 §3.1.3).
    @Test(arguments: [0x0000, 0x0100, 0x0010, 0x0400, 0x0200, 0x0080, 0x0040, 0x0020, 0x07f0, 0x070f] as [UInt16])
    func flagsOfTheQuery(_ flags: UInt16) throws {
        let message = try #require(try ask(Self.web.with { $0.flags = flags }, Sample.table).message)
        #expect(message.flags == 0x8400 | flags & 0x0110)
        #expect(message.data == ["10.96.0.1", "10.96.0.2", "10.96.0.3"])
    }

    @Test func opcodeIsRepeated() throws {
        let message = try #require(try ask(Self.opcode(5), Sample.table).message)
        #expect(message.flags == 0x8000 | 5 << 11 | 0x0100 | 4)
    }

    @Test func namesThatNoStepAnswersAreRefusedAsked() throws {
        var bytes = Self.web.bytes + Array(repeating: 0, count: 1344)
        let refused = refusing(&bytes, queryByteCount: Self.web.bytes.count, as: .refused)
        let message = try WireMessage(Array(bytes[..<(try #require(refused))]))
        #expect(message.code == 5 && message.question?.name == "web.shop.svc.cluster.local.")
    }

    /// A caller's refusal does not make an answer of what may not be answered, nor a question of what was none.
    @Test func aCallersRefusalKeepsWhatReadingDecided() throws {
        var answer = Self.web.with { $0.flags = 0x8180 }.bytes + Array(repeating: 0, count: 1344)
        #expect(refusing(&answer, queryByteCount: 44, as: .refused) == nil)
        var broken = Self.counts([2, 0, 0, 0]) + Array(repeating: 0, count: 1344)
        let count = try #require(refusing(&broken, queryByteCount: 44, as: .refused))
        #expect(try WireMessage(Array(broken[..<count])).code == 1)
    }

    private func refusing(_ bytes: inout [UInt8], queryByteCount: Int, as code: ResponseCode) -> Int? {
        var span = bytes.mutableSpan
        var message = unsafe span.mutableBytes
        let query = Query.read(&message, byteCount: queryByteCount, seed: AnswerTable.hashSeed)
        guard case .answered(let count) = refuse(query, as: code, in: &message) else { return nil }
        return count
    }
}
