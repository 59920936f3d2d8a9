import LinuxIO
import Plugins

extension QueryPlan {
    /// Asks a desk of its own, without a socket; waits for an answer that comes later.
    /// - Returns: empty when nothing is to be sent.
    func answer(_ query: [UInt8], over transport: Transport = .udp) async -> [UInt8] {
        let client = LateAnswer()
        var isLate = false
        let answer = answerNow(query, over: transport, client) { isLate = true }
        return isLate ? await client.answer() : answer
    }

    private func answerNow(
        _ query: [UInt8], over transport: Transport, _ client: LateAnswer, waits: () -> Void
    ) -> [UInt8] {
        var desk = makeDesk(for: transport)
        var room = query + [UInt8](repeating: 0, count: 65535 - query.count)
        var span = room.mutableSpan
        var message = unsafe span.mutableBytes
        let later: () -> any ReturnAddress = {
            waits()
            return client
        }
        let count = desk.answer(
            &message, queryByteCount: query.count, peer: { client.peer }, later: later)
        return Array(room[..<count])
    }
}

/// A client that waits for one answer.
private final class LateAnswer: ReturnAddress {
    let peer = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 40000)
    private let answers: AsyncStream<[UInt8]>
    private let sender: AsyncStream<[UInt8]>.Continuation

    init() {
        (answers, sender) = AsyncStream.makeStream(of: [UInt8].self)
    }

    func send(_ answer: [UInt8]) {
        sender.yield(answer)
        sender.finish()
    }

    func answer() async -> [UInt8] {
        var all: [UInt8] = []
        for await answer in answers { all += answer }
        return all
    }
}
