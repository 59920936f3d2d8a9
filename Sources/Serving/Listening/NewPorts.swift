import Glibc
import LinuxIO
import Logging

/// The ports that a plan needs and that are not ours yet: all of them taken, or none.
struct NewPorts: Sendable {
    private(set) var listeners: [BoundListener] = []
    private(set) var pages: [(plan: PageListener, port: ListeningPort)] = []
    /// Workers that join an address that stays.
    private(set) var additions: [(listener: RunningListener, workers: [UDPWorker])] = []

    /// - Parameters:
    ///   - standing: what is served now. What the plan does not name any more lends its ports, `shareStreams` called.
    /// - Throws: every address that cannot be had.
    init(
        for plan: ServerPlan, beside standing: [RunningListener], pages standingPages: [PageServer], logger: Logger
    ) throws(ListenError) {
        var problems: [ListenError.Problem] = []
        let (kept, leaving) = plan.split(standing)
        for wanted in plan.listeners where !kept.contains(where: { $0.requested == wanted.address }) {
            do throws(ListenError.Problem) {
                let rival = leaving.first { $0.address.includes(wanted.address) }
                if rival != nil,
                    let taken = (kept.map(\.address) + listeners.map(\.address)).first(where: {
                        $0.includes(wanted.address)
                    })
                {
                    throw ListenError.Problem(rival: taken, of: wanted.address)
                }
                listeners.append(
                    try BoundListener(
                        wanted, workers: plan.workerCount(of: wanted), sharingWith: rival?.plan, logger: logger))
            } catch {
                let taken = standing.map(\.address) + listeners.map(\.address)
                add(error, rivals: taken, isOptional: wanted.isOptional, to: &problems, logger)
            }
        }
        let (keptPages, leavingPages) = plan.split(standingPages)
        for wanted in plan.pages where !keptPages.contains(where: { $0.requested == wanted.address }) {
            do throws(SystemError) {
                let isShared = leavingPages.contains { $0.address.includes(wanted.address) }
                let listener = try StreamListener(bindingTo: wanted.address, isShared: isShared)
                pages.append((wanted, ListeningPort(listener)))
            } catch {
                let problem = ListenError.Problem(address: wanted.address, transport: .tcp, error: error, rival: nil)
                let taken = standing.map(\.address) + listeners.map(\.address) + pages.map(\.port.address)
                add(problem, rivals: taken, isOptional: wanted.isOptional, to: &problems, logger)
            }
        }
        // Last: queries come to them at once, and nothing but their own binding can go wrong any more.
        if problems.isEmpty { bindAdditions(for: plan, kept, &problems, logger) }
        guard problems.isEmpty else {
            giveBack()
            throw ListenError(problems: problems)
        }
    }

    private mutating func bindAdditions(
        for plan: ServerPlan, _ kept: [RunningListener], _ problems: inout [ListenError.Problem], _ logger: Logger
    ) {
        for wanted in plan.listeners {
            guard let listener = kept.first(where: { $0.requested == wanted.address }) else { continue }
            let missing = plan.workerCount(of: wanted) - listener.workerCount
            guard missing > 0 else { continue }
            do throws(ListenError.Problem) {
                let workers = try BoundListener.more(
                    missing, on: listener.address, plan: listener.plan, logger: logger)
                additions.append((listener, workers))
            } catch {
                problems.append(error)
            }
        }
    }

    /// For a change that fails: what came to new sockets on our old addresses is answered as before.
    func giveBack() {
        for listener in listeners { listener.giveBack() }
        for addition in additions { for worker in addition.workers { worker.giveBack() } }
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

extension ListenError.Problem {
    fileprivate init(rival: SocketAddress, of address: SocketAddress) {
        self.init(
            address: address, transport: .udp, error: SystemError(call: "bind", code: EADDRINUSE), rival: rival)
    }
}

extension ServerPlan {
    /// Those of the listeners that the plan names, and those that it does not name any more.
    func split(_ standing: [RunningListener]) -> (kept: [RunningListener], leaving: [RunningListener]) {
        let names = listeners.map(\.address)
        return (
            standing.filter { names.contains($0.requested) }, standing.filter { !names.contains($0.requested) }
        )
    }

    func split(_ standing: [PageServer]) -> (kept: [PageServer], leaving: [PageServer]) {
        let names = pages.map(\.address)
        return (
            standing.filter { names.contains($0.requested) }, standing.filter { !names.contains($0.requested) }
        )
    }

    /// Whether this plan listens on an address that two sockets would share.
    func overlaps(_ address: SocketAddress) -> Bool {
        listeners.contains { address.includes($0.address) } || pages.contains { address.includes($0.address) }
    }
}

extension SocketAddress {
    /// Whether two sockets on these addresses would get the same packets.
    func includes(_ other: SocketAddress) -> Bool {
        port == other.port && address.isIPv4 == other.address.isIPv4
            && (address == other.address || address.isUnspecified || other.address.isUnspecified)
    }
}
