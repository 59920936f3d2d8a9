/// 1,024 slots of the index: hash in the upper, leaf reference in the lower half of each; zero is an empty slot.
///
/// The upper part of a hash chooses the page, the lower one the slot in it; a full slot sends the search to the next,
/// round the page. A page that a table refers to never changes: a change copies it (8 KiB), and the tables share the rest.
@safe final class IndexPage: Sendable {
    static let slotCount = 1024
    static let slotMask = slotCount - 1

    nonisolated(unsafe) let slots: UnsafeMutablePointer<UInt64>

    init() {
        unsafe slots = .allocate(capacity: Self.slotCount)
        unsafe slots.initialize(repeating: 0, count: Self.slotCount)
    }

    init(copying other: IndexPage) {
        unsafe slots = .allocate(capacity: Self.slotCount)
        unsafe slots.initialize(from: other.slots, count: Self.slotCount)
    }

    deinit { unsafe slots.deallocate() }

    /// Which of `count` pages a hash belongs to: the share of all hashes that lie below it.
    @inline(__always)
    static func number(of hash: UInt32, among count: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(hash) &* UInt64(truncatingIfNeeded: count)) &>> 32)
    }

    subscript(slot: Int) -> UInt64 {
        get { unsafe slots[slot & Self.slotMask] }
        set { unsafe slots[slot & Self.slotMask] = newValue }
    }

    /// Takes the entry at `slot` out and moves those behind it up, so that no search ends too early.
    func remove(at slot: Int) {
        var hole = slot
        var next = (slot + 1) & Self.slotMask
        while self[next] != 0 {
            let home = Int(self[next] >> 32) & Self.slotMask
            // Movable when its home is not strictly between the hole and its place, counted round the page.
            if (next - home) & Self.slotMask >= (next - hole) & Self.slotMask {
                self[hole] = self[next]
                hole = next
            }
            next = (next + 1) & Self.slotMask
        }
        self[hole] = 0
    }
}

/// One entry of the index.
@inline(__always)
func indexEntry(hash: UInt32, _ reference: LeafReference) -> UInt64 { UInt64(hash) << 32 | UInt64(reference.rawValue) }
