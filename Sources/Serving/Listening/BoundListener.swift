import DNS
import Glibc
import LinuxIO
import Logging
import Plugins
import Synchronization

/// One address with its ports taken, and nothing running yet. Letting go of it gives the ports back.
struct BoundListener: Sendable {
    /// As the plan names it; the port may be 0.
    let requested: SocketAddress
    let address: SocketAddress
    let plan: Published<QueryPlan>
    let workers: [UDPWorker]
    let port: ListeningPort

    /// A TCP port that is taken makes us look for another pair this often, when any port will do.
    private static let attempts = 32

    init(_ listener: ServerPlan.Listener, workers count: Int, logger: Logger) throws(ListenError.Problem) {
        let plan = Published(listener.plan)
        var attempt = 1
        while true {
            let workers = try Self.workers(on: listener.address, count: count, plan: plan, logger: logger)
            let address = SocketAddress(listener.address.address, port: workers.port)
            do {
                port = ListeningPort(try StreamListener(bindingTo: address))
                requested = listener.address
                self.address = address
                self.plan = plan
                self.workers = workers.workers
                return
            } catch  where error.code == EADDRINUSE && listener.address.port == 0 && attempt < Self.attempts {
                attempt += 1
            } catch {
                throw ListenError.Problem(address: address, transport: .tcp, error: error, rival: nil)
            }
        }
    }

    private static func workers(
        on address: SocketAddress, count: Int, plan: Published<QueryPlan>, logger: Logger
    ) throws(ListenError.Problem) -> (workers: [UDPWorker], port: UInt16) {
        do throws(SystemError) {
            // Alone at first: sharing the port from the start, we could join another server of the same user, and
            // the kernel would give each of us a part of the queries.
            let first = try DatagramSocket(bindingTo: address, isShared: false)
            try first.share()
            let shared = first.localAddress
            var workers = [UDPWorker(first, plan: plan, logger: logger)]
            for _ in 1..<max(count, 1) {
                workers.append(UDPWorker(try DatagramSocket(bindingTo: shared), plan: plan, logger: logger))
            }
            return (workers, shared.port)
        } catch {
            throw ListenError.Problem(address: address, transport: .udp, error: error, rival: nil)
        }
    }
}

/// A TCP port that is taken, until whoever accepts on it takes it over.
final class ListeningPort: Sendable {
    let address: SocketAddress
    private let listener: Mutex<StreamListener?>

    init(_ listener: consuming StreamListener) {
        address = listener.localAddress
        self.listener = Mutex(listener)
    }

    func take() -> StreamListener {
        guard let listener = listener.withLock({ $0.take() }) else { preconditionFailure("a port is taken over once") }
        return listener
    }
}
