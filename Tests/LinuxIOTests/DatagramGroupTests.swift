import Glibc
import Testing

@testable import LinuxIO

/// Where a server listens, and where it is asked there.
struct Place: CustomTestStringConvertible, Sendable {
    let listening: String
    let asked: String
    var testDescription: String { "\(asked) at \(listening)" }

    static let all = [
        Place(listening: "127.0.0.1", asked: "127.0.0.1"), Place(listening: "[::1]", asked: "[::1]"),
        Place(listening: "0.0.0.0", asked: "127.0.0.7"), Place(listening: "[::]", asked: "[::1]"),
    ]
}

/// A socket with its batch, and clients that each know what they asked.
private struct Street: ~Copyable {
    let socket: DatagramSocket
    var batch: DatagramBatch
    let clients: [SharedClient]
    let target: SocketAddress
    /// How many queries were answered in each round.
    private(set) var rounds: [Int] = []
    private(set) var sent = DatagramBatch.SendResult()

    init(_ place: Place = Place.all[0], clients count: Int, joinsDatagrams: Bool = true) throws {
        var socket = try DatagramSocket(bindingTo: address("\(place.listening):0"))
        if !joinsDatagrams { socket.joinsDatagrams = false }
        let target = try address("\(place.asked):\(socket.localAddress.port)")
        clients = try (0..<count).map { _ in try SharedClient(isIPv4: target.address.isIPv4) }
        self.target = target
        batch = DatagramBatch(for: socket)
        self.socket = socket
    }

    /// Answers all that is queued.
    mutating func answer(_ body: (inout MutableRawSpan, Int) -> Int) throws {
        while case let count = try batch.receive(on: socket, waiting: false), count > 0 {
            rounds.append(count)
            for index in 0..<count { batch.reply(to: index) { span, byteCount, _ in body(&span, byteCount) } }
            let result = batch.send(on: socket)
            sent.sentCount += result.sentCount
            sent.failedCount += result.failedCount
            if let error = result.groupError { sent.groupError = error }
        }
    }

    mutating func forgetError() { sent.groupError = nil }

