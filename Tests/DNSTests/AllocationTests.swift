import CAllocationCount
import DNS
import Testing

/// The rule of the house: reading a query and answering it allocates nothing.
struct AllocationTests {
    @Test(.enabled(if: allocation_count_is_live()))
    func theCounterCounts() {
        let before = allocation_count()
        let block = Array(repeating: UInt8(1), count: Int.random(in: 5000...6000))
        #expect(allocation_count() > before && block.count >= 5000)
    }

    @Test(.enabled(if: allocation_count_is_live()), arguments: [AnswerLimits.udp, .tcp, Corpus.udp, Corpus.tls])
    func answeringAllocatesNothing(_ limits: AnswerLimits) {
        let table = Sample.table
        count(limits) { query, message in
            respond(to: query, in: &message, from: table, limits: limits, turn: 1)
        }
    }

    @Test(.enabled(if: allocation_count_is_live()), arguments: [Corpus.udp, Corpus.tls])
    func smallAnswersAllocateNothing(_ limits: AnswerLimits) {
        count(limits) { answerAny($0, in: &$1, limits: limits) }
        count(limits) { answerWhoami($0, peer: (1, 2, false), port: 3, in: &$1, limits: limits) }
        count(limits) { query, message in
            localName(of: query, in: &message) == .other ? .dropped : answerLocal(query, in: &message, limits: limits)
        }
        count(limits) { refuse($0, as: .refused, saying: .prohibited, in: &$1, limits: limits) }
    }

    private func count(_ limits: AnswerLimits, _ body: (Query, inout MutableRawSpan) -> Outcome) {
        let seed = AnswerTable.hashSeed
        var room = [UInt8](repeating: 0, count: 65535)
        var span = room.mutableSpan
        var message = unsafe span.mutableBytes
        let corpus = Corpus.queries + Corpus.broken + [Corpus.cookieAlone]
        // Asked once before: in a debug build the runtime makes the metadata of generic types when they are first met.
        for (place, query) in (corpus + corpus).enumerated() {
            for (index, octet) in query.enumerated() {
                message.storeBytes(of: octet, toByteOffset: index, as: UInt8.self)
            }
            let before = allocation_count()
            var read = Query.read(&message, byteCount: query.count, seed: seed, isStream: limits.byteCount > 1232)
            _ = read.answerCookie(with: Corpus.secrets, peer: (0, 1, true), now: 1)
            let outcome = body(read, &message)
            let after = allocation_count()
            #expect(place < corpus.count || after == before, "\(outcome) for \(query)")
        }
    }
}
