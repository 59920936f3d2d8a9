import DNS
import Glibc
import LinuxIO
import Logging
import Plugins
import Synchronization

/// One thread that answers the queries of one UDP socket.
final class UDPWorker: Sendable {
    let counters = UDPCounters()
    /// Queries that were handed on; their answers leave by our socket.
    let waiting = Waiting()
    private let socket: DatagramSocket
    private let plan: Published<QueryPlan>
    private let logger: Logger
    private let isStopping = Atomic(false)
    private let hasToldOfGroups = Atomic(false)

    init(_ socket: consuming DatagramSocket, plan: Published<QueryPlan>, logger: Logger) {
        self.socket = socket
        self.plan = plan
        self.logger = logger
    }

    /// The thread's function.
    func run() {
        var desk = PlanDesk(plan, for: .udp)
        var round = UDPRound(on: socket)
        while !isStopping.load(ordering: .relaxed) {
            receive(&round)
            desk.refresh()
            round.answer(at: &desk, for: self)
            send(&round)
        }
        answerWhatIsQueued(&round, at: &desk)
        leaveAddress()
        answerWhatIsQueued(&round, at: &desk)
        // The kernel may have been about to queue a datagram here when we left.
        usleep(Self.deliveryTime)
        answerWhatIsQueued(&round, at: &desk)
    }

    /// In microseconds: more than the kernel takes from finding the socket of a datagram to queueing it there.
    private static let deliveryTime: UInt32 = 2000

    /// For a worker that never ran: leaves the address, and answers what has come in on this thread.
    func giveBack() {
        stop()
        run()
    }

    private func leaveAddress() {
        do {
            try socket.leave()
        } catch {
            // The machine lost the address, most likely, and then nothing comes in any more.
            logger.debug("cannot leave \(socket.localAddress) early", metadata: ["error": "\(error)"])
        }
    }

    /// The thread answers what has arrived, and leaves; nothing more arrives. Queries that wait keep the socket open.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        socket.wake()
    }

    private func receive(_ round: inout UDPRound, waiting: Bool = true) {
        do {
            counters.received.add(UInt64(try round.receive(on: socket, waiting: waiting)))
        } catch {
            // Out of memory, most likely. The pause keeps a lasting error from filling the log and the processor.
            let metadata: Logger.Metadata = ["address": "\(socket.localAddress)", "error": "\(error)"]
            logger.error("cannot receive UDP queries", metadata: metadata)
            usleep(100_000)
        }
    }

    private func send(_ round: inout UDPRound) {
        let result = round.send(on: socket)
        counters.answered.add(UInt64(result.sentCount))
        if let error = result.groupError { tellOnce(error) }
        guard result.failedCount > 0, let error = result.lastError else { return }
        counters.failed.add(UInt64(result.failedCount))
        // A peer that cannot be reached is its own affair; the counter tells how many there are.
        logger.debug("cannot send UDP answers", metadata: ["count": "\(result.failedCount)", "error": "\(error)"])
    }

    private func tellOnce(_ error: SystemError) {
        guard !hasToldOfGroups.exchange(true, ordering: .relaxed) else { return }
        let metadata: Logger.Metadata = ["address": "\(socket.localAddress)", "error": "\(error)"]
        logger.info(
            "the kernel takes no UDP answers together here; each leaves alone, which costs more", metadata: metadata)
    }

    /// Everything that had arrived when we were told to stop. The bound is more than a socket's buffer holds, also of
    /// datagrams that came as one, so that a flood cannot keep us here.
    private func answerWhatIsQueued(_ round: inout UDPRound, at desk: inout PlanDesk) {
        for _ in 0..<8192 {
            receive(&round, waiting: false)
            guard round.count > 0 else { return }
            round.answer(at: &desk, for: self)
            send(&round)
        }
    }

    /// From any thread: an answer that comes after its round.
    func sendLate(_ answer: [UInt8], to way: DatagramReturn) {
        do throws(SystemError) {
            try socket.send(answer, to: way)
            counters.lateAnswered.add()
        } catch {
            counters.lateFailed.add()
            logger.debug("cannot send a UDP answer", metadata: ["error": "\(error)"])
        }
    }
}