    /// What this client got; order is no promise.
    func answers(to client: Int) throws -> [[UInt8]] {
        try clients[client].client.receiveAll().sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// A query says how long its answer shall be, and so does the answer: client, number, length.
private func query(of client: Int, _ number: Int, answer byteCount: Int, queryByteCount: Int = 6) -> [UInt8] {
    let head = [client, number >> 8, number, byteCount >> 8, byteCount, 0].map { UInt8(truncatingIfNeeded: $0) }
    return head + Array(repeating: 0x51, count: queryByteCount - head.count)
}

private func expected(_ query: [UInt8]) -> [UInt8] {
    let byteCount = Int(query[3]) << 8 | Int(query[4])
    return Array((query.prefix(6) + Array(repeating: 0xaa, count: max(byteCount, 6))).prefix(byteCount))
}

private func write(_ span: inout MutableRawSpan, _ queryByteCount: Int) -> Int {
    let byteCount = unsafe span.withUnsafeBytes { Int(unsafe $0[3]) << 8 | Int(unsafe $0[4]) }
    for index in 6..<max(6, byteCount) { span.storeBytes(of: 0xaa, toByteOffset: index, as: UInt8.self) }
    return byteCount
}

private func sorted(_ datagrams: [[UInt8]]) -> [[UInt8]] { datagrams.sorted { $0.lexicographicallyPrecedes($1) } }

@Suite struct DatagramGroupTests {
    struct Mix: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The client and the length of the answer of each query.
        let queries: [(client: Int, byteCount: Int)]
        init(_ name: String, _ queries: [(client: Int, byteCount: Int)]) {
            testDescription = name
            self.queries = queries
        }
    }

    static let mixes = [
        Mix("one answer", [(0, 40)]),
        Mix("a pair of one size", [(0, 40), (0, 40)]),
        Mix("a pair of two sizes", [(0, 40), (0, 90)]),
        Mix("64 of one size from one client", (0..<64).map { _ in (0, 100) }),
        Mix("64 sizes from one client", (0..<64).map { (0, 20 + $0 * 7) }),
        Mix("the longest 64", (0..<64).map { _ in (0, 1344) }),
        Mix("64 of the longest that is grouped", (0..<64).map { _ in (0, 1232) }),
        Mix("around the longest that is grouped", [(0, 1231), (0, 1232), (0, 1232), (0, 1233), (0, 1233), (0, 6)]),
        Mix("sizes by turns", (0..<60).map { (0, [50, 61, 120][$0 % 3]) }),
        Mix("every client once", (0..<16).map { ($0, 60) }),
        Mix("clients by turns", (0..<64).map { ($0 % 4, 60 + $0 % 3) }),
        Mix("clients in blocks", (0..<64).map { ($0 / 16, 60 + $0 % 5 * 11) }),
        Mix("one client among others", (0..<32).map { ($0 < 20 ? 0 : $0 - 19, 77) }),
        Mix("some without an answer", (0..<64).map { ($0 % 2, $0 % 3 == 0 ? 0 : 80) }),
        Mix("no answers", (0..<8).map { _ in (0, 0) }),
        Mix("the shortest answers", (0..<20).map { (0, 6 + $0 % 2) }),
    ]

    @Test(arguments: mixes, Place.all)
    func everyClientGetsItsAnswers(_ mix: Mix, _ place: Place) throws {
        var street = try Street(place, clients: 1 + (mix.queries.map(\.client).max() ?? 0))
        var asked: [[[UInt8]]] = street.clients.map { _ in [] }
        for (number, (client, byteCount)) in mix.queries.enumerated() {
            let bytes = query(of: client, number, answer: byteCount)
            asked[client].append(bytes)
            try street.clients[client].client.send(bytes, to: street.target)
        }
        try street.answer { write(&$0, $1) }
        for client in street.clients.indices {
            let wanted = sorted(asked[client].map(expected).filter { !$0.isEmpty })
            #expect(try street.answers(to: client) == wanted, "client \(client)")
        }
        #expect(street.sent == .init(sentCount: mix.queries.filter { $0.byteCount > 0 }.count))
    }

    /// Any mix of clients, sizes and ways to ask: nothing is lost, doubled, padded or swapped.
    @Test(arguments: Place.all, 0..<12 as Range<UInt64>)
    func anyMixReachesItsClients(_ place: Place, _ seed: UInt64) throws {
        var dice = Dice(state: seed &+ 1)
        var street = try Street(place, clients: Int.random(in: 1...6, using: &dice))
        for _ in 0..<6 {
            var asked: [[[UInt8]]] = street.clients.map { _ in [] }
            let sizes = (0..<Int.random(in: 1...8, using: &dice)).map { _ in Int.random(in: 0...1344, using: &dice) }
            for group in 0..<Int.random(in: 1...8, using: &dice) {
                let client = Int.random(in: street.clients.indices, using: &dice)
                let size = Int.random(in: 6...400, using: &dice)
                let queries = (0..<Int.random(in: 1...9, using: &dice)).map { number in
                    query(
                        of: client, group << 8 | number, answer: sizes.randomElement(using: &dice) ?? 9,
                        queryByteCount: size)
                }
                asked[client] += queries
                if Bool.random(using: &dice) {
                    try street.clients[client].client.sendTogether(queries, size: size, to: street.target)
                } else {
                    for query in queries { try street.clients[client].client.send(query, to: street.target) }
                }
                if Int.random(in: 0..<4, using: &dice) == 0 { try street.answer { write(&$0, $1) } }
            }
            try street.answer { write(&$0, $1) }
            for client in street.clients.indices {
                let wanted = sorted(asked[client].map(expected).filter { !$0.isEmpty })
                #expect(try street.answers(to: client) == wanted, "client \(client)")
            }
        }
        #expect(street.sent.failedCount == 0 && street.sent.groupError == nil)
    }

    /// That the tests above see groups at all.
    @Test func answersToOneClientBecomeFewMessages() throws {
        var street = try Street(clients: 1)
        let shared = street.clients[0]
        try shared.client.receiveTogether()
        for number in 0..<64 {
            try shared.client.send(query(of: 0, number, answer: [50, 61, 120][number % 3]), to: street.target)
        }
        try street.answer { write(&$0, $1) }
        // 21 of 120 take one of 61 along, the other 20 take one of 50 along, 21 of 50 are left.
        let byteCounts = try shared.client.receiveAll().map(\.count)
        #expect(byteCounts == [21 * 120 + 61, 20 * 61 + 50, 21 * 50])
    }

    @Test(arguments: [Place.all[0], Place.all[2]])
    func whatTheKernelRefusesTogetherLeavesAlone(_ place: Place) throws {
        var street = try Street(place, clients: 3)
        // Without checksums there is no segmentation: the kernel refuses messages of several datagrams.
        try street.socket.descriptor.set(SOL_SOCKET, SO_NO_CHECK, to: 1 as Int32)
        for round in 0..<AnswerGroups.restingRounds + 3 {
            var asked: [[[UInt8]]] = street.clients.map { _ in [] }
            for number in 0..<12 {
                let client = number < 8 ? 0 : number % 3
                asked[client].append(query(of: client, number, answer: 40 + number % 2))
                try street.clients[client].client.send(asked[client][asked[client].count - 1], to: street.target)
            }
            let before = street.sent
            street.forgetError()
            try street.answer { write(&$0, $1) }
            #expect(street.sent.sentCount - before.sentCount == 12 && street.sent.failedCount == 0)
            // It is tried once, and again after a rest.
            let isTried = round % (AnswerGroups.restingRounds + 1) == 0
            #expect((street.sent.groupError != nil) == isTried, "round \(round)")
            for client in street.clients.indices {
                let answers = try asked[client].map { _ in try street.clients[client].client.receive().bytes }
                #expect(sorted(answers) == sorted(asked[client].map(expected)), "client \(client)")
            }
        }
    }

    /// Nor does it turn joining off for others, although EINVAL also says that a kernel cannot send together: who gets no
    /// single answer either is no proof of that.
    @Test(arguments: [("255.255.255.255:9", EACCES), ("127.0.0.1:0", EINVAL)])
    func aPeerThatCannotBeReachedFailsAlone(_ peer: String, _ code: Int32) throws {
        var street = try Street(clients: 2)
        for number in 0..<8 {
            try street.clients[number / 4].client.send(query(of: number / 4, number, answer: 30), to: street.target)
        }
        #expect(try street.batch.receive(on: street.socket) == 8)
        for index in 0..<4 { street.batch.setPeer(of: index, to: try address(peer)) }
        for index in 0..<8 { street.batch.reply(to: index) { span, byteCount, _ in write(&span, byteCount) } }
        let result = street.batch.send(on: street.socket)
        #expect(result.sentCount == 4 && result.failedCount == 4)
        #expect(result.lastError?.code == code && result.groupError == nil)
        #expect(try street.answers(to: 1).count == 4)
    }

    /// What a kernel before 5.0 takes: a message for each answer.
    @Test func withoutJoiningEveryAnswerIsAMessage() throws {
        var street = try Street(clients: 1, joinsDatagrams: false)
        let shared = street.clients[0]
        try shared.client.receiveTogether()
        let queries = (0..<12).map { query(of: 0, $0, answer: 40) }
        for query in queries { try shared.client.send(query, to: street.target) }
        try street.answer { write(&$0, $1) }
        #expect(try shared.client.receiveAll() == queries.map(expected))
        #expect(street.sent == .init(sentCount: 12))
    }
}

@Suite struct CoalescedDatagramTests {
    struct Group: CustomTestStringConvertible, Sendable {
        let count: Int
        let size: Int
        /// The last may be shorter.
        let lastByteCount: Int
        var testDescription: String { "\(count) of \(size), the last of \(lastByteCount)" }
        init(_ count: Int, _ size: Int, last: Int? = nil) {
            self.count = count
            self.size = size
            lastByteCount = last ?? size
        }
    }

