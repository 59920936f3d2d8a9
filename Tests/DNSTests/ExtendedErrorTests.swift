import Testing
import WireMessages

@testable import DNS

/// Extended errors (RFC 8914): when they are said, and how much of them.
struct ExtendedErrorTests {
    static func said(_ error: ExtendedError) -> String {
        "15 " + octets(error.code).map(digits).joined() + error.text.utf8.map(digits).joined()
    }

    private static func digits(_ octet: UInt8) -> String { (octet < 16 ? "0" : "") + String(octet, radix: 16) }

    @Test(
        arguments: [
            (.stale, 3), (.cachedError, 13), (.notReady, 14), (.prohibited, 18), (.staleNameError, 19),
            (.notAuthoritative, 20), (ExtendedError(22, "").saying("10.0.0.1:53 refused the connection"), 22),
        ] as [(ExtendedError, UInt16)])
    func whoSpeaksEDNSLearnsTheReason(error: ExtendedError, code: UInt16) throws {
        #expect(error.code == code && (1...ExtendedError.longestText).contains(error.text.utf8.count))
        let with = try refusal(EDNSTests.web.edns(), error)
        #expect(with.code == 2 && with.opt?.list == [Self.said(error)])
        let without = try refusal(EDNSTests.web, error)
        #expect(without.code == 2 && without.opt == nil)
    }

    @Test func whatReadingDecidedIsNotExplained() throws {
        let message = try refusal(EDNSTests.web.with { $0.questionClass = 3 }.edns(), .prohibited)
        #expect(message.code == 5 && message.opt?.list == [])
    }

    @Test func textsAreCutToWholeCharacters() {
        let error = ExtendedError(23, "")
        #expect(error.saying("").text == "")
        #expect(error.saying(String(repeating: "a", count: 100)).text.utf8.count == 100)
        #expect(error.saying(String(repeating: "a", count: 101)).text.utf8.count == 100)
        #expect(error.saying(String(repeating: "ä", count: 99)).text == String(repeating: "ä", count: 50))
        #expect(error.saying("a" + String(repeating: "€", count: 99)).text == "a" + String(repeating: "€", count: 33))
        #expect(error.saying("x") != error && error.saying("x") == error.saying("x"))
    }

    /// Room left behind the records, the words (36 octets), what is said: code and words take 6 + 36 octets.
    @Test(arguments: [(60, 36), (42, 36), (41, 0), (6, 0), (5, nil), (0, nil)] as [(Int, Int?)])
    func recordsComeFirst(room: Int, textByteCount: Int?) throws {
        let error = ExtendedError.stale.saying(String(repeating: "w", count: 36))
        // Header and question take 19 octets, OPT 11, a TXT record 12 and its data.
        let text = Array(repeating: UInt8(1), count: 512 - 19 - 11 - 12 - room - 2)
        var bytes = WireQuery("a", 16).edns(udpByteCount: 512).bytes + Array(repeating: 0xa5, count: 1344)
        var span = bytes.mutableSpan
        var message = unsafe span.mutableBytes
        let query = Query.read(&message, byteCount: 30, seed: 0)
        let outcome = unsafe message.withUnsafeMutableBytes { raw -> Outcome in
            guard let place = unsafe MessageBytes(raw) else { return .dropped }
            var answer = Answer(to: query, in: place, limits: .udp, turn: 0)
            if let at = answer.addRecord(.txt, ttl: 0, owner: 12, to: .answer, byteCount: text.count + 2) {
                place.store8(255, at: at)
                place.store(text[..<255], at: at + 1)
                place.store8(UInt8(text.count - 255), at: at + 256)
                place.store(text[255...], at: at + 257)
            }
            return answer.finish(.noError, saying: error)
        }
        let read = try #require(try reply(outcome, bytes).message)
        #expect(read.answers.count == 1 && !read.isTruncated)
        #expect(read.byteCount == 512 - room + (textByteCount.map { $0 + 6 } ?? 0))
        let code = textByteCount.map { "15 0003" + String(repeating: "77", count: $0) }
        #expect(read.opt?.list == [code].compactMap(\.self))
    }

    struct Said: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: [UInt8]
        let error: ExtendedError?

        init(_ description: String, _ options: [UInt8], _ error: ExtendedError?) {
            testDescription = description
            self.options = options
            self.error = error
        }
    }

    private static let bogus = ednsOption(15, [0, 6] + "no signature".utf8)
    private static let isBogus = ExtendedError(6, "").saying("no signature")

    static let sayings = [
        Said("nothing", [], nil),
        Said("a code and words", bogus, isBogus),
        Said("a code alone", ednsOption(15, [0, 22]), ExtendedError(22, "").saying("")),
        Said("behind another option", ednsOption(10, [1, 2, 3, 4, 5, 6, 7, 8]) + bogus, isBogus),
        Said("the first of two", bogus + ednsOption(15, [0, 9]), isBogus),
        Said("words that are no text", ednsOption(15, [0, 6, 255]), ExtendedError(6, "").saying("\u{fffd}")),
        Said("half a code", ednsOption(15, [0]), nil),
        Said("an option past its record", bogus.dropLast(), nil),
        Said("half a head", [0, 15, 0], nil),
    ]

    /// What an upstream says of its answer goes on to who speaks EDNS (RFC 8914 §3).
    @Test(arguments: sayings) func handsOnWhatAnUpstreamSays(_ c: Said) throws {
        let wire = WireResponse("www.example.com", 1).with {
            $0.flags = 0x8182
            $0.additionals = [optRecord(1232, options: c.options)]
        }
        let told = try #require(response(wire))
        #expect(told.code == .serverFailure && told.explanation == c.error)
        let query = WireQuery("www.example.com", 1).edns()
        let message = try WireMessage(try handedOn(told, to: query, saying: told.explanation))
        #expect(message.opt?.list == [c.error].compactMap { $0.map(Self.said) })
    }

    private func refusal(_ query: WireQuery, _ error: ExtendedError) throws -> WireMessage {
        let (outcome, bytes) = answering(query.bytes) { query, message in
            refuse(query, as: .serverFailure, saying: error, in: &message)
        }
        return try #require(try reply(outcome, bytes).message)
    }
}
