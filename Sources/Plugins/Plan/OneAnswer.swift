import Synchronization

/// Two may answer the same query, others and the clock, and the first one does.
final class OneAnswer: Sendable {
    private struct State {
        var isGiven = false
        var timer: Task<Void, any Error>?
    }

    private let state = Mutex(State())

    /// True once. The clock is stopped then.
    func pass() -> Bool {
        let (isFirst, timer) = state.withLock { state in
            defer { state = State(isGiven: true) }
            return (!state.isGiven, state.timer)
        }
        timer?.cancel()
        return isFirst
    }

    /// Calls `answer` when the time is over before anyone has answered.
    func expire(after time: Duration, _ answer: @escaping @Sendable () -> Void) {
        let timer = Task {
            try await Task.sleep(for: time)
            answer()
        }
        let isLate = state.withLock { state in
            if !state.isGiven { state.timer = timer }
            return state.isGiven
        }
        if isLate { timer.cancel() }
    }
}
