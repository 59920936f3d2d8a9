import Testing
import WireMessages

@testable import DNS

/// An OPT record that ends the query is read at a glance; the glance sees what the long look sees.
struct LoneOPTTests {
    /// Everything that reading found, so that a difference in any of it shows.
    struct Found: Equatable {
        let verdict: Query.Verdict
        let refusal: ResponseCode
        let udpByteCount: UInt16?
        let wantsSignatures: Bool?
        let options: QueryOptions?
        let isPlain: Bool

        init(_ bytes: [UInt8]) {
            var room = bytes + [UInt8](repeating: 0, count: 1344 - bytes.count)
            var span = room.mutableSpan
            var message = unsafe span.mutableBytes
            let query = Query.read(&message, byteCount: bytes.count, seed: 7)
            verdict = query.verdict
            refusal = query.refusal
            udpByteCount = query.edns?.udpByteCount
            wantsSignatures = query.edns?.wantsSignatures
            options = query.edns?.options
            isPlain = query.isPlain
        }
    }

    /// One octet more behind the record is passed over, but takes the long look.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func bothLooksAgree(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        let plain = WireQuery("web.shop.svc.cluster.local", 1).edns().bytes
        for _ in 0..<5000 {
            var query = plain
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let at = query.count - Int.random(in: 3...11, using: &random)
                query[at] = Bool.random(using: &random) ? 0 : UInt8.random(in: .min ... .max, using: &random)
            }
            #expect(Found(query) == Found(query + [0]), "\(query.suffix(11))")
        }
    }

    @Test func mostQueriesArePlain() {
        let query = WireQuery("web.shop.svc.cluster.local", 1)
        #expect(Found(query.bytes).isPlain)
        #expect(Found(query.edns().bytes).isPlain)
        #expect(!Found(query.edns(options: ednsOption(10, Array(0..<8))).bytes).isPlain)
        #expect(!Found(WireQuery("web.shop.svc.cluster.local", 252).bytes).isPlain)
    }
}

/// The short way out of a table says what the long one says.
struct WholeAnswerTests {
    @Test(arguments: [AnswerLimits.udp, .udp(atMost: 512), .tcp])
    func bothWaysAgree(_ limits: AnswerLimits) {
        for query in Corpus.queries {
            for turn in 0..<7 as Range<UInt32> {
                let short = answer(query, limits, turn, isPlain: true)
                #expect(short == answer(query, limits, turn, isPlain: false), "\(query)")
            }
        }
    }

    /// Names of one to seven labels that look like those of a cluster, most of which do not exist: ports without underscores,
    /// addresses, what a search list makes of them, names of every zone.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func bothWaysAgreeOnNamesThatMayExist(_ seed: UInt64) {
        let words = [
            "svc", "SVC", "pod", "Pod", "dns", "http", "_http", "tcp", "_TCP", "udp", "_udp", "sctp", "_sctp", "xtcp",
            "web", "shop", "10-0-0-1", "fd00--1", "a", "svd", "0vc",
        ]
        let zones = [
            "cluster.local", "svc.cluster.local", "shop.svc.cluster.local", "web.shop.svc.cluster.local",
            "shop.pod.cluster.local", "verified.test", "shop.pod.verified.test", "deep.verified.test",
            "other.verified.test",
            "10.in-addr.arpa", "elsewhere",
        ]
        var random = SplitMix(seed: seed)
        var codes: Set<UInt8> = []
        for _ in 0..<4000 {
            let count = Int.random(in: 0...4, using: &random)
            let labels = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
            let name = (labels + [zones[Int.random(in: 0..<zones.count, using: &random)]]).joined(separator: ".")
            let type = [1, 28, 33, 6][Int.random(in: 0..<4, using: &random)] as UInt16
            let bare = WireQuery(name, type)
            let query = Bool.random(using: &random) ? bare.bytes : bare.edns().bytes
            let short = answer(query, .udp, 0, isPlain: true)
            #expect(short == answer(query, .udp, 0, isPlain: false), "\(name) \(type)")
            if short.count > 3 { codes.insert(short[3] & 15) }
        }
        #expect(codes == [0, 3])
    }

    private func answer(_ query: [UInt8], _ limits: AnswerLimits, _ turn: UInt32, isPlain: Bool) -> [UInt8] {
        var room = query + [UInt8](repeating: 0, count: 65535 - query.count)
        var outcome = Outcome.dropped
        do {
            var span = room.mutableSpan
            var message = unsafe span.mutableBytes
            var read = Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed)
            if !isPlain { read.isPlain = false }
            outcome = respond(to: read, in: &message, from: Sample.table, limits: limits, turn: turn)
        }
        return Array(room.prefix(outcome.byteCount ?? 0))
    }
}

/// What a batch's answers lie in is read ahead.
struct WarmingTests {
    /// Names that a table has, names that it lacks, and what is no query at all.
    @Test func warmingReadsWhatItMay() {
        var room = [UInt8](repeating: 0, count: 1344)
        var span = room.mutableSpan
        var message = unsafe span.mutableBytes
        let queries = (Corpus.queries + Corpus.broken).map { query in
            for (index, octet) in query.enumerated() {
                message.storeBytes(of: octet, toByteOffset: index, as: UInt8.self)
            }
            return Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed)
        }
        let table = Sample.table
        let sum = table.view.warm(queries.span, count: queries.count)
        #expect(sum != 0 && sum == table.view.warm(queries.span, count: queries.count))
        #expect(table.view.warm(queries.span, count: 0) == 0)
    }
}

/// Names are hashed without looking for letters, and told apart letter by letter.
struct FoldingTests {
    @Test(arguments: [
        ("Web.Shop", "web.shop", true), ("WEB-0.SHOP", "web-0.shop", true), ("a@b", "a`b", false),
        ("x[y", "x{y", false),
        ("12345678", "12345678", true), ("1234567Z", "1234567z", true), ("1234567[", "1234567{", false),
    ])
    func spellings(_ one: String, _ other: String, _ isSame: Bool) throws {
        let name = try #require(Name(wire: wire(one)))
        let second = try #require(Name(wire: wire(other)))
        #expect(name.lowercased.hash(seed: 3) == second.lowercased.hash(seed: 3))
        #expect((name.lowercased == second.lowercased) == isSame)
    }

    private func wire(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + $0.utf8 } + [0]
    }
}
