import Synchronization

/// How many queries wait for an answer that comes later, and who wants to know when none is left.
final class Waiting: Sendable {
    private struct State {
        var count = 0
        var nextID = 0
        var watchers: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Watchers whose time is over, perhaps before they began to watch.
        var late: Set<Int> = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock(\.count) }

    func enter() { state.withLock { $0.count += 1 } }

    func leave() {
        let watchers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= 1
            guard state.count == 0, !state.watchers.isEmpty else { return [] }
            defer { state.watchers = [:] }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.resume() }
    }

    /// Returns when nobody waits, or the time is over.
    func end(atMost limit: Duration) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let timer = Task {
            do { try await Task.sleep(for: limit) } catch { return }
            giveUp(id)
        }
        await withCheckedContinuation { watcher in
            let isOver = state.withLock { state in
                guard state.count > 0, !state.late.contains(id) else { return true }
                state.watchers[id] = watcher
                return false
            }
            if isOver { watcher.resume() }
        }
        timer.cancel()
    }

    private func giveUp(_ id: Int) {
        let watcher = state.withLock { state in
            state.late.insert(id)
            return state.watchers.removeValue(forKey: id)
        }
        watcher?.resume()
    }
}