    static let groups = [
        Group(2, 6), Group(2, 40, last: 7), Group(16, 50), Group(27, 50, last: 44), Group(28, 50), Group(64, 50),
        Group(64, 1020), Group(64, 64, last: 6), Group(5, 1343), Group(5, 1344), Group(5, 1345), Group(3, 2000),
        Group(14, 4416, last: 4415),
    ]

    @Test(arguments: groups, Place.all)
    func aGroupIsCutApart(_ group: Group, _ place: Place) throws {
        var street = try Street(place, clients: 2)
        let queries = (0..<group.count).map { number in
            let byteCount = number == group.count - 1 ? group.lastByteCount : group.size
            return query(of: 0, number, answer: 200 + number % 3, queryByteCount: byteCount)
        }
        let single = query(of: 1, 0, answer: 60, queryByteCount: 30)
        try street.clients[1].client.send(single, to: street.target)
        try street.clients[0].client.sendTogether(queries, size: group.size, to: street.target)
        try street.clients[1].client.send(single, to: street.target)
        var seen: [[UInt8]] = []
        try street.answer { span, byteCount in
            seen.append(unsafe span.withUnsafeBytes { unsafe Array($0.prefix(byteCount)) })
            return write(&span, byteCount)
        }
        #expect(seen == [single] + queries + [single])
        #expect(street.rounds == (group.count + 2 > 64 ? [64, group.count - 62] : [group.count + 2]))
        #expect(try street.answers(to: 0) == sorted(queries.map(expected)))
        #expect(try street.answers(to: 1) == [expected(single), expected(single)])
    }

