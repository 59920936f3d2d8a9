import Glibc
import LinuxIO
import Logging

/// The ports that a plan needs and that are not ours yet: all of them taken, or none.
struct NewPorts: Sendable {
    private(set) var listeners: [BoundListener] = []
    private(set) var pages: [(plan: PageListener, port: ListeningPort)] = []

    /// - Parameters:
    ///   - known: addresses that are already served, as their plan names them; they are left alone.
    ///   - served: the same with real ports.
    /// - Throws: every address that cannot be had.
    init(
        for plan: ServerPlan, known: [SocketAddress], knownPages: [SocketAddress], served: [SocketAddress],
        logger: Logger
    ) throws(ListenError) {
        var problems: [ListenError.Problem] = []
        for wanted in plan.listeners where !known.contains(wanted.address) {
            do throws(ListenError.Problem) {
                listeners.append(try BoundListener(wanted, workers: plan.workers, logger: logger))
            } catch {
                let taken = served + listeners.map(\.address)
                add(error, rivals: taken, isOptional: wanted.isOptional, to: &problems, logger)
            }
        }
        for wanted in plan.pages where !knownPages.contains(wanted.address) {
            do throws(SystemError) {
                pages.append((wanted, ListeningPort(try StreamListener(bindingTo: wanted.address))))
            } catch {
                let problem = ListenError.Problem(address: wanted.address, transport: .tcp, error: error, rival: nil)
                let taken = served + listeners.map(\.address) + pages.map(\.port.address)
                add(problem, rivals: taken, isOptional: wanted.isOptional, to: &problems, logger)
            }
        }
        if !problems.isEmpty { throw ListenError(problems: problems) }
    }

    private func add(
        _ problem: ListenError.Problem, rivals: [SocketAddress], isOptional: Bool,
        to problems: inout [ListenError.Problem], _ logger: Logger
    ) {
        if isOptional, problem.meansMissing {
            logger.info("not listening on \(problem)")
            return
        }
        let rival = problem.error.code == EADDRINUSE ? rivals.first { $0.includes(problem.address) } : nil
        problems.append(
            ListenError.Problem(
                address: problem.address, transport: problem.transport, error: problem.error, rival: rival))
    }
}

extension SocketAddress {
    /// Whether two sockets on these addresses would get the same packets.
    fileprivate func includes(_ other: SocketAddress) -> Bool {
        port == other.port && address.isIPv4 == other.address.isIPv4
            && (address == other.address || address.isUnspecified || other.address.isUnspecified)
    }
}
