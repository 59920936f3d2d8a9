import Testing
import WireMessages

@testable import DNS

/// What is taken for an answer of an upstream, and what it means.
struct ResponseTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        init(_ description: String, _ response: WireResponse) { self.init(description, response.bytes) }
        init(_ description: String, _ bytes: [UInt8]) {
            testDescription = description
            self.bytes = bytes
        }
    }

    static let plain = WireResponse("www.example.com", 1, [Responses.address(1)])
    private static let at = plain.recordsAt

    private static func one(_ record: [UInt8]) -> WireResponse { plain.with { $0.answers = [record] } }
    private static let label63 = [63] + [UInt8](repeating: 0x61, count: 63)

    static let refusals: [Case] = [
        Case("nothing", []),
        Case("eleven octets", Array(plain.bytes.prefix(11))),
        Case("a header alone", Array(plain.bytes.prefix(12))),
        Case("a query", plain.with { $0.flags = 0x0100 }),
        Case("opcode 4", plain.with { $0.flags = 0xa180 }),
        Case("no question", plain.with { $0.counts = [0, 1, 0, 0] }),
        Case("two questions", plain.with { $0.counts = [2, 1, 0, 0] }),
        Case("another name", plain.with { $0.name = wireName("wwx.example.com") }),
        Case("a longer name", plain.with { $0.name = wireName("www.example.com.x") }),
        Case("a shorter name", plain.with { $0.name = wireName("www.example") }),
        Case("another type", plain.with { $0.type = 28 }),
        Case("another class", plain.with { $0.questionClass = 3 }),
        Case("the question cut short", Array(plain.bytes.prefix(at - 1))),
        Case("the record cut short", Array(plain.bytes.dropLast())),
        Case("a record of another class", one(wireRecord(1, [1, 2, 3, 4], recordClass: 3))),
        Case("more records than there are", plain.with { $0.counts = [1, 2, 0, 0] }),
        Case("an additional record that is not there", plain.with { $0.counts = [1, 1, 0, 1] }),
        Case("an address of three octets", one(wireRecord(1, [1, 2, 3]))),
        Case("an address of five octets", one(wireRecord(1, [1, 2, 3, 4, 5]))),
        Case("an IPv6 address of four octets", one(wireRecord(28, [1, 2, 3, 4]))),
        Case("data behind the end", plain.with { $0.answers[0][11] = 5 }),
        Case("a pointer into the header", one(wireRecord([0xc0, 11], 1, [1, 2, 3, 4]))),
        Case("a pointer forward", one(wireRecord(pointer(at + 20), 1, [1, 2, 3, 4]))),
        Case("a pointer to itself", one(wireRecord(pointer(at), 1, [1, 2, 3, 4]))),
        Case("a pointer into the middle of a label", one(wireRecord([0xc0, 13], 1, [1, 2, 3, 4]))),
        Case("a pointer to the question's type", one(wireRecord(pointer(at - 4), 1, [1, 2, 3, 4]))),
        Case("a pointer behind the message", one(wireRecord([0xff, 0xff], 1, [1, 2, 3, 4]))),
        Case(
            "a pointer to a TTL",
            plain.with { $0.answers = [Responses.address(1), Responses.address(2, owner: pointer(at + 6))] }),
        Case(
            "a pointer to an address",
            plain.with {
                $0.answers = [wireRecord(1, [1, 97, 0, 0]), Responses.address(2, owner: pointer(at + 12))]
            }),
        Case(
            "a pointer to a pointer",
            plain.with { $0.answers = [Responses.address(1), Responses.address(2, owner: pointer(at))] }),
        Case("half a pointer", plain.with { $0.answers = [[0xc0]] }),
        Case("a label type 0x40", one(wireRecord([0x41, 97, 0], 1, [1, 2, 3, 4]))),
        Case("a label type 0x80", one(wireRecord([0x81, 97, 0], 1, [1, 2, 3, 4]))),
        Case(
            "a name of 256 octets",
            one(
                wireRecord(
                    label63 + label63 + label63 + [62] + [UInt8](repeating: 97, count: 62) + [0], 1, [1, 2, 3, 4]))),
        Case(
            "a name of 256 octets behind a pointer",
            one(
                wireRecord(
                    label63 + label63 + label63 + [46] + [UInt8](repeating: 97, count: 46) + questionPointer, 1,
                    [1, 2, 3, 4]))),
        Case("an alias longer than its data", one(wireRecord(5, [3, 97, 98]))),
        Case("an alias shorter than its data", one(wireRecord(5, [0, 0]))),
        Case("an empty alias", one(wireRecord(5, []))),
        Case("an SOA of 19 octets behind the names", one(wireRecord(6, Array(soaData(minimum: 1).dropLast())))),
        Case("an MX of one octet", one(wireRecord(15, [1]))),
        Case("an SRV that ends in its port", one(wireRecord(33, [0, 0, 0, 0, 0]))),
        Case("a NAPTR whose text is cut", one(wireRecord(35, [0, 0, 0, 0, 9, 65]))),
        Case("a signature without a signer", one(wireRecord(46, [UInt8](repeating: 0, count: 18)))),
        Case("a signer that is a pointer", one(wireRecord(46, [UInt8](repeating: 0, count: 18) + questionPointer))),
        Case("an HTTPS target that is a pointer", one(wireRecord(65, [0, 1] + questionPointer))),
        Case("OPT in the answer", one(optRecord(1232))),
        Case("two OPT", plain.with { $0.additionals = [optRecord(1232), optRecord(1232)] }),
        Case("OPT with an owner", plain.with { $0.additionals = [wireRecord(41, [])] }),
        Case("TSIG in the answer", one(wireRecord(250, [], recordClass: 255))),
    ]

    @Test(arguments: refusals) func isNoAnswer(_ c: Case) {
        #expect(Response(reading: c.bytes, to: question("www.example.com")) == nil)
    }

    static let readable: [Case] = [
        Case("one address", plain),
        Case("another spelling", plain.with { $0.name = wireName("WWW.Example.COM") }),
        Case("nothing at all", plain.with { $0.answers = [] }),
        Case("octets behind the last record", plain.with { $0.tail = [1, 2, 3] }),
        Case(
            "a name of 255 octets",
            one(
                wireRecord(label63 + label63 + label63 + [61] + Array(repeating: 97, count: 61) + [0], 1, [1, 2, 3, 4]))
        ),
        Case("an unknown type", one(wireRecord(65280, [0xc0, 0xff, 1]))),
        Case("an SRV target that is a pointer", one(wireRecord(33, [0, 0, 0, 0, 0, 0] + questionPointer))),
        Case(
            "TSIG behind OPT",
            plain.with { $0.additionals = [optRecord(9), wireRecord([0], 250, [1], recordClass: 255)] }),
        Case(
            "a pointer to a name in data",
            plain.with {
                $0.answers = [Responses.alias(to: wireName("a.b")), Responses.address(1, owner: pointer(at + 12))]
            }),
        Case("a pointer to the root of a name", one(wireRecord(pointer(at - 5), 1, [1, 2, 3, 4]))),
        Case("NAPTR", one(wireRecord(35, [0, 1, 0, 1, 1, 65, 0, 2, 66, 67] + questionPointer))),
    ]

    @Test(arguments: readable) func isAnAnswer(_ c: Case) {
        #expect(Response(reading: c.bytes, to: question("www.example.com")) != nil)
    }

    struct Meaning: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let response: WireResponse
        let kind: Response.Kind
        let freshFor: UInt32?

        init(_ description: String, _ response: WireResponse, _ kind: Response.Kind, _ freshFor: UInt32?) {
            testDescription = description
            self.response = response
            self.kind = kind
            self.freshFor = freshFor
        }
    }

    private static func answer(_ answers: [[UInt8]], _ authorities: [[UInt8]] = [], flags: UInt16 = 0x8180)
        -> WireResponse
    {
        plain.with {
            $0.answers = answers
            $0.authorities = authorities
            $0.flags = flags
        }
    }

    private static let x = wireName("x.example")
    private static let y = wireName("y.example")

    static let meanings: [Meaning] = [
        Meaning("an address", plain, .success, 300),
        Meaning("the smallest TTL", answer([Responses.address(1), Responses.address(2, ttl: 7)]), .success, 7),
        Meaning("a TTL of 0", answer([Responses.address(1, ttl: 0)]), .success, 0),
        Meaning("a TTL over 2³¹ means 0", answer([Responses.address(1, ttl: 0x8000_0000)]), .success, 0),
        Meaning(
            "an alias and its address", answer([Responses.alias(to: x, ttl: 9), Responses.address(1, owner: x)]),
            .success, 9),
        Meaning(
            "a chain written backwards",
            answer([
                Responses.address(1, owner: y), Responses.alias(x, to: y), Responses.alias(to: x),
            ]), .success, 300),
        Meaning("an alias whose end nobody told", answer([Responses.alias(to: x)]), .other, nil),
        Meaning("an address of somebody else", answer([Responses.address(1, owner: x)]), .other, nil),
        Meaning(
            "an alias that leads to nothing", answer([Responses.alias(to: x, ttl: 40)], [Responses.soa()]), .noData, 40),
        Meaning(
            "a loop of aliases", answer([Responses.alias(to: x), Responses.alias(x, to: wireName("www.example.com"))]),
            .other, nil),
        Meaning("no data", answer([], [Responses.soa(ttl: 900, minimum: 60)]), .noData, 60),
        Meaning("the SOA's TTL is the smaller one", answer([], [Responses.soa(ttl: 30, minimum: 60)]), .noData, 30),
        Meaning("no data without SOA", answer([]), .noData, nil),
        Meaning("a referral", answer([], [wireRecord(2, x)]), .other, nil),
        Meaning("NXDOMAIN", answer([], [Responses.soa()], flags: 0x8183), .nameError, 60),
        Meaning("NXDOMAIN without SOA", answer([], flags: 0x8183), .nameError, nil),
        Meaning("SERVFAIL", answer([], flags: 0x8182), .failure, 0),
        Meaning("NOTIMP", answer([], flags: 0x8184), .failure, 0),
        Meaning("REFUSED", answer([], flags: 0x8185), .other, nil),
        Meaning("FORMERR", answer([], flags: 0x8181), .other, nil),
        Meaning("TC", answer([Responses.address(1)], flags: 0x8380), .success, nil),
        Meaning("BADVERS", plain.with { $0.additionals = [[0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0]] }, .other, nil),
    ]

    @Test(arguments: meanings) func means(_ c: Meaning) throws {
        let read = try #require(response(c.response))
        #expect(read.kind == c.kind && read.freshFor == c.freshFor)
    }

    @Test func whatIsKeptOfIt() throws {
        let wire = Self.plain.with {
            $0.flags = 0x87a0
            $0.additionals = [optRecord(1232)]
        }
        let read = try #require(response(wire))
        #expect(read.isTruncated && read.isAuthoritative && read.isAuthenticated && read.hasOPT)
        #expect(read.code == .noError && read.answerCount == 1)
        let bad = try #require(response(Self.meanings.last.map(\.response) ?? wire))
        #expect(bad.code == .badVersion)
    }

    /// A server that fills a datagram to the last octet and says TC is no liar.
    @Test func aTruncatedMessageMayEndInARecord() throws {
        let wire = Responses.addresses("www.example.com", 3).with { $0.flags = 0x8380 }
        let read = try #require(Response(reading: wire.bytes.dropLast(3), to: question("www.example.com")))
        #expect(read.answerCount == 2 && read.isTruncated)
    }

    @Test func idsAndBareCodes() {
        let bare: [UInt8] = [1, 2, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0]
        unsafe bare.withUnsafeBytes {
            #expect(unsafe Response.id(of: $0) == 0x102 && Response.bareCode(of: $0) == .formatError)
        }
        unsafe Self.plain.bytes.withUnsafeBytes { #expect(unsafe Response.bareCode(of: $0) == nil) }
        unsafe [UInt8](repeating: 0, count: 11).withUnsafeBytes { #expect(unsafe Response.id(of: $0) == nil) }
    }

    // MARK: What is asked

    @Test func aQuestionIsAQuery() throws {
        let asked = question("WWW.example.com", 28, wantsSignatures: true, isUnchecked: true)
        let sent = try WireMessage(asked.query(id: 7))
        #expect(sent.id == 7 && sent.flags == 0x0130 && sent.question?.name == "www.example.com.")
        #expect(sent.opt?.flags == 0x8000 && sent.opt?.udpByteCount == 1232 && sent.opt?.options == "")
        #expect(try WireMessage(asked.query(id: 7, edns: false)).opt == nil)
        #expect(try WireMessage(asked.query(id: 7, isRecursive: false)).flags == 0x0030)
    }

    @Test(arguments: [1, 16, 90, 127, 128, 129, 200]) func aQueryIsPadded(_ length: Int) throws {
        let name = (0..<length / 50 + 1).map { _ in String(repeating: "a", count: min(49, length)) }.joined(
            separator: ".")
        let bytes = question(name).query(id: 1, paddedTo: 128)
        #expect(bytes.count % 128 == 0)
        #expect(try WireMessage(bytes).opt?.options.hasPrefix("000c") == true)
    }

    @Test func aQuestionIsReadFromAQuery() {
        let query = WireQuery("WWW.Example.com", 1).with { $0.flags = 0x0110 }.edns(flags: 0x8000)
        let (read, _) = inPlace(query) { Question($0, in: $1) }
        #expect(read == question("www.example.com", wantsSignatures: true, isUnchecked: true))
        #expect(read.hash == question("www.example.COM").hash && read != question("www.example.com"))
        #expect(
            read.asking(Name(wire: wireName("b")) ?? .root) == question("b", wantsSignatures: true, isUnchecked: true))
    }
}
