import Testing
import WireMessages

@testable import DNS

/// What an OPT record answers: NSID (RFC 5001), keepalive (RFC 7828), padding (RFC 7830), and the room for them.
struct OptionTests {
    static let nsid = ednsOption(3, [])
    static let keepalive = ednsOption(11, [])
    static let padding = ednsOption(12, [0, 0])
    static let id = "3 6e6f64652d61"

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let asked: [UInt8]
        let limits: AnswerLimits
        /// Nil for FORMERR.
        let said: [String]?

        init(_ name: String, _ asked: [UInt8], _ limits: AnswerLimits, _ said: [String]?) {
            testDescription = name
            self.asked = asked
            self.limits = limits
            self.said = said
        }
    }

    static func limits(_ base: AnswerLimits, nsid: Bool = false, keepalive: UInt16? = nil) -> AnswerLimits {
        var limits = base
        limits.nsid = nsid ? Corpus.id?.view : nil
        limits.keepalive = keepalive
        return limits
    }

    static let cases: [Case] = [
        Case("NSID asked and set", nsid, limits(.udp, nsid: true), [id]),
        Case("NSID asked with data", ednsOption(3, [1, 2]), limits(.udp, nsid: true), [id]),
        Case("NSID asked twice", nsid + nsid, limits(.udp, nsid: true), [id]),
        Case("NSID asked, not set", nsid, .udp, []),
        Case("NSID set, not asked", [], limits(.udp, nsid: true), []),
        Case("NSID over TCP", nsid, limits(.tcp, nsid: true), [id]),
        Case("keepalive over TCP", keepalive, limits(.tcp, keepalive: 300), ["11 012c"]),
        Case("keepalive of zero", keepalive, limits(.tcp, keepalive: 0), ["11 0000"]),
        Case("keepalive with a timeout", ednsOption(11, [0, 9]), limits(.tcp, keepalive: 300), ["11 012c"]),
        Case("keepalive, nothing to say", keepalive, .tcp, []),
        Case("keepalive not asked", nsid, limits(.tcp, keepalive: 300), []),
        Case("keepalive over UDP", keepalive, limits(.udp, keepalive: 300), []),
        Case("keepalive of 1 octet over UDP", ednsOption(11, [1]), limits(.udp, keepalive: 300), []),
        Case("keepalive of 1 octet over TCP", ednsOption(11, [1]), limits(.tcp, keepalive: 300), nil),
        Case("keepalive of 3 octets over TCP", ednsOption(11, [1, 2, 3]), .tcp, nil),
        Case("padding over UDP", padding, .udp, []),
        Case("padding over TCP", padding, .tcp, []),
        Case("NSID and keepalive", keepalive + nsid, limits(.tcp, nsid: true, keepalive: 2), [id, "11 0002"]),
    ]

    @Test(arguments: cases)
    func options(_ c: Case) throws {
        let query = EDNSTests.web.edns(options: c.asked)
        let message = try #require(try ask(query, Sample.table, limits: c.limits).message)
        #expect(message.code == (c.said == nil ? 1 : 0))
        #expect(message.opt?.list == c.said ?? [])
        #expect(message.answers.count == (c.said == nil ? 0 : 3))
    }

    @Test func identifiersHaveALength() {
        #expect(ServerID([]) == nil && ServerID(Array(repeating: 1, count: 129)) == nil)
        #expect(ServerID(Array(repeating: 1, count: 128)) != nil)
    }

    // MARK: Padding

    @Test func encryptedAnswersEndWithABlock() throws {
        for name in ["web.shop.svc.cluster.local", "nobody.shop.svc.cluster.local"] {
            let query = WireQuery(name, 1).edns(options: Self.nsid + Self.padding + Self.keepalive)
            let message = try #require(try ask(query, Sample.table, limits: Corpus.tls).message)
            #expect(message.byteCount == 468)
            let said = try #require(message.opt?.list)
            #expect(said.dropLast() == [Self.id, "11 012c"])
            #expect(said.last?.hasPrefix("12 0000") == true && said.last?.dropFirst(3).allSatisfy { $0 == "0" } == true)
        }
        let bare = try #require(try ask(EDNSTests.web.edns(), Sample.table, limits: Corpus.tls).message)
        #expect(bare.opt?.options == "")
    }

    /// Whatever the length in front: a multiple of 468, or the most that a message holds.
    @Test(arguments: [0, 1, 300, 420, 440, 441, 442, 900, 65_000, 65_480, 65_481, 65_494, 65_495, 65_496])
    func everyLengthIsPadded(textByteCount: Int) throws {
        var room = Array(WireQuery("a", 16).edns(options: Self.padding).bytes) + Array(repeating: 0xa5, count: 65_535)
        var span = room.mutableSpan
        var message = unsafe span.mutableBytes
        let query = Query.read(&message, byteCount: 36, seed: 0, isStream: true)
        var limits = AnswerLimits.tcp
        limits.isEncrypted = true
        let text = Array(repeating: UInt8(1), count: textByteCount)
        guard case .answered(let count) = answerText(query, [text], in: &message, limits: limits) else {
            return #expect(Bool(false))
        }
        #expect(count % 468 == 0 || count == 65_535)
        let answer = try WireMessage(Array(room[..<count]))
        #expect(answer.opt?.list.count == 1)
        #expect(answer.isTruncated == answer.answers.isEmpty)
    }

    // MARK: Room

    /// Answers are as long as they may be, and hold every option.
    @Test func recordsLeaveRoomForOptions() throws {
        let owner = name("many.zone")
        var builder = AnswerTableBuilder()
        builder.set(
            OwnerRecords(owner, [RecordSet(owner, ttl: 5, (0..<100).map { .a($0) })].compactMap(\.self)), zone: 0)
        let table = builder.compile(zones: [ZoneDescription(apex: name("zone"), serial: Serial(rawValue: 1), ttl: 5)])
        for size in 512...720 {
            let query = WireQuery("many.zone", 1)
                .edns(udpByteCount: UInt16(size), options: Self.nsid + ednsOption(10, Array(0..<8)))
            let (outcome, bytes) = answering(query.bytes) { query, message in
                _ = query.answerCookie(with: Corpus.secrets, peer: (0, 1, true), now: 1)
                return respond(to: query, in: &message, from: table, limits: Corpus.udp, turn: 0)
            }
            let message = try #require(try reply(outcome, bytes).message)
            #expect(message.isTruncated && (size - 15...size).contains(message.byteCount))
            #expect(message.opt?.list.count == 2)
        }
    }

    /// The longest question and every option fit into the smallest datagram.
    @Test func theLongestQuestionAndEveryOption() throws {
        let id = try #require(ServerID(Array(repeating: 7, count: ServerID.longest)))
        var limits = AnswerLimits.udp(atMost: 0)
        limits.nsid = id.view
        let long = Array(repeating: UInt8(ascii: "a"), count: 63)
        let wire = [63] + long + [63] + long + [63] + long + [61] + long.dropLast(2) + [0]
        let query = WireQuery(wire, 1).edns(options: Self.nsid + Self.padding + ednsOption(10, Array(0..<8)))
        let (outcome, bytes) = answering(query.bytes) { query, message in
            _ = query.answerCookie(with: Corpus.secrets, peer: (0, 1, true), now: 1)
            return refuse(query, as: .refused, saying: .prohibited, in: &message, limits: limits)
        }
        let message = try #require(try reply(outcome, bytes).message)
        #expect(message.byteCount <= 512 && message.opt?.list.map { $0.prefix(3) } == ["10 ", "3 0", "15 "])
        extendLifetime(id)
    }

    @Test(arguments: [(0, 512), (511, 512), (512, 512), (800, 800), (1232, 1232), (4096, 1232)])
    func datagramsMayBeSmaller(asked: Int, limit: Int) throws {
        #expect(AnswerLimits.udp(atMost: asked).byteCount == limit)
        let query = WireQuery("10.in-addr.arpa", 2).edns(udpByteCount: 4096)
        let message = try #require(try ask(query, Sample.table, limits: .udp(atMost: asked)).message)
        #expect((limit - 60...limit).contains(message.byteCount))
    }
}
