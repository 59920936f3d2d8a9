/// What a server knows, compiled and frozen: owner name → rendered answers, for all zones of one plan step.
///
/// Written once by `AnswerTableBuilder`, then only read, by any number of threads. A table made from another shares
/// every index page and arena chunk that did not change.
@safe public final class AnswerTable: Sendable {
    let pages: [IndexPage]
    let arena: Arena
    let seed: UInt64
    /// Owner names, empty non-terminals included.
    public let nameCount: Int
    public let zones: [ZoneDescription]

    // What the query path reads: addresses only, so that a search touches no reference count.
    nonisolated(unsafe) private let pageBases: UnsafeMutablePointer<UnsafePointer<UInt64>>
    nonisolated(unsafe) private let chunkBases: UnsafeMutablePointer<UnsafeRawPointer?>
    nonisolated(unsafe) let zoneEntries: UnsafeMutableBufferPointer<ZoneEntry>
    private let pageShift: UInt32
    let wildcardCount: Int

    init(
        pages: [IndexPage], arena: Arena, seed: UInt64, nameCount: Int, zones: [ZoneDescription], wildcardCount: Int
    ) {
        precondition(pages.count.nonzeroBitCount == 1 && zones.count <= 255)
        self.pages = pages
        self.arena = arena
        self.seed = seed
        self.nameCount = nameCount
        self.zones = zones
        self.wildcardCount = wildcardCount
        pageShift = UInt32(32 - pages.count.trailingZeroBitCount)
        unsafe pageBases = .allocate(capacity: pages.count)
        for (index, page) in pages.enumerated() {
            unsafe (pageBases + index).initialize(to: UnsafePointer(page.slots))
        }
        unsafe chunkBases = .allocate(capacity: max(1, arena.slots.count))
        for (index, slot) in arena.slots.enumerated() {
            unsafe (chunkBases + index).initialize(to: slot.map { unsafe UnsafeRawPointer($0.chunk.base) })
        }
        unsafe zoneEntries = .allocate(capacity: zones.count)
        for (index, zone) in zones.enumerated() { unsafe zoneEntries.initializeElement(at: index, to: ZoneEntry(zone)) }
    }

    deinit {
        for unsafeentry in unsafe zoneEntries { entry.deallocate() }
        unsafe zoneEntries.deallocate()
        unsafe chunkBases.deallocate()
        unsafe pageBases.deallocate()
    }

    /// A table of zones that hold nothing, for the time before the first load.
    public convenience init(emptyWith zones: [ZoneDescription]) {
        self.init(
            pages: [IndexPage()], arena: Arena(), seed: NameHash.seed, nameCount: 0, zones: zones, wildcardCount: 0)
    }

    /// The seed that `Query.read` must hash with: one for all tables of a process.
    public static var hashSeed: UInt64 { NameHash.seed }

    @inline(__always)
    func leaf(at reference: LeafReference) -> Leaf? {
        guard let base = unsafe chunkBases[reference.chunk] else { return nil }
        return unsafe Leaf(TableBytes(base + reference.offset))
    }

    /// The leaf of the name that lies at `offset` of the message; nil when the table does not have it.
    @inline(__always)
    func find(hash: UInt32, in message: MessageBytes, at offset: Int, byteCount: Int) -> Leaf? {
        let page = unsafe pageBases[pageNumber(of: hash)]
        var slot = Int(hash) & IndexPage.slotMask
        while true {
            let entry = unsafe page[slot]
            guard entry != 0 else { return nil }
            if UInt32(truncatingIfNeeded: entry >> 32) == hash,
                let leaf = leaf(at: LeafReference(rawValue: UInt32(truncatingIfNeeded: entry))),
                leaf.isOwner(in: message, at: offset, byteCount: byteCount)
            {
                return leaf
            }
            slot = (slot &+ 1) & IndexPage.slotMask
        }
    }

    /// Upper bits of the hash; a shift by 32 (one page) gives 0 through the wider type.
    @inline(__always)
    private func pageNumber(of hash: UInt32) -> Int { Int(UInt64(hash) >> UInt64(pageShift)) }

    /// Starts to bring the slot and the leaf of `hash` near: for the first pass over a batch.
    /// The entry that will be looked at first, so that the caller's loop does not wait for it.
    @inline(__always)
    public func touch(hash: UInt32) -> UInt64 {
        unsafe pageBases[pageNumber(of: hash)][Int(hash) & IndexPage.slotMask]
    }

    /// The second half of `touch`: the first octets of the leaf behind an entry.
    @inline(__always)
    public func touch(entry: UInt64) -> UInt64 {
        guard entry != 0, let leaf = leaf(at: LeafReference(rawValue: UInt32(truncatingIfNeeded: entry))) else {
            return 0
        }
        return leaf.bytes.word(at: 0)
    }
}
