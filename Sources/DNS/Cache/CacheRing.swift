/// The entries of one half of a shard, oldest first, in memory of their own: a ring that is written at its head and
/// freed at its tail. Entries lie in one piece; what is left at the end of the memory is a dead entry.
@safe struct CacheRing: ~Copyable {
    private let base: UnsafeMutableRawPointer
    /// Octets, a multiple of 8.
    let size: Int
    private var head = 0
    private var tail = 0
    private(set) var used = 0

    init(size: Int) {
        self.size = size
        // Pages that were never touched cost nothing.
        unsafe base = .allocate(byteCount: max(8, size), alignment: 8)
    }

    deinit { unsafe base.deallocate() }

    @inline(__always)
    func entry(at offset: Int) -> CacheEntry {
        precondition(offset >= 0 && offset < size && offset & 7 == 0)
        return unsafe CacheEntry(base + offset)
    }

    /// Whether `take` would find room.
    func hasRoom(_ length: Int) -> Bool {
        if used == 0 { return length <= size }
        guard used < size else { return false }
        return head < tail ? tail - head >= length : size - head >= length || tail >= length
    }

    /// Where `length` octets are free now, taken; nil when something old must go first.
    mutating func take(_ length: Int) -> Int? {
        if used == 0 {
            head = 0
            tail = 0
        }
        guard hasRoom(length) else { return nil }
        if head >= tail, size - head < length {
            let rest = entry(at: head)
            rest.byteCount = size - head
            rest.state = .dead
            used += size - head
            head = 0
        }
        let offset = head
        head += length
        if head == size { head = 0 }
        used += length
        return offset
    }

    /// Frees the oldest entry; where it still lies. The ring must not be empty.
    mutating func dropOldest() -> Int {
        precondition(used > 0)
        let offset = tail
        let length = entry(at: offset).byteCount
        tail += length
        if tail == size { tail = 0 }
        used -= length
        return offset
    }
}

/// Where the entries of a shard lie, found by hash: open addressing, linear probes, no tombstones.
@safe struct CacheIndex: ~Copyable {
    /// The hash above, the place below; 0 is free.
    private let slots: UnsafeMutablePointer<UInt64>
    private let mask: Int

    /// One half of a shard and an offset there.
    struct Place: Equatable {
        let isDenial: Bool
        let offset: Int

        fileprivate var bits: UInt64 { UInt64(offset / 8 * 2 + (isDenial ? 1 : 0) + 1) }

        init(isDenial: Bool, offset: Int) {
            self.isDenial = isDenial
            self.offset = offset
        }

        @inline(__always)
        fileprivate init(bits: UInt64) {
            let value = Int(bits & 0xffff_ffff) &- 1
            isDenial = value & 1 != 0
            offset = value / 2 &* 8
        }
    }

    init(capacity: Int) {
        var count = 8
        while count < capacity + capacity / 2 { count *= 2 }
        mask = count - 1
        unsafe slots = .allocate(capacity: count)
        unsafe slots.initialize(repeating: 0, count: count)
    }

    deinit { unsafe slots.deallocate() }

    @inline(__always)
    private subscript(slot: Int) -> UInt64 {
        get { unsafe slots[slot & mask] }
        nonmutating set { unsafe slots[slot & mask] = newValue }
    }

    /// The place under this hash that `matches`.
    @inline(__always)
    func find(_ hash: UInt32, where matches: (Place) -> Bool) -> (slot: Int, place: Place)? {
        var slot = Int(hash) & mask
        while self[slot] != 0 {
            if UInt32(self[slot] >> 32) == hash {
                let place = Place(bits: self[slot])
                if matches(place) { return (slot, place) }
            }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    func insert(_ hash: UInt32, _ place: Place) {
        var slot = Int(hash) & mask
        while self[slot] != 0 { slot = (slot + 1) & mask }
        self[slot] = UInt64(hash) << 32 | place.bits
    }

    func replace(_ slot: Int, with place: Place) {
        self[slot] = self[slot] & 0xffff_ffff_0000_0000 | place.bits
    }

    /// Entries behind the gap move up to where they are looked for.
    func remove(_ slot: Int) {
        var gap = slot
        var next = (slot + 1) & mask
        while self[next] != 0 {
            let home = Int(self[next] >> 32) & mask
            if (next - home) & mask >= (next - gap) & mask {
                self[gap] = self[next]
                gap = next
            }
            next = (next + 1) & mask
        }
        self[gap] = 0
    }
}
