import Testing
import WireMessages

@testable import DNS

/// What is kept, for how long, and who gets it.
struct CacheTests {
    static let name = "www.example.com"
    static let query = WireQuery(name, 1)
    static let answer = Responses.addresses(name, 2)
    static let denial = WireResponse(name, 1).with {
        $0.flags = 0x8183
        $0.authorities = [Responses.soa(ttl: 900, minimum: 60)]
    }
    static let failure = WireResponse(name, 1).with { $0.flags = 0x8182 }

    @Test func aHitIsTheAnswerWithItsAge() throws {
        var kept = Kept()
        try kept.keep(Self.answer)
        let query = WireQuery("WWW.example.COM", 1).edns()
        let first = try #require(try kept.ask(query).message)
        #expect(first.question?.name == "WWW.example.COM." && first.data == ["192.0.0.0", "192.0.0.1"])
        #expect(first.answers.map(\.ttl) == [300, 300] && first.opt != nil)
        kept.now += 10_999
        #expect(try kept.ask(query, turn: 1).message?.answers.map(\.ttl) == [290, 290])
        #expect(try kept.ask(query, turn: 1).message?.answers.first?.data == "192.0.0.1")
        kept.pass(seconds: 289)
        #expect(try kept.ask(query).message?.answers.map(\.ttl) == [1, 1])
        kept.pass(seconds: 1)
        #expect(try kept.ask(query) == .miss)
        #expect(kept.cache.counts.success == CacheCounts.Part(entries: 0, hits: 4, evictions: 0))
        #expect(kept.cache.counts.misses == 1)
    }

    @Test(arguments: [
        ("another name", WireQuery("wwx.example.com", 1)), ("a longer name", WireQuery("a.www.example.com", 1)),
        ("another type", WireQuery(name, 28)), ("DO", query.edns(flags: 0x8000)),
        ("CD", query.with { $0.flags = 0x0110 }), ("class CH", query.with { $0.questionClass = 3 }),
    ])
    func isAnotherQuestion(_ description: String, _ other: WireQuery) throws {
        let kept = Kept()
        try kept.keep(Self.answer)
        #expect(try kept.ask(other) == .miss)
        #expect(try kept.ask(Self.query.with { $0.flags = 0x0120 }).message != nil)
    }

    /// RFC 6840 §5.8: who did not ask for the AD bit does not get it; who shares an entry does not matter.
    @Test func authenticatedDataIsShownToThoseWhoAsk() throws {
        let kept = Kept()
        try kept.keep(Self.answer.with { $0.flags = 0x85a0 })
        #expect(try kept.ask(Self.query).message?.flags == 0x8180)
        #expect(try kept.ask(Self.query.with { $0.flags = 0x0120 }).message?.flags == 0x81a0)
        try kept.keep(Self.answer.with { $0.flags = 0x85a0 }, wantsSignatures: true)
        #expect(try kept.ask(Self.query.edns(flags: 0x8000)).message?.flags == 0x81a0)
    }

