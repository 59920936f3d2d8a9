import Synchronization

/// Counts the queries for names of the machine itself that came with a search domain: one more than their client needed.
public final class LocalNames: Sendable {
    private let searched = Atomic<UInt64>(0)

    public init() {}

    func noteSearched() { searched.add(1, ordering: .relaxed) }

    public var samples: LocalSamples { LocalSamples(localhostRequests: searched.load(ordering: .relaxed)) }
}
