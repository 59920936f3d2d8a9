import DNS
import LinuxIO
import Logging
import NIOCore
import Plugins
import SourceText
import Synchronization

/// The forwarders of a deployment and the answers that are kept of theirs: those that a reload leaves as they were go
/// on with all that they know.
struct Upstreams {
    private(set) var leases: [ForwardSettings: ForwarderLease] = [:]
    private(set) var caches: [CacheKey: AnswerCache] = [:]
    /// For the log: a reload may move the lines of a forwarder that goes on.
    private var newest: [ForwardSettings: Newest] = [:]
    /// Given up, and perhaps still asked by the last queries of an old plan.
    private var retired: [Retired] = []
    private let stops = StopList()

    private struct Retired {
        weak var lease: ForwarderLease?
    }

    /// What was made for a change, so that it can be taken back.
    struct Opened {
        var forwarders: [ForwardSettings] = []
        var caches: [CacheKey] = []
    }

    /// - Parameter problems: takes what is wrong with the files of `tls`.
    mutating func open(
        for blocks: [ServerBlock], on group: any EventLoopGroup, logger: Logger, problems: inout [Diagnostic]
    ) -> Opened {
        var opened = Opened()
        for settings in blocks.flatMap(\.forward) where leases[settings] == nil {
            do throws(Diagnostic) {
                let written = Newest(settings)
                let forwarder = try Forwarder(settings, on: group) { notice in
                    let placed = notice.placed(by: written.settings.withLock { $0 })
                    logger.log(level: notice.level, "forward: \(placed)")
                }
                leases[settings] = ForwarderLease(forwarder) { [stops] in stops.stop($0) }
                newest[settings] = written
                opened.forwarders.append(settings)
            } catch {
                problems.append(error)
            }
        }
        for block in blocks {
            let key = CacheKey(block)
            guard let settings = block.cache, caches[key] == nil else { continue }
            caches[key] = AnswerCache(CacheLimits(settings))
            opened.caches.append(key)
        }
        return opened
    }

    /// Once the server listens.
    func beginGuarding() {
        for lease in leases.values { lease.forwarder.beginGuarding() }
    }

    /// Takes it back.
    mutating func close(_ opened: Opened) {
        for key in opened.caches { caches[key] = nil }
        for settings in opened.forwarders {
            leases[settings] = nil
            newest[settings] = nil
        }
    }

    /// Gives up what these blocks do not need. It stops when nobody asks it any more.
    mutating func keep(_ blocks: [ServerBlock]) {
        let lines = blocks.flatMap(\.forward)
        let wanted = Set(lines)
        let keys = Set(blocks.map { CacheKey($0) })
        retired.removeAll { $0.lease == nil }
        retired += leases.filter { !wanted.contains($0.key) }.map { Retired(lease: $0.value) }
        leases = leases.filter { wanted.contains($0.key) }
        newest = newest.filter { wanted.contains($0.key) }
        // Of lines that say the same, the first.
        for settings in lines.reversed() { newest[settings]?.settings.withLock { $0 = settings } }
        caches = caches.filter { keys.contains($0.key) }
    }

    /// Hands everything over to be stopped, when no query can come any more.
    mutating func end() -> Ending {
        defer {
            leases = [:]
            caches = [:]
            retired = []
        }
        return Ending(leases: Array(leases.values) + retired.compactMap(\.lease), stops: stops)
    }

    struct Ending {
        fileprivate let leases: [ForwarderLease]
        fileprivate let stops: StopList

        /// Together: each waits for its last queries.
        func finish() async {
            await withTaskGroup(of: Void.self) { group in
                for lease in leases { group.addTask { await lease.stop() } }
            }
            await stops.wait()
        }
    }
}

/// What is written now of a forwarder.
private final class Newest: Sendable {
    let settings: Mutex<ForwardSettings>

    init(_ settings: ForwardSettings) { self.settings = Mutex(settings) }
}

/// Forwarders that are being stopped.
private final class StopList: Sendable {
    private let tasks = Mutex<[Int: Task<Void, Never>]>([:])
    private let nextID = Atomic(0)

    func stop(_ forwarder: Forwarder) {
        let id = nextID.add(1, ordering: .relaxed).newValue
        tasks.withLock { tasks in
            tasks[id] = Task {
                await forwarder.stop()
                self.tasks.withLock { $0[id] = nil }
            }
        }
    }

    func wait() async {
        for task in tasks.withLock({ Array($0.values) }) { await task.value }
    }
}

extension ForwardNotice {
    fileprivate var level: Logger.Level {
        switch self {
        case .down, .loop: .warning
        case .allDown: .error
        case .up, .loopEnded: .notice
        }
    }
}
