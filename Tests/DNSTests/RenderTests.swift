import DNS
import Testing
import WireMessages

/// What a client gets of an upstream's answer.
struct RenderTests {
    static let name = "www.example.com"
    static let query = WireQuery("WwW.example.com", 1)

    @Test func theQuestionStaysTheClients() throws {
        let read = try #require(response(Responses.addresses(Self.name, 2)))
        let message = try WireMessage(handedOn(read, to: Self.query))
        #expect(message.id == Self.query.id && message.question?.name == "WwW.example.com.")
        #expect(message.answers.map(\.owner) == ["WwW.example.com.", "WwW.example.com."])
        #expect(message.data == ["192.0.0.0", "192.0.0.1"] && message.opt == nil)
        #expect(message.flags == 0x8180)
    }

    /// The record behind an OPT record cannot stay where it is, so it goes.
    @Test func theUpstreamsOPTIsNotHandedOn() throws {
        let wire = Responses.addresses(Self.name, 1).with {
            $0.additionals = [Responses.address(7), optRecord(4096, flags: 0x8000), Responses.address(8)]
        }
        let read = try #require(response(wire))
        let plain = try WireMessage(handedOn(read, to: Self.query))
        #expect(plain.opt == nil && plain.additionals.map(\.data) == ["192.0.2.7"])
        let edns = try WireMessage(handedOn(read, to: Self.query.edns(udpByteCount: 1400)))
        #expect(edns.opt?.udpByteCount == 1400 && edns.opt?.flags == 0 && edns.additionals.count == 1)
    }

