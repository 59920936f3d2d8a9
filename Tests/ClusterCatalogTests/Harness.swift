import LinuxIO
import SourceText
import Synchronization
import Testing

@testable import ClusterCatalog

/// The world of a `CatalogFolder` under test: events from the real kernel, but a clock that only the test turns.
final class HandClock: FolderSurroundings {
    private struct State {
        var now = ContinuousClock.Instant.now
        /// How often the test turned the clock, and how often the folder has looked for events since.
        var turns = 0
        var seenTurns = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
        var injected: [FileWatch.Event] = []
    }

    private let watch: FileWatch
    private let state = Mutex(State())
    private let isDeaf: Bool

    /// - Parameter isDeaf: no folder can be watched, as on a file system without events.
    init(isDeaf: Bool = false) throws {
        watch = try FileWatch()
        self.isDeaf = isDeaf
    }

    var now: ContinuousClock.Instant { state.withLock(\.now) }

    func watch(_ folder: String) throws(SystemError) {
        // 95: EOPNOTSUPP
        guard !isDeaf else { throw SystemError(call: "inotify_add_watch", code: 95) }
        try watch.add(folder)
    }

    func unwatch(_ folder: String) { watch.remove(folder) }

    func interrupt() { watch.interrupt() }

    /// Only events and the test end the wait, unless the time has come already.
    func next(timeout: Duration?) throws(SystemError) -> [FileWatch.Event] {
        // Without a timeout the folder waits for a delivery: it is not done.
        let isDone = timeout.map { $0 > .zero } ?? false
        let (turns, isBehind, waiters) = state.withLock { state in
            let isBehind = state.seenTurns < state.turns
            // In one step: who turns the clock after this look must wait for the next.
            guard !isBehind, isDone else { return (state.turns, isBehind, [CheckedContinuation<Void, Never>]()) }
            defer { state.waiters = [] }
            return (state.turns, isBehind, state.waiters)
        }
        for waiter in waiters { waiter.resume() }
        let events = try watch.next(timeout: isBehind || timeout == .zero ? .zero : nil)
        return state.withLock { state in
            state.seenTurns = turns
            defer { state.injected = [] }
            return state.injected + events
        }
    }

    /// As if the kernel had said this.
    func inject(_ event: FileWatch.Event) {
        state.withLock { $0.injected.append(event) }
        interrupt()
    }

    /// Turns the clock; returns when the folder has seen every event from before, has done all that is due, and waits again.
    func advance(_ duration: Duration) async {
        await withCheckedContinuation { waiter in
            state.withLock { state in
                state.now += duration
                state.turns += 1
                state.waiters.append(waiter)
            }
            interrupt()
        }
    }

    func settle() async { await advance(.zero) }
}

/// The folder stopped although a test waits for its next update.
struct FolderEnded: Error {}

/// A folder that runs, the updates that it delivers, and the catalog that they make.
final class Runner: Sendable {
    private struct State {
        var catalog = Catalog()
        var updates: [CatalogUpdate] = []
        var last: CatalogUpdate?
        var waiters: [CheckedContinuation<Void, Never>] = []
        var failure: (any Error)?
        var isOver = false
    }

    private let state = Mutex(State())

    func note(_ update: CatalogUpdate) {
        wake { state in
            state.catalog.apply(update.change)
            state.updates.append(update)
            state.last = update
        }
    }

    func end(_ failure: (any Error)?) {
        wake { state in
            state.failure = failure
            state.isOver = true
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// The first update from now on, or one that was not taken yet, for which the condition holds; those before it are skipped.
    @discardableResult
    func update(_ isWanted: (CatalogUpdate) -> Bool = { _ in true }) async throws -> CatalogUpdate {
        while true {
            let (found, isOver) = state.withLock { state -> (CatalogUpdate?, Bool) in
                while !state.updates.isEmpty {
                    let update = state.updates.removeFirst()
                    if isWanted(update) { return (update, false) }
                }
                return (nil, state.isOver)
            }
            if let found { return found }
            if isOver { throw FolderEnded() }
            await withCheckedContinuation { waiter in
                let isNews = state.withLock { state in
                    guard state.updates.isEmpty, !state.isOver else { return true }
                    state.waiters.append(waiter)
                    return false
                }
                if isNews { waiter.resume() }
            }
        }
    }

    /// The newest update, taken or not.
    var last: CatalogUpdate? { state.withLock(\.last) }

    /// How many updates wait to be taken.
    var waiting: Int { state.withLock(\.updates.count) }

    var failure: (any Error)? { state.withLock(\.failure) }

    /// The Services there are, as `shop/web=10.96.0.1`.
    var services: [String] {
        state.withLock { state in
            state.catalog.services.map { "\($0.key)=\($0.value.clusterIPs.map(\.description).joined(separator: "+"))" }
                .sorted()
        }
    }

    func origin(_ text: String) -> String? { state.withLock { $0.catalog.services[name(text)]?.origin.description } }

    var objects: [ObjectKey: CatalogObject] { state.withLock { $0.catalog.everything } }
}

extension Catalog {
    var everything: [ObjectKey: CatalogObject] {
        var all: [CatalogObject] = services.values.map(CatalogObject.service)
        all += endpointSlices.values.map(CatalogObject.endpointSlice)
        all += namespaces.values.map(CatalogObject.namespace)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
    }
}

/// Runs a folder while the body asks; ends it afterwards.
func withFolder(
    _ paths: [String], startup: CatalogFolder.Startup = .wait, byteCountLimit: Int = 1 << 20, clock: HandClock,
    _ body: (Runner) async throws -> Void
) async throws {
    var settings = CatalogFolder.Settings(startup: startup)
    settings.debounce = .zero
    settings.byteCountLimit = byteCountLimit
    let folder = CatalogFolder(paths: paths, settings: settings) { () throws(SystemError) in clock }
    let runner = Runner()
    let task = Task {
        do {
            try await folder.run { runner.note($0) }
            runner.end(nil)
        } catch {
            runner.end(error)
        }
    }
    do {
        try await body(runner)
    } catch {
        task.cancel()
        await task.value
        throw error
    }
    task.cancel()
    await task.value
}

extension CatalogUpdate {
    /// The diagnostics without the folder in front of their paths, which is also taken out of the sentences.
    func said(_ scratch: Scratch) -> [String] {
        diagnostics.map { $0.description.replacing(scratch.path + "/", with: "").replacing(scratch.path, with: ".") }
    }
}