    struct Term: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let response: WireResponse
        /// Seconds that it is kept; 0 when it is not.
        let seconds: UInt64
        init(_ description: String, _ response: WireResponse, _ seconds: UInt64) {
            testDescription = description
            self.response = response
            self.seconds = seconds
        }
    }

    static let terms: [Term] = [
        Term("its TTL", answer, 300),
        Term("at least five seconds", Responses.addresses(name, 1, ttl: 0), 5),
        Term("at most an hour", Responses.addresses(name, 1, ttl: 86400), 3600),
        Term("a denial by its SOA", denial, 60),
        Term(
            "a denial for half an hour", denial.with { $0.authorities = [Responses.soa(ttl: 9999, minimum: 9999)] },
            1800),
        Term("a denial for five seconds", denial.with { $0.authorities = [Responses.soa(minimum: 0)] }, 5),
        Term("NODATA", denial.with { $0.flags = 0x8180 }, 60),
        Term("a failure", failure, 5),
        Term("NXDOMAIN without SOA", denial.with { $0.authorities = [] }, 0),
        Term("NODATA without SOA", WireResponse(name, 1), 0),
        Term("a cut answer", answer.with { $0.flags = 0x8380 }, 0),
        Term("REFUSED", failure.with { $0.flags = 0x8185 }, 0),
        Term("FORMERR", failure.with { $0.flags = 0x8181 }, 0),
        Term("a chain without its end", WireResponse(name, 1, [Responses.alias(to: wireName("x"))]), 0),
    ]

    @Test(arguments: terms) func isKept(_ c: Term) throws {
        var kept = Kept()
        try kept.keep(c.response)
        guard c.seconds > 0 else {
            #expect(try kept.ask(Self.query) == .miss)
            #expect(kept.cache.counts.drops == 1)
            return
        }
        let first = try #require(try kept.ask(Self.query).message)
        #expect((first.answers + first.authorities).allSatisfy { UInt64($0.ttl) == c.seconds })
        kept.now += c.seconds * 1000 - 1
        #expect(try kept.ask(Self.query).message != nil)
        kept.now += 1
        #expect(try kept.ask(Self.query) == .miss)
    }

    /// Who asks first sees the time that the next ones count down from.
    @Test func theFirstAnswerHasTheTimeOfTheNext() throws {
        let kept = Kept { $0.success.maxTTL = 100 }
        let read = try #require(response(Self.answer))
        kept.cache.keep(read, for: read.question, now: kept.now, date: kept.date)
        let rule = kept.cache.ttl(of: read, date: kept.date)
        let direct = try WireMessage(handedOn(read, to: Self.query, ttl: rule, isAuthoritative: false))
        #expect(direct.answers.map(\.ttl) == [100, 100])
        #expect(try kept.ask(Self.query).message == direct)
    }

    @Test func ttlsMayBeKept() throws {
        var kept = Kept { $0.keepsTTL = true }
        try kept.keep(Self.answer)
        kept.pass(seconds: 299)
        #expect(try kept.ask(Self.query).message?.answers.map(\.ttl) == [300, 300])
        kept.pass(seconds: 1)
        #expect(try kept.ask(Self.query) == .miss)
    }

    @Test func zonesMayBeLeftOut() throws {
        let kept = Kept {
            $0.disabledSuccess = [DNS.Name("Example.com")].compactMap(\.self)
            $0.disabledDenial = [DNS.Name("example.org")].compactMap(\.self)
        }
        try kept.keep(Self.answer)
        #expect(try kept.ask(Self.query) == .miss)
        try kept.keep(Self.denial)
        #expect(try kept.ask(Self.query).message?.code == 3)
    }

    @Test func nothingIsKeptWithoutRoom() throws {
        let kept = Kept {
            $0.success.capacity = 0
            $0.denial.capacity = -1
        }
        try kept.keep(Self.answer)
        try kept.keep(Self.denial)
        #expect(try kept.ask(Self.query) == .miss && kept.cache.counts.denial.entries == 0)
    }

    @Test func aNewAnswerTakesThePlaceOfTheOld() throws {
        let kept = Kept()
        try kept.keep(Self.denial)
        try kept.keep(Self.answer)
        #expect(try kept.ask(Self.query).message?.code == 0)
        #expect(kept.cache.counts.denial.entries == 0 && kept.cache.counts.success.entries == 1)
        try kept.keep(Responses.addresses(Self.name, 3))
        #expect(try kept.ask(Self.query).message?.answers.count == 3)
        #expect(kept.cache.counts.success.entries == 1)
    }

    // MARK: Signatures

    private static func signed(until end: UInt32) -> WireResponse {
        let data = octets(1) + [8, 2] + [0, 0, 1, 44] + octets(UInt16(end >> 16)) + octets(UInt16(end & 0xffff))
        return answer.with { $0.answers.append(wireRecord(46, data + [0, 0, 0, 0, 0, 7, 0, 1, 2, 3])) }
    }

    @Test(arguments: [(0, 0), (-1, 0), (1, 1), (20, 20), (1000, 300)] as [(Int, UInt64)])
    func anAnswerDoesNotOutliveItsSignatures(left: Int, seconds: UInt64) throws {
        var kept = Kept()
        try kept.keep(Self.signed(until: UInt32(Int(kept.date) + left)), wantsSignatures: true)
        let query = Self.query.edns(flags: 0x8000)
        #expect(
            try kept.ask(query).message?.answers.map(\.ttl)
                == (seconds == 0 ? nil : [1, 1, 1].map { $0 * UInt32(seconds) }))
        kept.pass(seconds: seconds)
        #expect(try kept.ask(query) == .miss)
    }

    // MARK: Failures (RFC 9520)

    @Test func aFailureIsRememberedAndSaysSo() throws {
        let kept = Kept()
        kept.cache.keep(
            Response(failure: .serverFailure, to: question(Self.name)), for: question(Self.name), now: kept.now)
        let message = try #require(try kept.ask(Self.query.edns()).message)
        #expect(message.code == 2 && message.opt?.options.dropFirst(8).prefix(4) == "000d")
        #expect(kept.cache.counts.denial.entries == 1)
    }

    @Test func failuresMayBeForgotten() throws {
        let kept = Kept { $0.failureSeconds = 0 }
        try kept.keep(Self.failure)
        #expect(try kept.ask(Self.query) == .miss)
    }

    @Test func aFailureIsNoReasonToForget() throws {
        var kept = Kept { $0.stale = CacheLimits.Stale() }
        try kept.keep(Self.answer)
        try kept.keep(Self.failure)
        #expect(try kept.ask(Self.query).message?.answers.count == 2)
        kept.pass(seconds: 400)
        try kept.keep(Self.failure)
        #expect(try kept.ask(Self.query).message?.answers.count == 2)
        kept.pass(seconds: 3600)
        try kept.keep(Self.failure)
        #expect(try kept.ask(Self.query).message?.code == 2)
        kept.pass(seconds: 5)
        #expect(try kept.ask(Self.query) == .miss)
    }

    // MARK: Stale answers (RFC 8767)

    @Test func aStaleAnswerIsGivenAtOnce() throws {
        var kept = Kept { $0.stale = CacheLimits.Stale(seconds: 60) }
        try kept.keep(Self.answer)
        kept.pass(seconds: 300)
        let found = try kept.ask(Self.query.edns())
        let message = try #require(found.message)
        #expect(message.answers.map(\.ttl) == [0, 0] && found.wantsRefresh)
        #expect(message.opt?.options.dropFirst(8).prefix(4) == "0003")
        #expect(try !kept.ask(Self.query).wantsRefresh)
        kept.pass(seconds: 1)
        #expect(try kept.ask(Self.query).wantsRefresh)
        kept.pass(seconds: 59)
        #expect(try kept.ask(Self.query) == .miss)
        #expect(kept.cache.counts.servedStale == 3 && kept.cache.counts.success.entries == 0)
    }

    @Test func aStaleAnswerIsVerifiedFirst() throws {
        var kept = Kept { $0.stale = CacheLimits.Stale(refresh: .verify, ttl: 7) }
        try kept.keep(Self.denial)
        kept.pass(seconds: 60)
        #expect(try kept.ask(Self.query.edns()) == .staleOnly)
        #expect(try kept.ask(WireQuery("nobody.example", 1), takesStale: true) == .miss)
        #expect(kept.cache.counts.misses == 1)
        let message = try #require(try kept.ask(Self.query.edns(), takesStale: true).message)
        #expect(message.code == 3 && message.authorities.map(\.ttl) == [7])
        #expect(message.opt?.options.dropFirst(8).prefix(4) == "0013")
        try kept.keep(Self.answer)
        #expect(try kept.ask(Self.query, takesStale: true).message?.answers.map(\.ttl) == [300, 300])
    }

    @Test func withoutStaleThereIsNothingToFallBackOn() throws {
        var kept = Kept()
        try kept.keep(Self.answer)
        kept.pass(seconds: 300)
        #expect(try kept.ask(Self.query, takesStale: true) == .miss)
    }

    // MARK: Prefetch

    @Test func popularNamesAreFetchedAgain() throws {
        var kept = Kept { $0.prefetch = CacheLimits.Prefetch(amount: 3, milliseconds: 60_000, percentage: 10) }
        try kept.keep(Self.answer)
        for _ in 0..<3 {
            #expect(try !kept.ask(Self.query).wantsRefresh)
            kept.pass(seconds: 59)
        }
        kept.pass(seconds: 58)
        kept.pass(seconds: 34)
        // 269 s: more than a tenth is left, and the gap was too large.
        #expect(try !kept.ask(Self.query).wantsRefresh)
        kept.pass(seconds: 1)
        #expect(try !kept.ask(Self.query).wantsRefresh)
        #expect(try kept.ask(Self.query).wantsRefresh)
        #expect(try !kept.ask(Self.query).wantsRefresh)
        #expect(kept.cache.counts.prefetches == 1)
        // What was counted stays with the name.
        try kept.keep(Responses.addresses(Self.name, 2, ttl: 5))
        kept.pass(seconds: 4)
        #expect(try kept.ask(Self.query).wantsRefresh)
    }
}
