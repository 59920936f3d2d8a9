/// What the query path reads of a table: addresses and numbers only, so that a query touches no reference count.
///
/// Valid as long as somebody holds the table it belongs to.
@safe public struct TableView: Sendable {
    /// One address, so that a view is handed on in a register.
    nonisolated(unsafe) private let head: UnsafeMutablePointer<TableHead>

    init(_ pages: [IndexPage], _ arena: Arena, _ zones: [ZoneDescription], seed: UInt64, hasWildcards: Bool) {
        let pageBases = UnsafeMutablePointer<UnsafePointer<UInt64>>.allocate(capacity: pages.count)
        for (index, page) in pages.enumerated() {
            unsafe (pageBases + index).initialize(to: UnsafePointer(page.slots))
        }
        let chunkBases = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: max(1, arena.slots.count))
        for (index, slot) in arena.slots.enumerated() {
            unsafe (chunkBases + index).initialize(to: slot.map { unsafe UnsafeRawPointer($0.chunk.base) })
        }
        let zoneEntries = UnsafeMutablePointer<ZoneEntry>.allocate(capacity: max(1, zones.count))
        for (index, zone) in zones.enumerated() { unsafe (zoneEntries + index).initialize(to: ZoneEntry(zone)) }
        unsafe head = .allocate(capacity: 1)
        unsafe head.initialize(
            to: TableHead(
                pageBases: pageBases, chunkBases: chunkBases, zoneEntries: zoneEntries, zoneCount: zones.count,
                pageCount: pages.count, seed: seed, hasWildcards: hasWildcards))
    }

    func deallocate() {
        for index in 0..<zoneCount { zone(index).deallocate() }
        unsafe head.pointee.zoneEntries.deallocate()
        unsafe head.pointee.chunkBases.deallocate()
        unsafe head.pointee.pageBases.deallocate()
        unsafe head.deallocate()
    }

    @inline(__always) var seed: UInt64 { unsafe head.pointee.seed }
    @inline(__always) var hasWildcards: Bool { unsafe head.pointee.hasWildcards }
    @inline(__always) private var zoneCount: Int { unsafe head.pointee.zoneCount }

    @inline(__always)
    func zone(_ index: Int) -> ZoneEntry { unsafe head.pointee.zoneEntries[index] }

    @inline(__always)
    func leaf(at reference: LeafReference) -> Leaf? {
        guard let base = unsafe head.pointee.chunkBases[reference.chunk] else { return nil }
        return unsafe Leaf(TableBytes(base + reference.offset))
    }

    /// The leaf of the name that lies at `offset` of the message; nil when the table does not have it.
    @inline(__always)
    func find(hash: UInt32, in message: MessageBytes, at offset: Int, byteCount: Int) -> Leaf? {
        let page = unsafe head.pointee.pageBases[pageNumber(of: hash)]
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

    /// Asks for the memory that answering these queries needs, for all of them at once: what has to come from far comes
    /// side by side then, while one query after the other would wait for each piece alone. At 10,000 Services this
    /// takes a query from 0.85 to 0.37 µs of user time (docs/performance.md).
    ///
    /// - Returns: a number without meaning; it keeps the reads from being left out.
    public func warm(_ queries: Span<Query>, count: Int) -> UInt64 {
        var sum: UInt64 = 0
        for index in 0..<count { sum &+= homeEntry(of: queries[index].hash) }
        for index in 0..<count {
            let hash = queries[index].hash
            let entry = homeEntry(of: hash)
            guard UInt32(truncatingIfNeeded: entry >> 32) == hash, entry != 0,
                let leaf = leaf(at: LeafReference(rawValue: UInt32(truncatingIfNeeded: entry)))
            else { continue }
            sum &+= leaf.warm()
        }
        return sum
    }

    @inline(__always)
    private func homeEntry(of hash: UInt32) -> UInt64 {
        unsafe head.pointee.pageBases[pageNumber(of: hash)][Int(hash) & IndexPage.slotMask]
    }

    /// The longest zone that the name lies in, and where its apex begins in the message.
    @inline(__always)
    func zone(of name: NamePlace, in message: MessageBytes) -> (ZoneEntry, apexAt: Int)? {
        zoneIndex(of: name, in: message).map { (zone($0.index), $0.apexAt) }
    }

    @inline(__always)
    func zoneIndex(of name: NamePlace, in message: MessageBytes) -> (index: Int, apexAt: Int)? {
        var found: (index: Int, apexAt: Int)?
        var longest = 0
        for index in 0..<zoneCount {
            let byteCount = zone(index).apexByteCount
            guard byteCount > longest else { continue }
            let at = suffixStart(
                of: message, nameAt: name.at, byteCount: name.byteCount, key: zone(index).apex, byteCount)
            guard let at else { continue }
            found = (index, at)
            longest = byteCount
        }
        return found
    }

    @inline(__always)
    private func pageNumber(of hash: UInt32) -> Int { unsafe IndexPage.number(of: hash, among: head.pointee.pageCount) }
}

/// What a `TableView` leads to.
@unsafe private struct TableHead {
    let pageBases: UnsafeMutablePointer<UnsafePointer<UInt64>>
    let chunkBases: UnsafeMutablePointer<UnsafeRawPointer?>
    let zoneEntries: UnsafeMutablePointer<ZoneEntry>
    let zoneCount: Int
    let pageCount: Int
    let seed: UInt64
    let hasWildcards: Bool
}