    @Test func aLongQueryAmongThemIsTruncatedAlone() throws {
        var street = try Street(clients: 1)
        let queries = (0..<3).map { query(of: 0, $0, answer: 50, queryByteCount: $0 == 2 ? 4416 : 5000) }
        try street.clients[0].client.sendTogether(queries, size: 5000, to: street.target)
        #expect(try street.batch.receive(on: street.socket) == 3)
        var truncated: [Bool] = []
        for index in 0..<3 {
            truncated.append(street.batch.isTruncated(index))
            street.batch.withSlot(index) { span, byteCount in
                #expect(span.byteCount == 4416 && byteCount == 4416)
                let bytes = unsafe span.withUnsafeBytes { unsafe Array($0.prefix(4416)) }
                #expect(bytes == Array(queries[index].prefix(4416)))
            }
        }
        #expect(truncated == [true, true, false])
    }

    @Test(arguments: Place.all)
    func eachHasItsWayBack(_ place: Place) throws {
        var street = try Street(place, clients: 3)
        for client in 0..<3 {
            let queries = (0..<4).map { query(of: client, $0, answer: 10) }
            try street.clients[client].client.sendTogether(queries, size: 6, to: street.target)
        }
        #expect(try street.batch.receive(on: street.socket) == 12)
        for index in 0..<12 {
            let way = street.batch.wayBack(of: index)
            let peer = street.batch.peer(of: index)
            #expect(way.peer == peer)
            try street.socket.send([UInt8(index)], to: way)
        }
        for client in 0..<3 {
            for number in 0..<4 as Range<UInt8> {
                let answer = try street.clients[client].client.receive()
                #expect(answer.bytes == [UInt8(client) * 4 + number] && answer.from == street.target)
            }
        }
    }

    @Test func whatIsNotCutYetIsHandedOutBeforeTheWakeIsSeen() throws {
        var street = try Street(clients: 1)
        for group in 0..<3 {
            let queries = (0..<50).map { query(of: 0, group << 8 | $0, answer: 20) }
            try street.clients[0].client.sendTogether(queries, size: 6, to: street.target)
        }
        street.socket.wake()
        try street.answer { write(&$0, $1) }
        #expect(street.rounds == [64, 64, 22])
        #expect(try street.answers(to: 0).count == 150)
        #expect(try street.batch.receive(on: street.socket) == 0)
    }

    /// Groups and single queries by turns: a slot forgets what it held.
    @Test func roundsOfBothKindsFollowEachOther() throws {
        var street = try Street(clients: 1)
        for round in 0..<6 {
            let size = round.isMultiple(of: 2) ? 700 : 1500
            let queries = (0..<5).map { query(of: 0, $0, answer: 30 + round, queryByteCount: size) }
            if round % 3 == 0 {
                for query in queries { try street.clients[0].client.send(query, to: street.target) }
            } else {
                try street.clients[0].client.sendTogether(queries, size: size, to: street.target)
            }
            try street.answer { write(&$0, $1) }
            #expect(try street.answers(to: 0) == sorted(queries.map(expected)), "round \(round)")
        }
        #expect(street.rounds == Array(repeating: 5, count: 6))
    }
}

/// Repeats exactly for a seed.
private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
