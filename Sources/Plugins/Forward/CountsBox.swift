import Synchronization

/// What one event loop has counted, readable from any thread; the lock is hardly ever waited for.
final class CountsBox: Sendable {
    private let counts: Mutex<ForwardCounts>

    init(names: [String]) { counts = Mutex(ForwardCounts(names: names)) }

    func update(_ change: (inout ForwardCounts) -> Void) { counts.withLock { change(&$0) } }

    var current: ForwardCounts { counts.withLock { $0 } }
}
