import DNS
import Testing
import WireMessages

/// Queries of every kind, for tests of cost and of robustness.
enum Corpus {
    static let names: [(String, UInt16)] = [
        ("web.shop.svc.cluster.local", 1), ("WEB.shop.svc.Cluster.local", 28), ("web.shop.svc.cluster.local", 33),
        ("web.shop.svc.cluster.local", 255), ("_http._tcp.web.shop.svc.cluster.local", 33),
        ("http.tcp.web.shop.svc.cluster.local", 33),
        ("near.shop.svc.cluster.local", 1), ("far.shop.svc.cluster.local", 28), ("c1.shop.svc.cluster.local", 1),
        ("gone.shop.svc.cluster.local", 1), ("ping.shop.svc.cluster.local", 1), ("pod.shop.svc.cluster.local", 1),
        ("10-244-1-7.shop.pod.cluster.local", 1), ("fd00--1.shop.pod.cluster.local", 28),
        ("x.10-244-1-7.shop.pod.verified.test", 1),
        ("nobody.shop.svc.cluster.local", 1), ("cluster.local", 2), ("cluster.local", 6),
        ("dns-version.cluster.local", 16),
        ("1.0.96.10.in-addr.arpa", 12), ("10.in-addr.arpa", 2), ("a.wild.example", 1), ("a.cdn.example", 1),
        ("www.example.com", 1),
        ("x.other.verified.test", 1), ("", 2), ("web.shop.svc.cluster.local", 252),
        ("localhost", 1), ("a.localhost", 28), ("1.0.0.127.in-addr.arpa", 12), ("localhost.cluster.local", 15),
    ]

    static let queries: [[UInt8]] = names.flatMap { name, type in
        let query = WireQuery(name, type)
        return [
            query.bytes, query.edns().bytes,
            query.edns(udpByteCount: 512, flags: 0x8000, options: ednsOption(10, Array(0..<8))).bytes,
            query.edns(options: ednsOption(10, Array(0..<24)) + ednsOption(3, []) + ednsOption(11, [])).bytes,
            query.edns(options: ednsOption(12, [0, 0, 0])).bytes,
        ]
    }
    /// No question, and a client cookie (RFC 7873 §5.4).
    static let cookieAlone: [UInt8] =
        [0x4a, 0x5b, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1] + optRecord(1232, options: ednsOption(10, Array(0..<8)))

    static let id = ServerID(Array("node-a".utf8))
    static let secrets = CookieSecrets(current: CookieSecret(1, 2), previous: CookieSecret(3, 4))
    /// Says all that can be said over UDP.
    static var udp: AnswerLimits {
        var limits = AnswerLimits.udp
        limits.nsid = id?.view
        return limits
    }
    /// Says all that can be said over TLS.
    static var tls: AnswerLimits {
        var limits = AnswerLimits.tcp
        limits.nsid = id?.view
        limits.keepalive = 300
        limits.isEncrypted = true
        return limits
    }
    static let broken: [[UInt8]] = (RefusalTests.drops + RefusalTests.bare + RefusalTests.refusals).map(\.query)
}

struct MutationTests {
    /// Whatever bytes come, nothing traps and every answer is a message; 200,000 edits from a fixed start.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func edits(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var room = [UInt8](repeating: 0, count: udpRoom)
        var answered = 0
        for _ in 0..<25_000 {
            var query = Corpus.queries[Int.random(in: 0..<Corpus.queries.count, using: &random)]
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&query, using: &random) }
            guard query.count <= udpRoom else { continue }
            for index in query.indices { room[index] = query[index] }
            var span = room.mutableSpan
            var message = unsafe span.mutableBytes
            var read = Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed)
            _ = read.answerCookie(with: Corpus.secrets, peer: (0, 1, true), now: 1)
            let turn = UInt32.random(in: 0...9, using: &random)
            let outcome = respond(to: read, in: &message, from: Sample.table, limits: Corpus.udp, turn: turn)
            guard let count = outcome.byteCount else { continue }
            answered += 1
            let answer = Array(room[..<count])
            let size = answer.count
            guard size <= 1232, let read = parsed(answer, to: query) else { continue }
            if read.id != UInt16(query[0]) << 8 | UInt16(query[1]) { #expect(Bool(false), "another id for \(query)") }
        }
        #expect(answered > 10_000)
    }

    private func parsed(_ answer: [UInt8], to query: [UInt8]) -> WireMessage? {
        do {
            return try WireMessage(answer)
        } catch {
            #expect(Bool(false), "\(error) for \(query)")
            return nil
        }
    }

    private func mutate(_ query: inout [UInt8], using random: inout SplitMix) {
        guard !query.isEmpty else { return }
        let at = Int.random(in: 0..<query.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: query[at] = UInt8.random(in: 0...255, using: &random)
        case 1: query[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2: query.remove(at: at)
        case 3: query.insert(UInt8.random(in: 0...255, using: &random), at: at)
        case 4: query.removeSubrange(at...)
        default: query[at] = [0, 1, 12, 63, 64, 0x7f, 0x80, 0xc0, 0xff][Int.random(in: 0..<9, using: &random)]
        }
    }
}
