import Testing
import WireMessages

@testable import DNS

/// Whatever an upstream says in a well-formed message comes out as it went in: handed on, kept, or joined.
struct ResponsePropertyTests {
    @Test(arguments: 0..<8 as Range<UInt64>) func comesOutAsItWentIn(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<150 {
            let wire = RandomResponse.make(using: &random)
            let expected = try WireMessage(wire.bytes)
            let asked = question(wire.name, wire.type)
            let read = try #require(Response(reading: wire.bytes, to: asked), "\(wire.bytes)")
            let query = WireQuery(wire.name, wire.type)
            let message = try WireMessage(handedOn(read, to: query, limits: .tcp))
            #expect(message.answers == expected.answers && message.authorities == expected.authorities)
            #expect(message.additionals == expected.additionals && message.code == expected.code)
            let small = try WireMessage(handedOn(read, to: query))
            #expect(small.byteCount <= 512 && expected.answers.starts(with: small.answers))
            #expect(
                small.isTruncated
                    == (small.answers.count < expected.answers.count || isDenialCut(small, expected, read)))
            try keepAndJoin(read, wire, expected)
        }
    }

    private func isDenialCut(_ small: WireMessage, _ whole: WireMessage, _ read: Response) -> Bool {
        read.kind != .success && small.authorities.count < whole.authorities.count
    }

    private func keepAndJoin(_ read: Response, _ wire: RandomResponse, _ expected: WireMessage) throws {
        let kept = Kept()
        kept.cache.keep(read, for: read.question, now: kept.now, date: kept.date)
        for query in [WireQuery(wire.name, wire.type), WireQuery(wire.name, wire.type).edns()] {
            guard let found = try kept.ask(query, turn: 3).message else { continue }
            let direct = try WireMessage(
                handedOn(
                    read, to: query, turn: 3, ttl: kept.cache.ttl(of: read), isAuthoritative: false,
                    saying: read.kind == .failure ? .cachedError : nil))
            #expect(found == direct)
        }
        guard wire.name == JoinAliasTests.target, expected.code == 0 || expected.code == 3 else { return }
        let joined = try WireMessage(
            JoinAliasTests.ask(WireQuery("a.zone", wire.type), joining: read, limits: .tcp))
        guard wire.type == 1 || wire.type == 28 else { return }
        #expect(joined.answers.dropFirst(2).map(\.data).map(lowered) == expected.answers.map(\.data).map(lowered))
        #expect(joined.answers.dropFirst(2).map(\.owner).map(lowered) == expected.answers.map(\.owner).map(lowered))
        #expect(
            joined.authorities.isEmpty
                || joined.authorities.map(\.data).map(lowered) == expected.authorities.map(\.data).map(lowered))
    }

    private func lowered(_ text: String) -> String { text.lowercased() }

    /// Our own answers are read where an alias leads back to us.
    @Test func ourOwnAnswersAreReadable() throws {
        for (name, type) in Corpus.names where type < 250 {
            let (outcome, bytes) = answer(WireQuery(name, type).bytes, Sample.table, limits: .tcp)
            guard let count = outcome.byteCount else { continue }
            #expect(Response(reading: Array(bytes[..<count]), to: question(name, type)) != nil, "\(name) \(type)")
        }
    }
}

/// A response with every kind of record, compressed by chance.
struct RandomResponse {
    var bytes: [UInt8] = []
    let name: String
    let type: UInt16
    /// Suffixes that lie in the message, and where.
    private var known: [[String]: Int] = [:]

    private static let labels = ["www", "a", "b", "cdn", "mail", "x-y", "longer-label-of-a-name"]
    private static let tails = ["example.com", "com", "test.example", "www.example.com", "net"]

    static func make(using random: inout SplitMix) -> RandomResponse {
        let name = [JoinAliasTests.target, "a.test.example", "com"].randomElement(using: &random) ?? ""
        var made = RandomResponse(name: name, type: [1, 28, 15, 16, 33, 2].randomElement(using: &random) ?? 1)
        let counts = (0..<3).map { section in Int.random(in: 0...(section == 0 ? 12 : 5), using: &random) }
        let flags: UInt16 = 0x8180 | ([0, 0, 0, 3, 2, 5].randomElement(using: &random) ?? 0)
        made.bytes = octets(7) + octets(flags) + ([1] + counts).flatMap { octets(UInt16($0)) }
        made.append(name: name.split(separator: ".").map(String.init), compresses: false)
        made.bytes += octets(made.type) + octets(1)
        for section in 0..<3 {
            for _ in 0..<counts[section] { made.appendRecord(isAuthority: section == 1, using: &random) }
        }
        return made
    }

    private init(name: String, type: UInt16) {
        self.name = name
        self.type = type
    }

    private mutating func append(name labels: [String], compresses: Bool) {
        var rest = labels
        while !rest.isEmpty {
            if compresses, let at = known[rest] {
                bytes += pointer(at)
                return
            }
            if known[rest] == nil { known[rest] = bytes.count }
            bytes += [UInt8(rest[0].utf8.count)] + Array(rest[0].utf8)
            rest.removeFirst()
        }
        bytes.append(0)
    }

    private mutating func appendName(using random: inout SplitMix, compresses: Bool = true) {
        let tail = Self.tails.randomElement(using: &random) ?? ""
        let head = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in
            Self.labels.randomElement(using: &random)
        }
        append(
            name: head + tail.split(separator: ".").map(String.init),
            compresses: compresses && Int.random(in: 0..<5, using: &random) > 0)
    }

    private mutating func appendRecord(isAuthority: Bool, using random: inout SplitMix) {
        if Bool.random(using: &random) {
            append(name: name.split(separator: ".").map(String.init), compresses: true)
        } else {
            appendName(using: &random)
        }
        let type: UInt16 =
            (isAuthority ? [6, 2] : [1, 1, 1, 28, 28, 5, 2, 15, 16, 33, 65280]).randomElement(using: &random) ?? 1
        bytes += octets(type) + octets(1) + octets(0) + octets(UInt16.random(in: 0...9999, using: &random)) + [0, 0]
        let start = bytes.count
        func random8() -> UInt8 { UInt8.random(in: 0...255, using: &random) }
        switch type {
        case 1: bytes += (0..<4).map { _ in random8() }
        case 28: bytes += (0..<16).map { _ in random8() }
        case 5, 2: appendName(using: &random)
        case 15:
            bytes += octets(10)
            appendName(using: &random)
        case 6:
            appendName(using: &random)
            appendName(using: &random)
            bytes += [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, random8()]
        case 33:
            bytes += octets(1) + octets(2) + octets(3)
            appendName(using: &random, compresses: false)
        case 16: bytes += [3, 97, 98, 99, 0]
        default: bytes += (0..<Int.random(in: 0...40, using: &random)).map { _ in random8() }
        }
        let length = bytes.count - start
        bytes[start - 2] = UInt8(length >> 8)
        bytes[start - 1] = UInt8(length & 255)
    }
}
