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
    let limits: StreamLimits?
    /// What is asked at the address of ours that this one is to replace.
    private let rivalPlan: Published<QueryPlan>?

    /// A TCP port that is taken makes us look for another pair this often, when any port will do.
    private static let attempts = 32

    /// - Parameter rivalPlan: an address of ours that includes this one, and is about to go, shares it meanwhile.
    init(
        _ listener: ServerPlan.Listener, workers count: Int, sharingWith rivalPlan: Published<QueryPlan>? = nil,
        logger: Logger
    ) throws(ListenError.Problem) {
        let plan = Published(listener.plan)
        let isShared = rivalPlan != nil
        var attempt = 1
        while true {
            let workers = try Self.workers(
                on: listener.address, count: count, isShared: isShared, plan: plan, logger: logger)
            let address = SocketAddress(listener.address.address, port: workers.port)
            do {
                port = ListeningPort(try StreamListener(bindingTo: address, isShared: isShared))
                requested = listener.address
                self.address = address
                self.plan = plan
                self.workers = workers.workers
                self.rivalPlan = rivalPlan
                limits = listener.streamLimits
                return
            } catch  where error.code == EADDRINUSE && listener.address.port == 0 && attempt < Self.attempts {
                attempt += 1
            } catch {
                for worker in workers.workers where isShared { worker.giveBack() }
                throw ListenError.Problem(address: address, transport: .tcp, error: error, rival: nil)
            }
        }
    }

    private static func workers(
        on address: SocketAddress, count: Int, isShared: Bool, plan: Published<QueryPlan>, logger: Logger
    ) throws(ListenError.Problem) -> (workers: [UDPWorker], port: UInt16) {
        let (first, shared) = try firstWorker(on: address, isShared: isShared, plan: plan, logger: logger)
        return ([first] + (try more(count - 1, on: shared, plan: plan, logger: logger)), shared.port)
    }

    private static func firstWorker(
        on address: SocketAddress, isShared: Bool, plan: Published<QueryPlan>, logger: Logger
    ) throws(ListenError.Problem) -> (UDPWorker, SocketAddress) {
        do throws(SystemError) {
            // Alone at first: sharing the port from the start, we could join another server of the same user, and
            // the kernel would give each of us a part of the queries.
            let socket = try DatagramSocket(bindingTo: address, isShared: isShared)
            if !isShared { try socket.share() }
            let real = socket.localAddress
            return (UDPWorker(socket, plan: plan, logger: logger), real)
        } catch {
            throw ListenError.Problem(address: address, transport: .udp, error: error, rival: nil)
        }
    }

    /// Further sockets on an address of ours. Queries may come to them from now on.
    static func more(
        _ count: Int, on address: SocketAddress, plan: Published<QueryPlan>, logger: Logger
    ) throws(ListenError.Problem) -> [UDPWorker] {
        var workers: [UDPWorker] = []
        do throws(SystemError) {
            for _ in 0..<max(count, 0) {
                workers.append(UDPWorker(try DatagramSocket(bindingTo: address), plan: plan, logger: logger))
            }
        } catch {
            for worker in workers { worker.giveBack() }
            throw ListenError.Problem(address: address, transport: .udp, error: error, rival: nil)
        }
        return workers
    }

    /// Leaves an address whose queries were another listener's: those that came here are answered as there.
    func giveBack() {
        guard let rivalPlan else { return }
        plan.replace(rivalPlan.value)
        for worker in workers { worker.giveBack() }
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
