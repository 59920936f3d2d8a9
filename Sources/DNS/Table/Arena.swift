import Synchronization

/// Where a leaf lies: chunk number in the upper, offset in units of eight bytes in the lower half. Zero: nowhere.
struct LeafReference: Hashable, Sendable {
    let rawValue: UInt32

    @inline(__always) init(rawValue: UInt32) { self.rawValue = rawValue }
    init(chunk: Int, offset: Int) { rawValue = UInt32(chunk) << 16 | UInt32(offset >> 3) }

    @inline(__always) var chunk: Int { Int(rawValue >> 16) }
    @inline(__always) var offset: Int { Int(rawValue & 0xffff) << 3 }
}

/// A run of leaves. Bytes that a table refers to never change; new leaves go behind them, where no reader looks.
@safe final class ArenaChunk: Sendable {
    static let usualByteCount = 512 << 10
    /// Offset 0 stays free, so that no reference is zero.
    static let firstLeafAt = 8

    nonisolated(unsafe) let base: UnsafeMutableRawPointer
    let byteCount: Int
    /// Octets that are taken, by whichever arena. Tables made from one table share its last chunk; only the first of
    /// them may go on in it, and the others begin a chunk of their own.
    private let taken = Atomic<Int>(firstLeafAt)

    init(byteCount: Int) {
        self.byteCount = byteCount
        unsafe base = .allocate(byteCount: byteCount + Leaf.warmByteCount, alignment: 64)
    }

    deinit { unsafe base.deallocate() }

    /// Takes the octets from `offset` on; false when they are another arena's.
    func claim(from offset: Int, byteCount: Int) -> Bool {
        offset + byteCount <= self.byteCount
            && taken.compareExchange(expected: offset, desired: offset + byteCount, ordering: .relaxed).exchanged
    }

    func leaf(at offset: Int) -> Leaf { unsafe Leaf(TableBytes(base + offset)) }

    func store(_ leaf: LeafBuffer, at offset: Int) {
        precondition(offset + leaf.count <= byteCount)
        unsafe leaf.copy(to: base + offset)
    }

    func store(_ leaf: Leaf, at offset: Int) {
        precondition(offset + leaf.byteCount <= byteCount)
        unsafe (base + offset).copyMemory(from: leaf.bytes.base, byteCount: leaf.byteCount)
    }
}

/// The chunks of a builder: adds leaves, counts what is still referred to, and knows which chunk is worth emptying.
struct Arena: Sendable {
    struct Slot: Sendable {
        let chunk: ArenaChunk
        /// Octets behind the last leaf.
        var used = ArenaChunk.firstLeafAt
        /// Octets of leaves that the index still refers to.
        var live = 0

        /// Where the octets begin that are taken here; nil when the chunk has no room, or when another arena went on in
        /// it.
        fileprivate mutating func take(_ byteCount: Int) -> Int? {
            guard chunk.claim(from: used, byteCount: byteCount) else { return nil }
            defer { used += byteCount }
            live += byteCount
            return used
        }
    }

    private(set) var slots: [Slot?] = []
    private var current: Int?
    private(set) var liveByteCount = 0
    private(set) var usedByteCount = 0

    mutating func add(_ leaf: LeafBuffer) -> LeafReference {
        let place = reserve(leaf.count)
        slots[place.chunk]?.chunk.store(leaf, at: place.offset)
        return place
    }

    mutating func add(copyOf leaf: Leaf) -> LeafReference {
        let place = reserve(leaf.byteCount)
        slots[place.chunk]?.chunk.store(leaf, at: place.offset)
        return place
    }

    /// Counts a leaf as gone. Its bytes stay until the chunk is emptied, because an older table may still show it.
    mutating func forget(_ reference: LeafReference) {
        guard let slot = slots[reference.chunk] else { return }
        let byteCount = slot.chunk.leaf(at: reference.offset).byteCount
        slots[reference.chunk]?.live -= byteCount
        liveByteCount -= byteCount
        if slots[reference.chunk]?.live == 0, reference.chunk != current { drop(reference.chunk) }
    }

    func leaf(at reference: LeafReference) -> Leaf? {
        slots[reference.chunk]?.chunk.leaf(at: reference.offset)
    }

    /// The chunk with the smallest share of live bytes, when more than a quarter of all bytes is garbage.
    var worstChunk: Int? {
        guard usedByteCount - liveByteCount > max(liveByteCount / 4, ArenaChunk.usualByteCount) else { return nil }
        return slots.indices
            .filter { $0 != current && slots[$0] != nil }
            .min { share(of: $0) < share(of: $1) }
    }

    /// The references of all leaves that were ever put into `chunk`, live or not.
    func references(in chunk: Int) -> [LeafReference] {
        guard let slot = slots[chunk] else { return [] }
        var found: [LeafReference] = []
        var offset = ArenaChunk.firstLeafAt
        while offset < slot.used {
            found.append(LeafReference(chunk: chunk, offset: offset))
            offset += slot.chunk.leaf(at: offset).byteCount
        }
        return found
    }

    private func share(of chunk: Int) -> Double {
        guard let slot = slots[chunk] else { return 1 }
        return Double(slot.live) / Double(slot.used)
    }

    private mutating func drop(_ chunk: Int) {
        usedByteCount -= slots[chunk]?.used ?? 0
        slots[chunk] = nil
    }

    private mutating func reserve(_ byteCount: Int) -> LeafReference {
        if let current, let place = take(byteCount, from: current) { return place }
        let needed = ArenaChunk.firstLeafAt + byteCount
        let isLarge = needed > ArenaChunk.usualByteCount
        let slot = Slot(chunk: ArenaChunk(byteCount: isLarge ? needed : ArenaChunk.usualByteCount))
        let index = slots.firstIndex { $0 == nil } ?? slots.count
        precondition(index < 1 << 16, "an arena holds at most 65,536 chunks")
        if index == slots.count { slots.append(slot) } else { slots[index] = slot }
        usedByteCount += ArenaChunk.firstLeafAt
        // A chunk of its own for one large leaf; small leaves go on where they were.
        if !isLarge {
            if let old = current, slots[old]?.live == 0 { drop(old) }
            current = index
        }
        guard let place = take(byteCount, from: index) else { preconditionFailure("a new chunk is nobody else's") }
        return place
    }

    private mutating func take(_ byteCount: Int, from chunk: Int) -> LeafReference? {
        guard let offset = slots[chunk]?.take(byteCount) else { return nil }
        usedByteCount += byteCount
        liveByteCount += byteCount
        return LeafReference(chunk: chunk, offset: offset)
    }
}
