import Synchronization

/// Two may answer the same query, and the first one does.
final class OneAnswer: Sendable {
    private let isGiven = Atomic(false)

    /// True once.
    func pass() -> Bool { !isGiven.exchange(true, ordering: .relaxed) }
}
