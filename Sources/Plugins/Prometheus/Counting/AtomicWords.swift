import Synchronization

/// Numbers that many threads read, in memory of their own; zero at first.
@safe final class AtomicWords: Sendable {
    nonisolated(unsafe) let base: UnsafeMutablePointer<Atomic<UInt64>>
    let count: Int

    init(count: Int) {
        // Two lines at a time is what processors fetch: no two owners write near each other.
        let byteCount = (count * MemoryLayout<Atomic<UInt64>>.stride + 127) / 128 * 128
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 128)
        unsafe base = bytes.bindMemory(to: Atomic<UInt64>.self, capacity: count)
        self.count = count
        for index in 0..<count { unsafe (base + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe UnsafeMutableRawPointer(base).deallocate()
    }

    subscript(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return unsafe base[index].load(ordering: .relaxed)
    }

    /// A locked add, for numbers that several threads write.
    func add(_ amount: UInt64, at index: Int) {
        precondition(index >= 0 && index < count)
        unsafe base[index].wrappingAdd(amount, ordering: .relaxed)
    }
}
