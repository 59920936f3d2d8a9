import DNS
import LinuxIO
import Plugins

/// The queries that arrived together, from reception to the sending of their answers.
struct UDPRound: ~Copyable {
    private var batch: DatagramBatch
    /// What the first pass read, in the order of the slots.
    private var queries: [Query] = []
    /// Datagrams received in this round.
    private(set) var count = 0

    init(on socket: borrowing DatagramSocket) {
        batch = DatagramBatch(for: socket)
        queries.reserveCapacity(DatagramBatch.slotCount)
    }

    mutating func receive(on socket: borrowing DatagramSocket, waiting: Bool) throws(SystemError) -> Int {
        count = 0
        count = try batch.receive(on: socket, waiting: waiting)
        return count
    }

    /// Two passes: the first reads every query, the second answers; what one of them needs stays in the caches.
    /// Who must wait is answered by `worker` later.
    mutating func answer(at desk: inout PlanDesk, for worker: UDPWorker) {
        queries.removeAll(keepingCapacity: true)
        for index in 0..<count {
            batch.withSlot(index) { message, byteCount in
                queries.append(desk.read(&message, byteCount: byteCount))
            }
        }
        desk.warm(queries)
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

    mutating func send(on socket: borrowing DatagramSocket) -> DatagramBatch.SendResult { batch.send(on: socket) }
}
