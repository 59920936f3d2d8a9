import Testing
import WireMessages

@testable import DNS

/// Server cookies (RFC 7873, RFC 9018).
struct CookieTests {
    /// SipHash-2-4 of 00 01 02 …, with the key 00 01 … 0f: vectors of its authors, octets as they come out.
    @Test(arguments: [
        (0, "310e0edd47db6f72"), (1, "fd67dc93c539f874"), (7, "37d1018bf50002ab"), (8, "6224939a79f5f593"),
        (15, "e545be4961ca29a1"), (16, "db9bc2577fcc2a3f"), (20, "98eea21af25cd6be"), (31, "42c341d8fa92d832"),
        (32, "ce7cf2722f512771"), (63, "724506eb4c328a95"),
    ])
    func sipHash(byteCount: Int, expected: String) {
        var hash = SipHash(secret("000102030405060708090a0b0c0d0e0f"))
        let message = (0..<byteCount).map { UInt64($0) }
        for start in stride(from: 0, to: byteCount / 8 * 8, by: 8) { hash.mix(word(message[start..<(start + 8)])) }
        let found = hash.finish(tail: word(message[(byteCount / 8 * 8)...]), byteCount: byteCount)
        #expect(found == word(hex(expected).map { UInt64($0) }[...]))
    }

    private func word(_ octets: ArraySlice<UInt64>) -> UInt64 { octets.reversed().reduce(0) { $0 << 8 | $1 } }

    struct Vector: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var current = "e5e973e5a6b2a43f48e7dc849e37bfcf"
        var previous = "00000000000000000000000000000000"
        var peer: (high: UInt64, low: UInt64, isIPv4: Bool) = (0, 0xc633_6464, true)
        let now: UInt32
        let sent: String
        let verdict: CookieVerdict
        let answered: String

