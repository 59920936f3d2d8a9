import ClusterCatalog
import Logging
import Plugins
import SourceText
import Zones

/// One catalog at work: its source, the registry that the source feeds, and the task that carries from one to the other.
final class CatalogRun: Sendable {
    let registry: Registry
    private let task: Task<Void, Never>
    private let firstLoad: FirstLoad

    /// Begins to read; why a source can read nothing at all is in the log, and thrown by `waitForFirstLoad`.
    ///
    /// - Parameter measures: takes how long each change took to be answered.
    init(
        _ registry: Registry, from source: any CatalogSource, named name: String, logger: Logger,
        measures: ProgrammingDurations = ProgrammingDurations()
    ) {
        let firstLoad = FirstLoad()
        self.registry = registry
        self.firstLoad = firstLoad
        task = Task {
            let log = CatalogLog(name: name, logger: logger)
            do {
                try await source.run { update in
                    let start = ContinuousClock.now
                    let change = await registry.apply(update)
                    if let noticedAt = update.noticedAt {
                        measures.observe(change.touchedServices, ContinuousClock.now - noticedAt)
                    }
                    await log.write(update, change, taking: ContinuousClock.now - start)
                    if update.isComplete { await firstLoad.finish(nil) }
                }
            } catch is CancellationError {
                await firstLoad.finish(nil)
            } catch {
                logger.error("catalog \(name): \(error)")
                await firstLoad.finish(error)
            }
        }
    }

    /// Waits for the first complete load, `timeout` at the longest; throws what kept the source from reading at all.
    func waitForFirstLoad(atMost timeout: Duration?) async throws {
        guard let timeout else { return try await firstLoad.wait() }
        let timer = Task {
            try await Task.sleep(for: timeout)
            await firstLoad.finish(nil)
        }
        defer { timer.cancel() }
        try await firstLoad.wait()
    }

    func stop() async {
        task.cancel()
        await task.value
    }
}

/// The moment at which a catalog is complete for the first time, or turns out to be unreadable.
private actor FirstLoad {
    private var result: Result<Void, any Error>?
    private var waiting: [CheckedContinuation<Void, any Error>] = []

    func finish(_ error: (any Error)?) {
        guard result == nil else { return }
        let result: Result<Void, any Error> = error.map { .failure($0) } ?? .success(())
        self.result = result
        for continuation in waiting { continuation.resume(with: result) }
        waiting = []
    }

    func wait() async throws {
        if let result { return try result.get() }
        try await withCheckedThrowingContinuation { waiting.append($0) }
    }
}

/// Writes what happened to a catalog: each problem once when it appears, once when it is gone.
private actor CatalogLog {
    private let name: String
    private let logger: Logger
    private var known: Set<Diagnostic> = []
    private var namedKinds: Set<String> = []
    private var wasStale = false
    private var isComplete = false

    init(name: String, logger: Logger) {
        self.name = name
        self.logger = logger
    }

    func write(_ update: CatalogUpdate, _ change: ZoneChange, taking duration: Duration) {
        isComplete = isComplete || update.isComplete
        for notice in update.notices { write(notice) }
        let problems = Set(update.diagnostics)
        for problem in problems.subtracting(known).sorted() {
            logger.log(level: problem.severity == .error ? .error : .warning, "\(problem.location): \(problem.text)")
        }
        if !known.isEmpty, problems.isEmpty { logger.notice("catalog \(name): every problem is mended") }
        known = problems
        if update.staleSince != nil, !wasStale {
            logger.warning("catalog \(name): part of it cannot be used; \(meanwhile)")
        }
        wasStale = update.staleSince != nil
        for (kind, count) in update.ignoredKinds.sorted(by: { $0.key < $1.key }) where namedKinds.insert(kind).inserted
        {
            logger.info("catalog \(name): \(kind) is not served in DNS; \(count) passed over")
        }
        guard !change.isEmpty else { return }
        logger.info(
            "catalog \(name): \(change.changedNames) names changed, \(change.removedNames) removed, in \(milliseconds(duration)) ms"
        )
    }

    private func write(_ notice: CatalogNotice) {
        switch notice {
        case .read(let files, let byteCount, let pieces):
            logger.debug("catalog \(name): read \(files) files, \(byteCount) octets, parsed \(pieces) documents")
        case .eventsLost: logger.warning("catalog \(name): file events were lost; everything was read again")
        case .noEvents(let path, let reason):
            logger.warning(
                "catalog \(path): no file events (\(reason)); changes are found by looking every few seconds")
        case .rootMissing(let path):
            logger.warning("catalog \(path): not there; \(meanwhile)")
        case .rootReturned(let path): logger.notice("catalog \(path): is back")
        }
    }

    /// What happens while the input cannot be used.
    private var meanwhile: String {
        isComplete ? "its last good objects go on being answered" : "every name gets SERVFAIL until it can be read"
    }

    /// With one digit behind the point.
    private func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return (Double(seconds) * 10_000 + Double(attoseconds) / 1e14).rounded() / 10
    }
}

extension ProgrammingDurations {
    fileprivate func observe(_ kinds: [TouchedKind], _ duration: Duration) {
        for kind in kinds {
            switch kind {
            case .clusterIP: observe(.clusterIP, duration)
            case .headlessWithSelector: observe(.headlessWithSelector, duration)
            case .headlessWithoutSelector: observe(.headlessWithoutSelector, duration)
            }
        }
    }
}
