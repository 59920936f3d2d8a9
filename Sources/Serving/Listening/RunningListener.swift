import DNS
import LinuxIO
import NIOCore
import Plugins

/// One address at work: its UDP threads and its TCP connections.
final class RunningListener: Sendable {
    let requested: LinuxIO.SocketAddress
    let address: LinuxIO.SocketAddress
    private let plan: Published<QueryPlan>
    let workers: [UDPWorker]
    private let threads: [WorkerThread]
    private let streams: StreamServer
    private let waitingTime: Duration

    init(
        _ bound: BoundListener, id: ListenerID, loops: StreamLoops, group: any EventLoopGroup
    ) async throws {
        requested = bound.requested
        address = bound.address
        plan = bound.plan
        workers = bound.workers
        waitingTime = loops.limits.waitingTime
        streams = try await StreamServer(bound.port.take(), id: id, plan: plan, loops: loops, group: group)
        do {
            threads = try Self.start(workers)
        } catch {
            await streams.stop()
            throw error
        }
    }

    /// All threads or none.
    private static func start(_ workers: [UDPWorker]) throws(SystemError) -> [WorkerThread] {
        var threads: [WorkerThread] = []
        do throws(SystemError) {
            for (index, worker) in workers.enumerated() {
                threads.append(try WorkerThread(name: "udp-\(index)") { worker.run() })
            }
        } catch {
            for worker in workers { worker.stop() }
            throw error
        }
        return threads
    }

    /// Workers ask the new plan at their next batch, at the latest when they next wake.
    func replace(_ plan: QueryPlan) { self.plan.replace(plan) }

    /// Answers what has arrived, and leaves the address; waits for answers that come later.
    func stop() async {
        for worker in workers { worker.stop() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [streams] in await streams.stop() }
            for (worker, thread) in zip(workers, threads) {
                group.addTask { [waitingTime] in
                    await thread.wait()
                    await worker.waiting.end(atMost: waitingTime)
                }
            }
        }
    }
}
