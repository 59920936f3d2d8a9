import DNS
import LinuxIO
import Plugins

/// The queries that arrived together, from reception to the sending of their answers.
struct UDPRound: ~Copyable {
    private var batch: DatagramBatch
    /// What the first pass read, in the order of the slots.
    private var queries = InlineArray<64, Query>(repeating: Query())
    /// Datagrams received in this round.
    private(set) var count = 0

    init(on socket: borrowing DatagramSocket) {
        batch = DatagramBatch(for: socket)
        assert(queries.count == DatagramBatch.slotCount)
    }

    mutating func receive(on socket: borrowing DatagramSocket, waiting: Bool) throws(SystemError) -> Int {
        count = 0
        count = try batch.receive(on: socket, waiting: waiting)
        return count
    }

    /// Two passes: the first reads every query, the second answers; what one of them needs stays in the caches.
    /// Who must wait is answered by `worker` later.
    mutating func answer(at desk: inout PlanDesk, for worker: UDPWorker) {
        Self.read(&batch, into: &queries, count: count, at: desk)
        desk.warm(queries.span, count: count)
        for index in 0..<count {
            // A query over 4,416 octets is no query; its sender gets no answer made of half of it.
            guard !batch.isTruncated(index) else { continue }
            batch.reply(to: index) { message, byteCount, wayBack in
                desk.answer(
                    queries[index], in: &message, queryByteCount: byteCount, peer: { wayBack().peer },
                    later: { UDPReturn(wayBack(), of: worker) })
            }
        }
        desk.settle()
    }

    @inline(__always)
    private static func read(
        _ batch: inout DatagramBatch, into queries: inout InlineArray<64, Query>, count: Int,
        at desk: borrowing PlanDesk
    ) {
        for index in 0..<count {
            batch.withSlot(index) { desk.read(&queries[index], from: &$0, byteCount: $1) }
        }
    }

    mutating func send(on socket: borrowing DatagramSocket) -> DatagramBatch.SendResult { batch.send(on: socket) }
}
