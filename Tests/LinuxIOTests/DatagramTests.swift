import Glibc
import Testing

@testable import LinuxIO

@Suite struct DatagramSocketTests {
    @Test(arguments: ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0", "[::]:0"])
    func choosesAPort(_ text: String) throws {
        let asked = try address(text)
        let socket = try DatagramSocket(bindingTo: asked)
        #expect(socket.localAddress.address == asked.address)
        #expect(socket.localAddress.port != 0)
    }

    @Test func sharesAPortWithItsOwnKindOnly() throws {
        let first = try DatagramSocket(bindingTo: address("127.0.0.1:0"))
        let second = try DatagramSocket(bindingTo: first.localAddress)
        #expect(second.localAddress == first.localAddress)
        let taken = first.localAddress
        let error = #expect(throws: SystemError.self) { _ = try DatagramSocket(bindingTo: taken, isShared: false) }
        #expect(error == SystemError(call: "bind", code: EADDRINUSE))
    }

    @Test func sharesItsPortOnceItMay() throws {
        let first = try DatagramSocket(bindingTo: address("127.0.0.1:0"), isShared: false)
        let address = first.localAddress
        #expect(throws: SystemError.self) { _ = try DatagramSocket(bindingTo: address) }
        try first.share()
        let second = try DatagramSocket(bindingTo: address)
        var firstBatch = DatagramBatch(for: first)
        var secondBatch = DatagramBatch(for: second)
        for _ in 0..<64 {
            let client = try UDPClient()
            try client.send([1], to: address)
        }
        let firstCount = try firstBatch.receive(on: first, waiting: false)
        let secondCount = try secondBatch.receive(on: second, waiting: false)
        // The kernel spreads clients by a hash; that all 64 hit one socket happens once in 2^63 runs.
        #expect(firstCount > 0 && secondCount > 0 && firstCount + secondCount == 64)
    }

    /// Two sockets that both share a port of the kernel's choice could get the same one.
    @Test func aPortThatItDidNotChooseIsItsAlone() throws {
        let chosen = try DatagramSocket(bindingTo: address("127.0.0.1:0"))
        // Had the first been bound as shared from the start, the kernel would hold no port back from the others: of
        // 500 sockets none may meet another one.
        var ports: Set<UInt16> = [chosen.localAddress.port]
        var holders: [SharedSocket] = []
        for _ in 0..<500 {
            holders.append(SharedSocket(try DatagramSocket(bindingTo: address("127.0.0.1:0"))))
            #expect(ports.insert(holders[holders.count - 1].socket.localAddress.port).inserted)
        }
    }

    @Test(arguments: ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0", "[::]:0"])
    func leavesItsAddressToTheOthers(_ text: String) throws {
        let first = try DatagramSocket(bindingTo: address(text))
        let second = try DatagramSocket(bindingTo: first.localAddress)
        let isIPv4 = first.localAddress.address.isIPv4
        let target = SocketAddress(isIPv4 ? .loopbackIPv4 : .loopbackIPv6, port: first.localAddress.port)
        var firstBatch = DatagramBatch(for: first)
        var secondBatch = DatagramBatch(for: second)
        for _ in 0..<32 { try UDPClient(isIPv4: isIPv4).send([1], to: target) }
        try first.leave()
        let clients = try (0..<32).map { _ in try SharedClient(isIPv4: isIPv4) }
        for client in clients { try client.client.send([2], to: target) }
        // What was queued is still there, what came later is not.
        let oldCount = try firstBatch.receive(on: first, waiting: false)
        #expect(oldCount > 0)
        for index in 0..<oldCount { firstBatch.withSlot(index) { span, _ in #expect(firstByte(span) == 1) } }
        #expect(try firstBatch.receive(on: first, waiting: false) == 0)
        var newCount = 0
        while case let count = try secondBatch.receive(on: second, waiting: false), count > 0 { newCount += count }
        #expect(oldCount + newCount == 64)
    }

    @Test(arguments: ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0", "[::]:0"])
    func answersLaterAlsoWhenItHasLeft(_ text: String) throws {
        let socket = try DatagramSocket(bindingTo: address(text))
        var batch = DatagramBatch(for: socket)
        let isIPv4 = socket.localAddress.address.isIPv4
        let isWildcard = socket.localAddress.address.isUnspecified
        let asked = isIPv4 ? isWildcard ? IPAddress(v4: 0x7f00_0005) : .loopbackIPv4 : .loopbackIPv6
        let target = SocketAddress(asked, port: socket.localAddress.port)
        let clients = try (0..<3).map { _ in try SharedClient(isIPv4: isIPv4) }
        var ways: [DatagramReturn] = []
        for (index, client) in clients.enumerated() {
            try client.client.send([UInt8(index)], to: target)
            #expect(try batch.receive(on: socket) == 1)
            batch.reply(to: 0) { _, _, wayBack in
                ways.append(wayBack())
                return 0
            }
            #expect(batch.send(on: socket) == DatagramBatch.SendResult())
        }
        #expect(ways[0].peer.address == (isIPv4 ? .loopbackIPv4 : .loopbackIPv6))
        #expect(Set(ways.map(\.peer.port)).count == 3)
        try socket.leave()
        socket.wake()
        for index in [2, 0, 1] {
            try socket.send([9, UInt8(index)], to: ways[index])
            let answer = try clients[index].client.receive()
            #expect(answer.bytes == [9, UInt8(index)])
            #expect(answer.from == target)
        }
    }

    @Test func saysWhyALateAnswerDidNotLeave() throws {
        let socket = try DatagramSocket(bindingTo: address("127.0.0.1:0"))
        var batch = DatagramBatch(for: socket)
        try UDPClient().send([1], to: socket.localAddress)
        #expect(try batch.receive(on: socket) == 1)
        batch.setPeer(of: 0, to: try address("255.255.255.255:9"))
        let way = batch.wayBack(of: 0)
        let error = #expect(throws: SystemError.self) { try socket.send([1], to: way) }
        #expect(error == SystemError(call: "sendmsg", code: EACCES))
    }

    @Test func saysThatAnAddressIsNotOurs() throws {
        let foreign = try address("203.0.113.1:0")
        let error = #expect(throws: SystemError.self) { _ = try DatagramSocket(bindingTo: foreign) }
        #expect(error?.code == EADDRNOTAVAIL)
    }

    @Test func bothWildcardsFitOnOnePort() throws {
        let v4 = try DatagramSocket(bindingTo: address("0.0.0.0:0"))
        let v6 = try DatagramSocket(bindingTo: address("[::]:\(v4.localAddress.port)"))
        #expect(v6.localAddress.port == v4.localAddress.port)
    }

    @Test func wakesAReceiverAndStillHandsOutWhatIsQueued() throws {
        let socket = try DatagramSocket(bindingTo: address("127.0.0.1:0"), wakeInterval: .seconds(30))
        var batch = DatagramBatch(for: socket)
        let client = try UDPClient()
        try client.send([1], to: socket.localAddress)
        try client.send([], to: socket.localAddress)
        socket.wake()
        #expect(try batch.receive(on: socket) == 2)
        #expect(try batch.receive(on: socket) == 0)
        #expect(try batch.receive(on: socket, waiting: false) == 0)
    }

    @Test func wakesAThreadThatWaits() async throws {
        let shared = SharedSocket(try DatagramSocket(bindingTo: address("127.0.0.1:0"), wakeInterval: .seconds(30)))
        let client = try UDPClient()
        let thread = try WorkerThread(name: "wakes") {
            var batch = DatagramBatch(for: shared.socket)
            do {
                #expect(try batch.receive(on: shared.socket) == 1)
                batch.reply(to: 0) { _, byteCount, _ in byteCount }
                _ = batch.send(on: shared.socket)
                #expect(try batch.receive(on: shared.socket) == 0)
            } catch { Issue.record(error) }
        }
        try client.send([7], to: shared.socket.localAddress)
        #expect(try client.receive().bytes == [7])
        shared.socket.wake()
        await thread.wait()
    }

    @Test func returnsAfterItsInterval() throws {
        let socket = try DatagramSocket(bindingTo: address("127.0.0.1:0"), wakeInterval: .milliseconds(1))
        var batch = DatagramBatch(for: socket)
        #expect(try batch.receive(on: socket) == 0)
    }
}

private func firstByte(_ span: borrowing MutableRawSpan) -> UInt8 { unsafe span.bytes.unsafeLoad(as: UInt8.self) }

final class SharedClient: Sendable {
    let client: UDPClient
    init(isIPv4: Bool) throws { client = try UDPClient(isIPv4: isIPv4) }
}

final class SharedSocket: Sendable {
    let socket: DatagramSocket
    init(_ socket: consuming DatagramSocket) { self.socket = socket }
}

@Suite struct DatagramBatchTests {
    /// Sends each query, answers them in one round with `body`, and gives the answers in order.
    private func round(
        _ queries: [[UInt8]], listening text: String = "127.0.0.1:0",
        _ body: (inout MutableRawSpan, Int) -> Int
    ) throws -> [[UInt8]] {
        let socket = try DatagramSocket(bindingTo: address(text))
        var batch = DatagramBatch(for: socket)
        let client = try UDPClient(isIPv4: socket.localAddress.address.isIPv4)
        for query in queries { try client.send(query, to: socket.localAddress) }
        let count = try batch.receive(on: socket)
        #expect(count == queries.count)
        for index in 0..<count { batch.reply(to: index) { span, byteCount, _ in body(&span, byteCount) } }
        let result = batch.send(on: socket)
        let answers = try client.receiveAll()
        #expect(result == DatagramBatch.SendResult(sentCount: answers.count))
        return answers
    }

    @Test(arguments: ["127.0.0.1:0", "[::1]:0"])
    func answersAFullBatchInPlace(_ text: String) throws {
        let queries = (0..<64).map { [UInt8($0), 1, 2, 3] }
        let answers = try round(queries, listening: text) { bytes, byteCount in
            bytes.storeBytes(of: 0xff, toByteOffset: byteCount, as: UInt8.self)
            return byteCount + 1
        }
        #expect(answers == queries.map { $0 + [0xff] })
    }

    @Test func leavesOutWhatIsNotAnswered() throws {
        let queries = (0..<10).map { [UInt8($0)] }
        let answers = try round(queries) { bytes, byteCount in
            unsafe bytes.withUnsafeBytes { unsafe $0[0] } % 3 == 0 ? 0 : byteCount
        }
        #expect(answers == [[1], [2], [4], [5], [7], [8]])
    }

    @Test func sendsNothingForNoAnswers() throws {
        #expect(try round([[1], [2]]) { _, _ in 0 } == [])
    }

    @Test(arguments: [0, 1, 1343, 1344, 1345, 2000, 4416])
    func receivesAnyLengthWhole(_ byteCount: Int) throws {
        let query = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var seen: [UInt8] = []
        let answers = try round([[9], query, [8]]) { bytes, byteCount in
            seen = unsafe bytes.withUnsafeBytes { unsafe Array($0.prefix(byteCount)) }
            bytes.storeBytes(of: 0xaa, as: UInt8.self)
            return min(max(byteCount, 1), 1344)
        }
        #expect(seen == [8])
        let expected = [UInt8(0xaa)] + query.dropFirst().prefix(1343)
        // Those to one client may leave in another order.
        #expect(answers.sorted { $0.count < $1.count } == [[0xaa], [0xaa], expected].sorted { $0.count < $1.count })
    }

    @Test func saysWhatIsTruncated() throws {
        let socket = try DatagramSocket(bindingTo: address("127.0.0.1:0"))
        var batch = DatagramBatch(for: socket)
        let client = try UDPClient()
        for byteCount in [4416, 4417] {
            try client.send(Array(repeating: 1, count: byteCount), to: socket.localAddress)
        }
        #expect(try batch.receive(on: socket) == 2)
        let truncated = [batch.isTruncated(0), batch.isTruncated(1)]
        #expect(truncated == [false, true])
        var counts: [Int] = []
        batch.withSlot(1) { span, byteCount in counts = [span.byteCount, byteCount] }
        #expect(counts == [4416, 4416])
    }

    @Test func aShortRoundAfterALongOneIsFresh() throws {
        let socket = try DatagramSocket(bindingTo: address("127.0.0.1:0"))
        var batch = DatagramBatch(for: socket)
        let client = try UDPClient()
        for _ in 0..<3 {
            for byteCount in [3000, 20, 1344] {
                let query = [UInt8](repeating: 5, count: byteCount)
                try client.send(query, to: socket.localAddress)
                #expect(try batch.receive(on: socket) == 1)
                batch.withSlot(0) { span, seen in #expect(seen == byteCount && span.byteCount >= 1344) }
                batch.reply(to: 0) { _, _, _ in 12 }
                #expect(batch.send(on: socket).sentCount == 1)
                #expect(try client.receive().bytes == Array(repeating: 5, count: 12))
            }
        }
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.5", "127.9.9.9"])
    func answersFromTheAddressThatWasAsked(_ asked: String) throws {
        let socket = try DatagramSocket(bindingTo: address("0.0.0.0:0"))
        var batch = DatagramBatch(for: socket)
        let client = try UDPClient()
        let target = try address("\(asked):\(socket.localAddress.port)")
        for round in 0..<3 {
            try client.send([1], to: target)
            #expect(try batch.receive(on: socket) == 1)
            let peer = batch.peer(of: 0)
            #expect(peer.address == IPAddress("127.0.0.1"))
            batch.reply(to: 0) { _, byteCount, _ in byteCount }
            #expect(batch.send(on: socket).sentCount == 1)
            #expect(try client.receive().from == target, "round \(round)")
        }
    }

    @Test func answersOverIPv6FromAWildcard() throws {
        let socket = try DatagramSocket(bindingTo: address("[::]:0"))
        var batch = DatagramBatch(for: socket)
        let client = try UDPClient(isIPv4: false)
        try client.send([1], to: address("[::1]:\(socket.localAddress.port)"))
        #expect(try batch.receive(on: socket) == 1)
        let peer = batch.peer(of: 0)
        #expect(peer.address == IPAddress("::1"))
        batch.reply(to: 0) { _, byteCount, _ in byteCount }
        #expect(batch.send(on: socket).sentCount == 1)
        #expect(try client.receive().from.address == IPAddress("::1"))
    }

    @Test func countsWhatTheKernelRefusesAndGoesOn() throws {
        let socket = try DatagramSocket(bindingTo: address("127.0.0.1:0"))
        var batch = DatagramBatch(for: socket)
        let client = try UDPClient()
        for byte in 0..<3 as Range<UInt8> { try client.send([byte], to: socket.localAddress) }
        #expect(try batch.receive(on: socket) == 3)
        for index in 0..<3 { batch.reply(to: index) { _, byteCount, _ in byteCount } }
        batch.setPeer(of: 1, to: try address("255.255.255.255:9"))  // EACCES without SO_BROADCAST
        let result = batch.send(on: socket)
        #expect(result.sentCount == 2 && result.failedCount == 1)
        #expect(result.lastError?.code == EACCES)
        #expect(try client.receiveAll() == [[0], [2]])
    }
}
