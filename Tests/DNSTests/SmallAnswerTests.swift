import DNS
import Testing
import WireMessages

/// Answers that need no table: ANY, text of class CH, whoami.
struct SmallAnswerTests {
    private func message(
        _ query: WireQuery, limits: AnswerLimits = .udp, _ body: (Query, inout MutableRawSpan) -> Outcome
    ) throws -> WireMessage {
        let (outcome, bytes) = answering(query.bytes, limits: limits) { query, message in body(query, &message) }
        return try #require(try reply(outcome, bytes).message)
    }

    @Test(arguments: ["www.Example.com", ""])
    func any(_ name: String) throws {
        let query = WireQuery(name, 255).edns(options: ednsOption(3, []))
        let message = try message(query) { answerAny($0, in: &$1, limits: Corpus.udp) }
        #expect(message.code == 0 && !message.isAuthoritative && message.opt?.list == [OptionTests.id])
        #expect(message.answers.map(\.type) == [13] && message.answers.map(\.ttl) == [8482])
        #expect(message.answers.first?.owner == message.question?.name)
        let expected = [13] + Array("ANY obsoleted".utf8) + [12] + Array("See RFC 8482".utf8)
        #expect(message.answers.first.map { hex($0.data) } == expected)
    }

    @Test(arguments: [1, 3] as [UInt16])
    func text(ofClass rawClass: UInt16) throws {
        let query = WireQuery("version.bind", 16).with { $0.questionClass = rawClass }
        let message = try message(query) { query, message in
            #expect(query.rawClass == rawClass && query.isChaos == (rawClass == 3))
            return answerText(query, [Array("ClusterDNS".utf8), []], ttl: 7, in: &message, limits: .udp)
        }
        #expect(message.code == 0 && message.isAuthoritative && message.question?.questionClass == rawClass)
        #expect(message.answers.map { [$0.recordClass, $0.type] } == [[rawClass, 16], [rawClass, 16]])
        #expect(message.answers.map(\.data) == ["\"ClusterDNS\"", "\"\""] && message.answers.map(\.ttl) == [7, 7])
    }

    @Test(arguments: [(255, 1), (256, 2), (510, 2), (511, 3)])
    func longTextsBecomeSeveralStrings(byteCount: Int, strings: Int) throws {
        let message = try message(WireQuery("a", 16), limits: .tcp) { query, message in
            answerText(query, [Array(repeating: 97, count: byteCount)], in: &message, limits: .tcp)
        }
        let data = try #require(message.answers.first?.data)
        #expect(data.split(separator: " ").count == strings)
        #expect(data.count(where: { $0 == "a" }) == byteCount)
    }

    @Test func textsThatDoNotFitAreCut() throws {
        let texts = Array(repeating: Array(repeating: UInt8(97), count: 200), count: 4)
        let message = try message(WireQuery("a", 16)) { answerText($0, texts, in: &$1, limits: .udp) }
        #expect(message.isTruncated && message.answers.count == 2)
    }

    /// What reading refused stays refused, and what it dropped stays unanswered.
    @Test func brokenQueriesAreRefused() throws {
        let broken = WireQuery("version.bind", 16)
            .with { $0.questionClass = 3 }.edns(options: ednsOption(10, [1]))
        let message = try message(broken) { query, message in
            #expect(!query.isChaos)
            return answerText(query, [[97]], in: &message, limits: .udp)
        }
        #expect(message.code == 1 && message.answers.isEmpty)
        let hesiod = WireQuery("a", 16).with { $0.questionClass = 4 }
        #expect(try self.message(hesiod) { answerText($0, [[97]], in: &$1, limits: .udp) }.code == 5)
        let (outcome, _) = answering(WireQuery("a", 255).with { $0.flags = 0x8000 }.bytes) {
            answerAny($0, in: &$1, limits: .udp)
        }
        #expect(outcome == .dropped)
    }

    // MARK: whoami

    @Test(arguments: [false, true])
    func whoami(isStream: Bool) throws {
        let limits = isStream ? AnswerLimits.tcp : .udp
        for name in ["Who.am.i", ""] {
            let four = try message(WireQuery(name, 1), limits: limits) {
                answerWhoami($0, peer: (0, 0x0af0_0001, true), port: 40212, in: &$1, limits: limits)
            }
            #expect(four.code == 0 && four.answers.isEmpty && four.authorities.isEmpty && four.isAuthoritative)
            let owner = name.isEmpty ? "." : name + "."
            let port = (isStream ? "_tcp." : "_udp.") + (name.isEmpty ? "" : owner)
            #expect(
                four.additionals.map { "\($0.owner) \($0.ttl) \($0.type) \($0.data)" } == [
                    "\(owner) 0 1 10.240.0.1", "\(port) 0 33 0 0 40212 .",
                ])
        }
        let six = try message(WireQuery("a", 28).edns(), limits: limits) {
            answerWhoami($0, peer: (0x2001_0db8_0000_0000, 5, false), port: 1, in: &$1, limits: limits)
        }
        #expect(six.additionals.map(\.data) == ["2001:db8:0:0:0:0:0:5", "0 0 1 ."] && six.opt != nil)
    }

    /// A name to which no label can be added: 250 octets may get one of four, 251 not.
    @Test(arguments: [(250, 2), (251, 1), (255, 1)])
    func whoamiOfALongName(byteCount: Int, records: Int) throws {
        let long = Array(repeating: UInt8(ascii: "a"), count: 63)
        let rest = byteCount - 193 - 1
        let wire = ([63] + long) + ([63] + long) + ([63] + long) + [UInt8(rest)] + long[..<rest] + [0]
        try #require(wire.count == byteCount)
        let message = try message(WireQuery(wire, 1)) {
            answerWhoami($0, peer: (0, 1, true), port: 1, in: &$1, limits: .udp)
        }
        #expect(message.additionals.count == records)
    }

    @Test func smallAnswersCarryTheCookie() throws {
        let query = WireQuery("a", 255).edns(options: ednsOption(10, Array(0..<8)))
        let (outcome, bytes) = answering(query.bytes) { query, message in
            _ = query.answerCookie(with: Corpus.secrets, peer: (0, 1, true), now: 1)
            return answerAny(query, in: &message, limits: .udp)
        }
        #expect(try reply(outcome, bytes).message?.opt?.list.first?.hasPrefix("10 0001020304050607") == true)
    }
}
