import Testing
import WireMessages

@testable import DNS

/// A CNAME of ours, joined with what others say about its target.
struct JoinAliasTests {
    static let table: AnswerTable = {
        var builder = AnswerTableBuilder()
        for (owner, target) in [("a.zone", "b.zone"), ("b.zone", "WWW.example.com")] {
            let owner = name(owner)
            builder.set(
                OwnerRecords(owner, [RecordSet(owner, ttl: 5, [.cname(name(target))])].compactMap(\.self)), zone: 0)
        }
        return builder.compile(zones: [ZoneDescription(apex: name("zone"), serial: Serial(rawValue: 1), ttl: 5)])
    }()
    static let query = WireQuery("A.zone", 1)
    static let target = "www.example.com"

    /// What the client gets: our chain, joined with `response` if there is one.
    static func ask(
        _ query: WireQuery = query, joining response: Response?, limits: AnswerLimits = .udp,
        ttl: TTLRule = .unchanged, saying explanation: ExtendedError? = nil
    ) throws -> [UInt8] {
        let (outcome, bytes) = inPlace(query, limits) { read, message -> Outcome in
            let first = respond(to: read, in: &message, from: table, limits: limits, turn: 0)
            guard case .leads(let byteCount, _, _) = first, let response else { return first }
            return joinAlias(
                read, in: &message, byteCount: byteCount, with: response, limits: limits, ttl: ttl, saying: explanation)
        }
        return Array(bytes[..<(try #require(outcome.byteCount))])
    }

    static func joined(
        _ wire: WireResponse, _ query: WireQuery = query, limits: AnswerLimits = .udp, ttl: TTLRule = .unchanged
    ) throws -> WireMessage {
        let found: Response = try #require(response(wire))
        return try WireMessage(ask(query, joining: found, limits: limits, ttl: ttl))
    }

    static let chain = ["b.zone.", "WWW.example.com."]

    @Test func addressesFollowTheAlias() throws {
        let message = try Self.joined(Responses.addresses(Self.target, 2), Self.query.edns())
        #expect(message.answers.map(\.data) == Self.chain + ["192.0.0.0", "192.0.0.1"])
        #expect(message.answers.map(\.owner) == ["A.zone.", "b.zone.", "WWW.example.com.", "WWW.example.com."])
        #expect(message.answers.map(\.ttl) == [5, 5, 300, 300] && message.opt != nil)
        #expect(message.flags == 0x8580 && message.question?.name == "A.zone.")
        let aged = try Self.joined(Responses.addresses(Self.target, 1), ttl: TTLRule(age: 10, ceiling: 50))
        #expect(aged.answers.map(\.ttl) == [5, 5, 40])
    }

    @Test func namesAreWrittenAnew() throws {
        // 12: www, 16: example, 24: com; the first record is at 33, its data at 45.
        let wire = WireResponse(
            Self.target, 1,
            [
                Responses.alias(to: [3] + Array("cdn".utf8) + pointer(16)),
                Responses.alias(pointer(45), to: [2] + Array("eu".utf8) + pointer(45)),
                Responses.address(1, owner: pointer(63)),
                wireRecord(pointer(63), 33, [0, 1, 0, 2, 0, 80] + pointer(24)),
                wireRecord(pointer(63), 15, [0, 10] + [4] + Array("mail".utf8) + pointer(16)),
                wireRecord(pointer(63), 65280, [0xc0, 12]),
            ])
        let message = try Self.joined(wire)
        #expect(
            message.answers.map(\.data) == Self.chain + [
                "cdn.example.com.", "eu.cdn.example.com.", "192.0.2.1", "1 2 80 com.", "10 mail.example.com.", "c00c",
            ])
        #expect(message.answers.last?.owner == "eu.cdn.example.com.")
    }

    @Test func theLastStepDecidesTheCode() throws {
        let wire = WireResponse(Self.target, 1).with {
            $0.flags = 0x8183
            $0.authorities = [
                wireRecord(pointer(16), 6, soaData([2, 110, 115] + pointer(16), pointer(24), minimum: 9))
            ]
        }
        let message = try Self.joined(wire)
        #expect(message.code == 3 && message.answers.map(\.data) == Self.chain)
        #expect(message.authorities.map(\.owner) == ["example.com."])
        #expect(message.authorities.first?.data == "ns.example.com. com. 1 2 3 4 9")
        let none = try Self.joined(wire.with { $0.flags = 0x8180 })
        #expect(none.code == 0 && none.authorities.count == 1)
    }

    /// The name servers of a positive answer are of no use to a stub resolver.
    @Test func aPositiveAnswerBringsNoOthers() throws {
        let wire = Responses.addresses(Self.target, 1).with {
            $0.authorities = [wireRecord(2, questionPointer)]
            $0.additionals = [Responses.address(9)]
        }
        let message = try Self.joined(wire)
        #expect(message.authorities.isEmpty && message.additionals.isEmpty && message.answers.count == 3)
    }

    @Test(arguments: [0x8182, 0x8185, 0x8181] as [UInt16]) func whatIsNotResolvedLeavesTheAlias(_ flags: UInt16) throws
    {
        let failed = try #require(response(WireResponse(Self.target, 1).with { $0.flags = flags }))
        let query = Self.query.edns()
        let alone = try Self.ask(query, joining: nil)
        #expect(try Self.ask(query, joining: failed) == alone)
        let told = try WireMessage(Self.ask(query, joining: failed, saying: .notReady))
        #expect(told.answers.map(\.data) == Self.chain && told.flags == 0x8500 | (flags & 0x80))
        #expect(told.opt?.options.hasPrefix("000f") == true)
    }

    @Test func anotherNameIsNotJoined() throws {
        let other = try #require(response(Responses.addresses("example.com", 1)))
        #expect(try Self.ask(joining: other) == Self.ask(joining: nil))
    }

    @Test func whatDoesNotFitIsMarked() throws {
        let message = try Self.joined(Responses.addresses(Self.target, 40))
        #expect(message.isTruncated && message.byteCount <= 512 && message.answers.count > 25)
        #expect(try !Self.joined(Responses.addresses(Self.target, 40), limits: .tcp).isTruncated)
        let cut = try Self.joined(Responses.addresses(Self.target, 1).with { $0.flags = 0x8380 })
        #expect(cut.isTruncated && cut.answers.count == 3)
        let soa = wireRecord([0], 6, soaData(wireName(String(repeating: "a", count: 60)), minimum: 1))
        let denial = WireResponse(Self.target, 1).with { $0.authorities = (0..<6).map { _ in soa } }
        #expect(try Self.joined(denial).isTruncated)
    }

    @Test func longNamesAreJoinedWhole() throws {
        // More labels than the join remembers: they are spelt out.
        let records = (0..<40).map { index in
            wireRecord(wireName("x\(index).y\(index).z\(index)"), 2, wireName("n\(index).z\(index)"))
        }
        let wire = WireResponse(Self.target, 2, records)
        let message = try Self.joined(wire, limits: .tcp)
        #expect(message.answers.dropFirst(2).map(\.data) == (0..<40).map { "n\($0).z\($0)." })
    }
}
