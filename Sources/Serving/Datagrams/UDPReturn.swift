import LinuxIO
import Plugins
import Synchronization

/// The way back to one client of UDP. Keeps the socket open until the answer has left; a query that was given up
/// without a word ends here too.
final class UDPReturn: ReturnAddress {
    private let worker: UDPWorker
    private let way: DatagramReturn
    private let isUsed = Atomic(false)

    init(_ way: DatagramReturn, of worker: UDPWorker) {
        self.way = way
        self.worker = worker
        worker.waiting.enter()
    }

    deinit {
        if !isUsed.load(ordering: .acquiring) { worker.waiting.leave() }
    }

    var peer: LinuxIO.SocketAddress { way.peer }

    func send(_ answer: [UInt8]) {
        precondition(!isUsed.exchange(true, ordering: .acquiringAndReleasing), "a query is answered once")
        if !answer.isEmpty { worker.sendLate(answer, to: way) }
        worker.waiting.leave()
    }
}
