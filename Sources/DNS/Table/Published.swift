import Synchronization

/// A value that one thread replaces and many read: how a new table, or a new plan, reaches the workers.
///
/// A reader keeps what it read together with the generation, and looks again only when the generation moved: one
/// relaxed load a batch, no shared reference count. The lock is taken once by each reader for each change.
public final class Published<Value: Sendable>: Sendable {
    private let current: Mutex<Value>
    private let counter = Atomic<UInt64>(1)

    public init(_ value: Value) { current = Mutex(value) }

    /// Moves with each `replace`; never 0.
    public var generation: UInt64 { counter.load(ordering: .acquiring) }

    public var value: Value { current.withLock { $0 } }

    public func replace(_ value: Value) {
        current.withLock { $0 = value }
        counter.add(1, ordering: .releasing)
    }
}
