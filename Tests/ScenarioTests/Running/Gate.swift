import Synchronization

/// Lets a few pass at a time: every test that is ready starts at once, and with a hundred programs on two cores the
/// fastest answer takes seconds.
final class Gate: Sendable {
    /// For servers. The kernel gives each user only so many inotify instances, too.
    static let servers = Gate(places: 16)
    /// For programs that end by themselves. None of them waits for another one, so that those who hold a place of
    /// `servers` may wait here.
    static let programs = Gate(places: 8)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    private init(places: Int) { state = Mutex(State(free: places)) }

    func enter() async {
        await withCheckedContinuation { continuation in
            let mayPass = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if mayPass { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
