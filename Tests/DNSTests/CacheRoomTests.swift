import CAllocationCount
import Testing
import WireMessages

@testable import DNS

/// How much a cache holds, and what goes when it is full.
struct CacheRoomTests {
    private func wire(_ index: Int, octets byteCount: Int = 0, denial: Bool = false) -> WireResponse {
        WireResponse("n\(index).example", 65280).with {
            let data = [UInt8](repeating: 0x61, count: byteCount) + [UInt8(index & 255)]
            $0.answers = denial ? [] : [wireRecord(65280, data)]
            $0.authorities = denial ? [Responses.soa()] : []
            $0.flags = denial ? 0x8183 : 0x8180
        }
    }

    private func holds(_ index: Int, _ kept: Kept) throws -> Bool {
        try kept.ask(WireQuery("n\(index).example", 65280), limits: .tcp).message != nil
    }

    @Test func theOldestGoesFirst() throws {
        let kept = Kept { $0.success.capacity = 10 }
        for index in 0..<25 { try kept.keep(wire(index)) }
        #expect(kept.cache.counts.success == CacheCounts.Part(entries: 10, hits: 0, evictions: 15))
        for index in 0..<25 { #expect(try holds(index, kept) == (index >= 15)) }
        #expect(kept.cache.counts.denial.entries == 0)
    }

    @Test func whatWasAskedForIsSparedOnce() throws {
        let kept = Kept { $0.success.capacity = 10 }
        for index in 0..<10 { try kept.keep(wire(index)) }
        #expect(try holds(0, kept) && holds(3, kept))
        for index in 10..<18 { try kept.keep(wire(index)) }
        for index in 0..<18 { #expect(try holds(index, kept) == (index >= 10 || index == 0 || index == 3), "\(index)") }
        // All of them were asked for now: some are spared, but there is always room for a new one.
        for index in 18..<40 { try kept.keep(wire(index)) }
        #expect(try holds(39, kept) && kept.cache.counts.success.entries == 10)
    }

    @Test func theHalvesDoNotPushEachOtherOut() throws {
        let kept = Kept {
            $0.success.capacity = 5
            $0.denial.capacity = 5
        }
        for index in 0..<5 { try kept.keep(wire(index)) }
        for index in 100..<200 { try kept.keep(wire(index, denial: true)) }
        for index in 0..<5 { #expect(try holds(index, kept)) }
        #expect(kept.cache.counts.denial == CacheCounts.Part(entries: 5, hits: 0, evictions: 95))
    }

    /// 100 entries may take 100 KiB: of answers with 4,000 octets there is room for about 25.
    @Test func octetsAreLimitedToo() throws {
        let kept = Kept { $0.success.capacity = 100 }
        for index in 0..<300 { try kept.keep(wire(index, octets: 4000)) }
        let counts = kept.cache.counts.success
        #expect((20...25).contains(counts.entries) && counts.evictions == 300 - UInt64(counts.entries))
        for index in 0..<300 { #expect(try holds(index, kept) == (index >= 300 - counts.entries)) }
    }

    @Test func anAnswerAsLargeAsTheCacheIsNotKept() throws {
        let kept = Kept { $0.success.capacity = 100 }
        try kept.keep(wire(1))
        try kept.keep(wire(2, octets: 60_000))
        #expect(try holds(1, kept) && !holds(2, kept))
    }

    /// Against a plain dictionary: whatever comes, what is found is the newest that was kept.
    @Test(arguments: 0..<4 as Range<UInt64>) func whatIsFoundIsTheNewest(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var kept = Kept {
            $0.success.capacity = 40
            $0.denial.capacity = 20
        }
        var newest: [Int: WireResponse] = [:]
        var found = 0
        for _ in 0..<2000 {
            let index = Int.random(in: 0..<120, using: &random)
            if Bool.random(using: &random) {
                let response = wire(
                    index, octets: Int.random(in: 0..<2500, using: &random),
                    denial: Int.random(in: 0..<4, using: &random) == 0)
                try kept.keep(response)
                newest[index] = response
            } else if let message = try kept.ask(WireQuery("n\(index).example", 65280), limits: .tcp).message {
                found += 1
                let expected = try WireMessage(try #require(newest[index]).bytes)
                #expect(message.code == expected.code && message.data == expected.data)
            }
            kept.now += 10
        }
        let counts = kept.cache.counts
        #expect(counts.success.entries <= 40 && counts.denial.entries <= 20 && found > 200)
    }

    @Test func sixteenShardsAreOneCache() throws {
        let kept = Kept()
        for index in 0..<12_000 { try kept.keep(wire(index)) }
        let counts = kept.cache.counts.success
        #expect(counts.entries + Int(counts.evictions) == 12_000 && (9_500...9_984).contains(counts.entries))
    }

    // MARK: Cost

    @Test(.enabled(if: allocation_count_is_live()), arguments: [AnswerLimits.udp, .tcp])
    func hitsAndMissesAllocateNothing(_ limits: AnswerLimits) throws {
        let kept = Kept { $0.prefetch = CacheLimits.Prefetch(amount: 1, percentage: 90) }
        try kept.keep(CacheTests.answer)
        try kept.keep(Responses.addresses("many.example", 200))
        try kept.keep(wire(1, denial: true))
        let queries = [
            CacheTests.query, CacheTests.query.edns(), WireQuery("many.example", 1).edns(),
            WireQuery("n1.example", 65280),
            WireQuery("nobody.example", 1), CacheTests.query.with { $0.flags = 0x0110 },
        ]
        var room = [UInt8](repeating: 0, count: 65535)
        var span = room.mutableSpan
        var message = unsafe span.mutableBytes
        // Asked once before: in a debug build the runtime makes the metadata of generic types when they are first met.
        for (place, query) in (queries + queries).map(\.bytes).enumerated() {
            for (index, octet) in query.enumerated() {
                message.storeBytes(of: octet, toByteOffset: index, as: UInt8.self)
            }
            let before = allocation_count()
            let read = Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed)
            let now = kept.now + UInt64(place) * 40_000
            let outcome = kept.cache.answer(read, in: &message, limits: limits, turn: 1, now: now)
            let after = allocation_count()
            #expect(place < queries.count || after == before, "\(outcome) for \(query)")
        }
    }

    // MARK: Many at once

    @Test func everyHitIsAnAnswerThatWasKept() async throws {
        let cache = AnswerCache(CacheLimits())
        let responses = try (0..<64).map { try #require(response(wire($0, octets: $0 * 10))) }
        let expected = try (0..<64).map { try WireMessage(wire($0, octets: $0 * 10).bytes).data }
        let hits = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<4 as Range<UInt64> {
                group.addTask {
                    var random = SplitMix(seed: worker)
                    var hits = 0
                    for step in 0..<1000 {
                        let index = Int.random(in: 0..<64, using: &random)
                        if step % 3 == 0 {
                            cache.keep(responses[index], for: responses[index].question, now: UInt64(step))
                        }
                        let (outcome, bytes) = inPlace(WireQuery("n\(index).example", 65280), .tcp) { query, message in
                            cache.answer(query, in: &message, limits: .tcp, turn: 0, now: UInt64(step))
                        }
                        guard case .answered(let count, _) = outcome else { continue }
                        hits += 1
                        let data = (try? WireMessage(Array(bytes[..<count])))?.data
                        if data != expected[index] { Issue.record("another answer for \(index)") }
                    }
                    return hits
                }
            }
            return await group.reduce(0, +)
        }
        #expect(hits > 1000)
    }
}