        var secrets: CookieSecrets { CookieSecrets(current: secret(current), previous: secret(previous)) }
    }

    static let learned = "2464c4abcf10c957010000005cf79f111f8130c3eee29480"
    static let learnedAt: UInt32 = 1_559_731_985
    static let six: (UInt64, UInt64, Bool) = (0x2001_0db8_0220_0001, 0x59de_d0f4_8769_82b8, false)

    /// RFC 9018 Appendix A.
    static let vectors: [Vector] = [
        Vector(
            testDescription: "A.1 learning", now: learnedAt, sent: "2464c4abcf10c957", verdict: .fresh,
            answered: learned),
        Vector(
            testDescription: "A.2 renewed after 40 minutes", now: 1_559_734_385, sent: learned, verdict: .valid,
            answered: "2464c4abcf10c957010000005cf7a871d4a564a1442aca77"),
        // Its cookie is older than an hour by then, and so too old.
        Vector(
            testDescription: "A.3 reserved octets, too old", peer: (0, 0xcb00_71cb, true), now: 1_559_734_700,
            sent: "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", verdict: .wrong,
            answered: "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e"),
        Vector(
            testDescription: "A.3 reserved octets, in time", peer: (0, 0xcb00_71cb, true), now: 1_559_727_985,
            sent: "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", verdict: .valid,
            answered: "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5"),
        Vector(
            testDescription: "A.4 IPv6, the secret before", current: "445536bcd2513298075a5d379663c962",
            previous: "dd3bdf9344b678b185a6f5cb60fca715", peer: six, now: 1_559_741_961,
            sent: "22681ab97d52c298010000005cf7c57926556bd0934c72f8", verdict: .valid,
            answered: "22681ab97d52c298010000005cf7c609a6bb79d16625507a"),
    ]

    @Test(arguments: vectors)
    func rfc9018(_ c: Vector) throws {
        let (verdict, message) = try exchange(c.sent, c.secrets, peer: c.peer, now: c.now)
        #expect(verdict == c.verdict)
        #expect(message.code == 0 && message.answers.count == 3 && message.opt?.list == ["10 \(c.answered)"])
    }

    /// From an hour in the past to five minutes in the future; the same comes back until it is half an hour old.
    @Test(
        arguments: [
            (0, .valid, true), (1799, .valid, true), (1800, .valid, false), (3600, .valid, false),
            (3601, .wrong, false),
            (-300, .valid, true), (-301, .wrong, false), (1 << 30, .wrong, false), (-(1 << 30), .wrong, false),
        ] as [(Int, CookieVerdict, Bool)])
    func life(age: Int, verdict: CookieVerdict, isSame: Bool) throws {
        let now = UInt32(truncatingIfNeeded: Int(Self.learnedAt) + age)
        let (found, message) = try exchange(Self.learned, Self.vectors[0].secrets, peer: Self.vectors[0].peer, now: now)
        #expect(found == verdict)
        #expect((message.opt?.list == ["10 \(Self.learned)"]) == isSame)
        // What was answered is good.
        let renewed = try #require(message.opt?.list.first?.dropFirst(3))
        #expect(
            try exchange(String(renewed), Self.vectors[0].secrets, peer: Self.vectors[0].peer, now: now).0 == .valid)
    }

    /// The clock is a circle: a cookie made before it turned is good behind it.
    @Test func theTimestampTurns() throws {
        let vector = Self.vectors[0]
        let made = try exchange("2464c4abcf10c957", vector.secrets, peer: vector.peer, now: 0xffff_ff00).1
        let cookie = String(try #require(made.opt?.list.first?.dropFirst(3)))
        #expect(try exchange(cookie, vector.secrets, peer: vector.peer, now: 0x100).0 == .valid)
        #expect(try exchange(cookie, vector.secrets, peer: vector.peer, now: 0x1000).0 == .wrong)
    }

    static let spoilt: [(String, String)] = [
        ("another client cookie", "2464c4abcf10c958" + learned.dropFirst(16)),
        ("another version", "2464c4abcf10c957" + "02" + learned.dropFirst(18)),
        ("other reserved octets", "2464c4abcf10c957" + "01000001" + learned.dropFirst(24)),
        ("another time", "2464c4abcf10c957" + "010000005cf79f12" + learned.dropFirst(32)),
        ("another hash", learned.dropLast() + "1"),
        ("a server cookie of 8 octets", String(learned.prefix(32))),
        ("a server cookie of 15 octets", String(learned.dropLast(2))),
        ("a server cookie of 17 octets", learned + "00"),
        ("a server cookie of 32 octets", learned + String(repeating: "00", count: 16)),
    ]

    @Test(arguments: spoilt)
    func aWrongCookieIsAnsweredWithAGoodOne(name: String, cookie: String) throws {
        let vector = Self.vectors[0]
        let (verdict, message) = try exchange(cookie, vector.secrets, peer: vector.peer, now: Self.learnedAt)
        #expect(verdict == .wrong && message.code == 0 && message.answers.count == 3)
        let client = name == "another client cookie" ? "2464c4abcf10c958" : "2464c4abcf10c957"
        let answered = try #require(message.opt?.list.first?.dropFirst(3))
        #expect(answered.hasPrefix(client + "010000005cf79f11"))
        #expect(try exchange(String(answered), vector.secrets, peer: vector.peer, now: Self.learnedAt).0 == .valid)
    }

    @Test func anotherAddressOrSecretIsWrong() throws {
        let vector = Self.vectors[0]
        for peer in [(0, 0xc633_6465, true), (0, 0xc633_6464, false)] as [(UInt64, UInt64, Bool)] {
            #expect(try exchange(Self.learned, vector.secrets, peer: peer, now: Self.learnedAt).0 == .wrong)
        }
        var secrets = vector.secrets
        secrets.roll(to: CookieSecret(7, 8))
        #expect(try exchange(Self.learned, secrets, peer: vector.peer, now: Self.learnedAt).0 == .valid)
        secrets.roll(to: CookieSecret(9, 10))
        #expect(try exchange(Self.learned, secrets, peer: vector.peer, now: Self.learnedAt).0 == .wrong)
    }

    @Test func secretsComeFromTheSource() {
        var source = SystemRandomNumberGenerator()
        let secrets = (CookieSecret(using: &source), CookieSecret(using: &source))
        #expect(secrets.0.first != secrets.1.first && secrets.0.first != secrets.0.second)
    }

    @Test func noCookieWithoutAsking() throws {
        for query in [EDNSTests.web, EDNSTests.web.edns(), EDNSTests.web.edns(options: ednsOption(3, []))] {
            let (outcome, bytes) = answering(query.bytes) { query, message in
                #expect(query.answerCookie(with: Self.vectors[0].secrets, peer: (0, 0, true), now: 1) == .absent)
                return respond(to: query, in: &message, from: Sample.table, limits: .udp, turn: 0)
            }
            #expect(try reply(outcome, bytes).message?.opt?.options ?? "" == "")
        }
    }

    /// All cookies but the first are ignored (RFC 7873 §5.2).
    @Test func theFirstOfTwoCounts() throws {
        let options = ednsOption(10, hex("2464c4abcf10c957")) + ednsOption(10, [1, 2, 3])
        let vector = Self.vectors[0]
        let (verdict, message) = try exchange(options: options, vector.secrets, peer: vector.peer, now: vector.now)
        #expect(verdict == .fresh && message.opt?.list == ["10 \(Self.learned)"])
    }

    @Test func refusalsCarryTheCookie() throws {
        let vector = Self.vectors[0]
        let query = WireQuery("www.example.com", 1).edns(options: ednsOption(10, hex("2464c4abcf10c957")))
        let (outcome, bytes) = answering(query.bytes) { query, message in
            _ = query.answerCookie(with: vector.secrets, peer: vector.peer, now: vector.now)
            return refuse(query, as: .refused, in: &message)
        }
        let message = try #require(try reply(outcome, bytes).message)
        #expect(message.code == 5 && message.opt?.list == ["10 \(Self.learned)"])
    }

    private func exchange(
        _ cookie: String, _ secrets: CookieSecrets, peer: (high: UInt64, low: UInt64, isIPv4: Bool), now: UInt32
    ) throws -> (CookieVerdict, WireMessage) {
        try exchange(options: ednsOption(10, hex(cookie)), secrets, peer: peer, now: now)
    }

    private func exchange(
        options: [UInt8], _ secrets: CookieSecrets, peer: (high: UInt64, low: UInt64, isIPv4: Bool), now: UInt32
    ) throws -> (CookieVerdict, WireMessage) {
        var verdict = CookieVerdict.absent
        let (outcome, bytes) = answering(EDNSTests.web.edns(options: options).bytes) { query, message in
            verdict = query.answerCookie(with: secrets, peer: peer, now: now)
            return respond(to: query, in: &message, from: Sample.table, limits: .udp, turn: 0)
        }
        return (verdict, try #require(try reply(outcome, bytes).message))
    }

    // MARK: A cookie and no question (RFC 7873 §5.4)

    @Test func aCookieAlone() throws {
        let (outcome, bytes) = answering(Corpus.cookieAlone) { query, message in
            #expect(query.isCookieAlone && !query.isOrdinary && !query.isDropped)
            #expect(query.answerCookie(with: Corpus.secrets, peer: (0, 1, true), now: 1) == .fresh)
            return refuse(query, in: &message)
        }
        let message = try #require(try reply(outcome, bytes).message)
        #expect(message.code == 0 && message.id == 0x4a5b && message.question == nil)
        #expect(message.answers.isEmpty && message.authorities.isEmpty && !message.isAuthoritative)
        #expect(message.opt?.list.first?.hasPrefix("10 0001020304050607") == true)
        #expect(message.opt?.list.first?.count == 3 + 48)
    }

    static let header: [UInt8] = [0x4a, 0x5b, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    static let noCookieAlone: [(String, [UInt8])] = [
        ("no secrets", Corpus.cookieAlone),
        ("no cookie", header + optRecord(1232)),
        ("another option", header + optRecord(1232, options: ednsOption(3, []))),
        ("a broken cookie", header + optRecord(1232, options: ednsOption(10, [1]))),
        ("a record cut short", header + optRecord(1232, options: ednsOption(10, Array(0..<8))).dropLast()),
        ("another version", header + optRecord(1232, version: 1, options: ednsOption(10, Array(0..<8)))),
        ("two OPT", header.dropLast() + [2] + optRecord(1232, options: ednsOption(10, Array(0..<8))) + optRecord(512)),
        ("no record", header.dropLast() + [0]),
        ("an answer counted", header[..<7] + [1] + Corpus.cookieAlone[8...]),
    ]

    @Test(arguments: noCookieAlone)
    func noQuestionIsAnErrorOtherwise(name: String, query: [UInt8]) throws {
        let message = try #require(try ask(query, Sample.table).message)
        #expect(message.code == 1 && message.byteCount == 12)
    }
}
