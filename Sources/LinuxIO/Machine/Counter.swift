import Synchronization

/// A number that one thread counts up and any thread may read.
public struct Counter: ~Copyable, Sendable {
    private let value = Atomic<UInt64>(0)

    public init() {}

    /// Owner thread only: a load and a store, never a locked add.
    public func add(_ amount: UInt64 = 1) {
        value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    public var current: UInt64 { value.load(ordering: .relaxed) }
}

/// A number that any thread counts up: an atomic add, for what happens off the query path.
public struct SharedCounter: ~Copyable, Sendable {
    private let value = Atomic<UInt64>(0)

    public init() {}

    public func add(_ amount: UInt64 = 1) { value.wrappingAdd(amount, ordering: .relaxed) }

    public var current: UInt64 { value.load(ordering: .relaxed) }
}