    struct Flags: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let upstream: UInt16
        let query: WireQuery
        let flags: UInt16
    }

    static let flags: [Flags] = [
        Flags(
            testDescription: "RD and CD are the client's", upstream: 0x8180, query: query.with { $0.flags = 0x0010 },
            flags: 0x8090),
        Flags(testDescription: "RA is ours", upstream: 0x8100, query: query, flags: 0x8180),
        Flags(testDescription: "AA is the upstream's", upstream: 0x8580, query: query, flags: 0x8580),
        Flags(testDescription: "TC is the upstream's", upstream: 0x8380, query: query, flags: 0x8380),
        Flags(testDescription: "AD for nobody who did not ask", upstream: 0x81a0, query: query, flags: 0x8180),
        Flags(testDescription: "AD for AD", upstream: 0x81a0, query: query.with { $0.flags = 0x0120 }, flags: 0x81a0),
        Flags(testDescription: "AD for DO", upstream: 0x81a0, query: query.edns(flags: 0x8000), flags: 0x81a0),
        Flags(
            testDescription: "no AD without the upstream's", upstream: 0x8180, query: query.with { $0.flags = 0x0120 },
            flags: 0x8180),
        Flags(testDescription: "Z is clear", upstream: 0x81c0, query: query.with { $0.flags = 0x0140 }, flags: 0x8180),
        Flags(testDescription: "the code", upstream: 0x8185, query: query, flags: 0x8185),
    ]

    @Test(arguments: flags) func handsOn(_ c: Flags) throws {
        let read = try #require(response(Responses.addresses(Self.name, 1).with { $0.flags = c.upstream }))
        #expect(try WireMessage(handedOn(read, to: c.query)).flags == c.flags)
    }

    @Test func aCodeOfTheHopIsAFailure() throws {
        let wire = WireResponse(Self.name, 1).with { $0.additionals = [[0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0]] }
        #expect(try WireMessage(handedOn(try #require(response(wire)), to: Self.query.edns())).code == 2)
    }

    @Test func ourOwnFailure() throws {
        let failure = Response(failure: .serverFailure, to: question(Self.name))
        let message = try WireMessage(handedOn(failure, to: Self.query.edns(), saying: .notReady))
        #expect(message.code == 2 && !message.isAuthoritative && message.answers.isEmpty)
        #expect(message.opt?.options.hasPrefix("000f") == true)
    }

    // MARK: Size

    // Header and question take 33 octets, an address record 16, an OPT record 11.
    @Test(
        arguments: [
            (nil, 29, 29), (nil, 30, 29), (512, 29, 29), (1232, 74, 74), (1232, 75, 74), (4096, 200, 74), (100, 40, 29),
        ] as [(UInt16?, Int, Int)])
    func answersAreCutWhole(size: UInt16?, count: Int, kept: Int) throws {
        let read = try #require(response(Responses.addresses(Self.name, count)))
        let query = size.map { Self.query.edns(udpByteCount: $0) } ?? Self.query
        for turn: UInt32 in [0, 1, 5, .max] {
            let message = try WireMessage(handedOn(read, to: query, turn: turn))
            #expect(message.answers.count == kept && message.isTruncated == (kept < count))
            #expect(Set(message.data).count == kept && (message.opt != nil) == (size != nil))
            let first = Int(turn % UInt32(count))
            #expect(message.answers.first?.data == "192.0.0.\(first)")
        }
        #expect(try WireMessage(handedOn(read, to: query, limits: .tcp)).answers.count == count)
    }

    @Test func additionalRecordsGiveWayFirst() throws {
        let wire = Responses.addresses(Self.name, 10).with { response in
            response.authorities = (0..<5).map { _ in Responses.address(2) }
            response.additionals = (0..<60).map { Responses.address($0) }
        }
        let message = try WireMessage(handedOn(try #require(response(wire)), to: Self.query))
        #expect(message.answers.count == 10 && message.authorities.count == 5 && message.additionals.count == 14)
        #expect(!message.isTruncated)
    }

    /// Without its SOA a denial is not whole; the name servers of a positive answer are a courtesy.
    @Test(arguments: [(true, false), (false, true)]) func authorityThatIsCut(isPositive: Bool, isTruncated: Bool) throws
    {
        let wire = WireResponse(Self.name, 1).with { response in
            response.answers = isPositive ? [Responses.address(1)] : []
            response.authorities = [Responses.soa()] + (0..<60).map { Responses.address($0) }
        }
        let message = try WireMessage(handedOn(try #require(response(wire)), to: Self.query))
        #expect(message.isTruncated == isTruncated && message.authorities.count < 60)
    }

    // MARK: Order and time

    @Test func addressesOfOneOwnerTakeTurns() throws {
        let x = wireName("x.example")
        let wire = WireResponse(
            Self.name, 1,
            [
                Responses.alias(to: x), Responses.address(1, owner: x), Responses.address(2, owner: x),
                Responses.address(3, owner: x), Responses.address(9),
            ])
        let read = try #require(response(wire))
        for turn in 0..<4 as Range<UInt32> {
            let message = try WireMessage(handedOn(read, to: Self.query, turn: turn))
            let last = (0..<3).map { "192.0.2.\((Int(turn) + $0) % 3 + 1)" }
            #expect(message.answers.map(\.data) == ["x.example."] + last + ["192.0.2.9"])
        }
    }

    @Test(
        arguments: [
            (TTLRule(), [300, 7, 0]), (TTLRule(age: 10), [290, 0, 0]), (TTLRule(floor: 5, ceiling: 100), [100, 7, 5]),
            (TTLRule(age: 3, floor: 5, ceiling: 100), [97, 4, 2]), (TTLRule(ceiling: 0), [0, 0, 0]),
        ] as [(TTLRule, [UInt32])])
    func timeGoesBy(rule: TTLRule, shown: [UInt32]) throws {
        let wire = WireResponse(Self.name, 1).with {
            $0.answers = [Responses.address(1)]
            $0.authorities = [wireRecord(2, ttl: 7, questionPointer)]
            $0.additionals = [Responses.six(1, ttl: 0x8000_0001), optRecord(1232)]
        }
        let message = try WireMessage(handedOn(try #require(response(wire)), to: Self.query.edns(), ttl: rule))
        #expect((message.answers + message.authorities + message.additionals).map(\.ttl) == shown)
    }
}
