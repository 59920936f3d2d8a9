import DNS
import LinuxIO
import NIOCore
import Plugins
import Synchronization

/// One address at work: its UDP threads and its TCP connections.
final class RunningListener: Sendable {
    private struct Seat {
        let worker: UDPWorker
        let thread: WorkerThread
    }

    private struct Crew {
        var working: [Seat] = []
        /// Given up, and still answering what had arrived.
        var leaving: [Seat] = []
        /// What workers counted that are gone.
        var gone = ServingCounts.Datagrams()
    }

    let requested: LinuxIO.SocketAddress
    let address: LinuxIO.SocketAddress
    let plan: Published<QueryPlan>
    private let crew = Mutex(Crew())
    private let streams: StreamServer
    private let waitingTime: Duration

    init(
        _ bound: BoundListener, id: ListenerID, loops: StreamLoops, group: any EventLoopGroup
    ) async throws {
        requested = bound.requested
        address = bound.address
        plan = bound.plan
        waitingTime = loops.limits.waitingTime
        streams = try await StreamServer(
            bound.port.take(), id: id, plan: plan, limits: bound.limits, loops: loops, group: group)
        do {
            try hire(bound.workers)
        } catch {
            await streams.stop()
            throw error
        }
    }

    /// Starts their threads, all or none.
    func hire(_ workers: [UDPWorker]) throws(SystemError) {
        var seats: [Seat] = []
        do throws(SystemError) {
            for (index, worker) in zip(workerCount..., workers) {
                seats.append(
                    Seat(worker: worker, thread: try WorkerThread(name: "udp-\(index)") { worker.run() }))
            }
        } catch {
            for seat in seats { seat.worker.stop() }
            throw error
        }
        let hired = seats
        crew.withLock { $0.working += hired }
    }

    var workerCount: Int { crew.withLock { $0.working.count } }

    /// What its UDP workers have counted so far.
    var counts: ServingCounts.Datagrams {
        crew.withLock { crew in
            var counts = ServingCounts()
            counts.udp = crew.gone
            for seat in crew.working + crew.leaving { counts.add(seat.worker) }
            return counts.udp
        }
    }

    /// Workers ask the new plan at their next batch, at the latest when they next wake.
    func replace(_ listener: ServerPlan.Listener) {
        plan.replace(listener.plan)
        streams.replace(listener.streamLimits)
    }

    /// Lets a socket that is about to replace this one bind to an address that overlaps ours.
    func shareStreams() async throws { try await streams.share() }

    /// Lets the last ones go: the others are sent their clients, and they answer what has arrived.
    func keep(_ count: Int) async { await dismiss(keeping: count) }

    /// Answers what has arrived, and leaves the address; waits for answers that come later.
    func stop() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [streams] in await streams.stop() }
            group.addTask { await self.dismiss(keeping: 0) }
        }
    }

    private func dismiss(keeping count: Int) async {
        let seats = crew.withLock { crew in
            let seats = Array(crew.working.dropFirst(count))
            crew.working.removeLast(seats.count)
            crew.leaving += seats
            return seats
        }
        for seat in seats { seat.worker.stop() }
        await withTaskGroup(of: Void.self) { group in
            for seat in seats {
                group.addTask { [waitingTime] in
                    await seat.thread.wait()
                    await seat.worker.waiting.end(atMost: waitingTime)
                }
            }
        }
        crew.withLock { crew in
            crew.leaving.removeAll { seat in seats.contains { $0.worker === seat.worker } }
            var counts = ServingCounts()
            counts.udp = crew.gone
            for seat in seats { counts.add(seat.worker) }
            crew.gone = counts.udp
            // Whoever has waited too long is not waited for any more.
            crew.gone.waiting = 0
        }
    }
}
