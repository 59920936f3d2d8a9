import LinuxIO
import Logging
import NIOCore

extension Server {
    /// Takes every address of the plan and begins to serve.
    ///
    /// - Throws: `ListenError` with every address that cannot be had; then nothing was started.
    public func start() async throws {
        try await inTurn {
            guard stage == .new else { throw ServerError.alreadyStarted }
            try await change(to: plan)
            stage = .running
        }
    }

    /// Serves another plan from now on. Addresses that stay lose no query; new ones are taken before old ones are
    /// given back. After an error everything is as it was.
    public func replace(with newPlan: ServerPlan) async throws {
        try await inTurn {
            guard stage == .running else { throw ServerError.notRunning }
            try await change(to: newPlan)
        }
    }

    /// Says that it is not ready, goes on for the lame-duck time, answers what has arrived, and leaves.
    public func stop() async {
        leaving.set()
        await inTurn {
            guard stage == .running else {
                stage = .stopped
                loops.stop()
                return
            }
            if plan.lameDuck > .zero {
                // Cancelled: somebody is in a hurry.
                do { try await Task.sleep(for: plan.lameDuck) } catch { logger.info("not waiting any longer") }
            }
            stage = .stopped
            let old = listeners
            listeners = []
            await retire(old)
            for page in pages { await page.stop() }
            pages = []
            loops.stop()
        }
    }

    /// One change after the other, in the order of the calls.
    private func inTurn(_ body: () async throws -> Void) async rethrows {
        if turns.mustWait() { await withCheckedContinuation { turns.wait($0) } }
        defer { turns.pass() }
        try await body()
    }
}

extension Server {
    /// From the plan that is served to another one; when it throws, nothing has changed.
    private func change(to newPlan: ServerPlan) async throws {
        try await lendPorts(to: newPlan)
        let ports = try NewPorts(for: newPlan, beside: listeners, pages: pages, logger: logger)
        let (newListeners, newPages) = try await start(ports)

        // From here on nothing can fail.
        plan = newPlan
        let (oldListeners, oldPages) = (listeners, pages)
        listeners = newPlan.listeners.compactMap { wanted in
            if let kept = oldListeners.first(where: { $0.requested == wanted.address }) {
                kept.replace(wanted)
                return kept
            }
            return newListeners.first { $0.requested == wanted.address }
        }
        pages = newPlan.pages.compactMap { wanted in
            if let kept = oldPages.first(where: { $0.requested == wanted.address }) {
                kept.replace(wanted)
                return kept
            }
            return newPages.first { $0.requested == wanted.address }
        }
        await retire(oldListeners.filter { old in !listeners.contains { $0 === old } })
        for old in oldPages where !pages.contains(where: { $0 === old }) { await old.stop() }
    }

    /// Addresses that go lend their ports to those that come and overlap them.
    private func lendPorts(to newPlan: ServerPlan) async throws {
        for old in newPlan.split(listeners).leaving where newPlan.overlaps(old.address) {
            try await old.shareStreams()
        }
        for old in newPlan.split(pages).leaving where newPlan.overlaps(old.address) { try await old.share() }
    }

    /// All or none.
    private func start(_ ports: NewPorts) async throws -> ([RunningListener], [PageServer]) {
        var running: [RunningListener] = []
        var serving: [PageServer] = []
        let before = ports.additions.map { ($0.listener, $0.listener.workerCount) }
        do {
            for listener in ports.listeners {
                nextID += 1
                running.append(
                    try await RunningListener(listener, id: ListenerID(rawValue: nextID), loops: loops, group: group))
            }
            for (plan, port) in ports.pages {
                serving.append(try await PageServer(port, for: plan, leaving: leaving, group: group))
            }
            for (listener, workers) in ports.additions { try listener.hire(workers) }
        } catch {
            for (listener, count) in before { await listener.keep(count) }
            for listener in running { await listener.stop() }
            for page in serving { await page.stop() }
            ports.giveBack()
            throw error
        }
        return (running, serving)
    }

    /// Drains them all at once, together with surplus workers of those that stay, and keeps what they counted.
    private func retire(_ old: [RunningListener]) async {
        retiring = old
        await withTaskGroup(of: Void.self) { group in
            for listener in old { group.addTask { await listener.stop() } }
            for wanted in plan.listeners {
                guard let listener = listeners.first(where: { $0.requested == wanted.address }) else { continue }
                let count = plan.workerCount(of: wanted)
                group.addTask { await listener.keep(count) }
            }
        }
        retiring = []
        for listener in old { retired.udp.add(listener.counts) }
    }
}
