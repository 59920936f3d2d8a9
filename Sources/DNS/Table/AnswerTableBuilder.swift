/// Makes a table: from nothing, or from the one before with a few names changed.
///
/// Gone after `compile`, so that nothing can be added to a table that workers read.
public struct AnswerTableBuilder: ~Copyable {
    private var pages: [IndexPage]
    private var isOwn: [Bool]
    private var arena: Arena
    private var nameCount: Int
    private var wildcardCount: Int
    private var writer = LeafWriter()
    private let seed: UInt64

    public init() {
        pages = [IndexPage()]
        isOwn = [true]
        arena = Arena()
        nameCount = 0
        wildcardCount = 0
        seed = NameHash.seed
    }

    /// Begins with everything that `table` has; pages and chunks are shared until they change.
    public init(changing table: AnswerTable) {
        pages = table.pages
        isOwn = Array(repeating: false, count: table.pages.count)
        arena = table.arena
        nameCount = table.nameCount
        wildcardCount = table.wildcardCount
        seed = table.seed
    }

    /// Puts one owner's records in place of what it had. `zone` is an index into the zones given to `compile`.
    /// - Complexity: O(rendered bytes), and a page of 8 KiB is copied the first time that it changes.
    public mutating func set(_ records: OwnerRecords, zone: Int, isApex: Bool = false) {
        var flags: LeafFlags = isApex ? .apex : []
        if records.kind == .podNamespace { flags.insert(.podNamespace) }
        if records.kind == .host { flags.insert(.host) }
        if records.sets.contains(where: { $0.type == .cname }) { flags.insert(.alias) }
        writer.write(records, zone: zone, flags: flags)
        putLeaf()
    }

    /// The same for one name of a family.
    public mutating func set(_ owner: NameFamily.Owner, of family: NameFamily, ttl: UInt32, zone: Int) {
        writer.write(owner, of: family, ttl: ttl, zone: zone)
        putLeaf()
    }

    /// The same for a name that has one PTR record and nothing else.
    public mutating func set(_ name: Name, pointingTo target: Name, ttl: UInt32, zone: Int) {
        writer.write(name, pointingTo: target, ttl: ttl, zone: zone)
        putLeaf()
    }

    /// Puts what the writer has written in place of what its owner had.
    private mutating func putLeaf() {
        let hash = writer.bytes.withLeaf { $0.hash(seed: seed) }
        let entry = indexEntry(hash: hash, arena.add(writer.bytes))
        let old = writer.bytes.withLeaf { leaf in
            search(hash) { arena.leaf(at: $0).map(leaf.hasOwner) ?? false }
        }
        if let old {
            arena.forget(old.reference)
            own(old.page)
            pages[old.page][old.slot] = entry
        } else {
            insert(entry)
            nameCount += 1
            if writer.bytes.isOfWildcard { wildcardCount += 1 }
        }
    }

    /// Takes an owner out; nothing happens when it is not there.
    public mutating func remove(_ owner: Name) {
        guard let old = locate(owner, hash: owner.hash(seed: seed)) else { return }
        arena.forget(old.reference)
        own(old.page)
        pages[old.page].remove(at: old.slot)
        nameCount -= 1
        if owner.isWildcard { wildcardCount -= 1 }
    }

    /// The finished table.
    public consuming func compile(zones: [ZoneDescription]) -> AnswerTable {
        if let worst = arena.worstChunk { empty(worst) }
        return AnswerTable(
            pages: pages, arena: arena, seed: seed, nameCount: nameCount, zones: zones, wildcardCount: wildcardCount)
    }

    // MARK: Index

    private func page(of hash: UInt32) -> Int { IndexPage.number(of: hash, among: pages.count) }

    /// Where the leaf of `owner` stands in the index.
    private func locate(_ owner: Name, hash: UInt32) -> (page: Int, slot: Int, reference: LeafReference)? {
        let key = owner.lowercased.wire
        return search(hash) { arena.leaf(at: $0)?.isOwner(key) ?? false }
    }

    private func search(
        _ hash: UInt32, until matches: (LeafReference) -> Bool
    ) -> (page: Int, slot: Int, reference: LeafReference)? {
        let page = page(of: hash)
        var slot = Int(hash) & IndexPage.slotMask
        while pages[page][slot] != 0 {
            let entry = pages[page][slot]
            let reference = LeafReference(rawValue: UInt32(truncatingIfNeeded: entry))
            if UInt32(truncatingIfNeeded: entry >> 32) == hash, matches(reference) { return (page, slot, reference) }
            slot = (slot + 1) & IndexPage.slotMask
        }
        return nil
    }

    private mutating func insert(_ entry: UInt64) {
        if (nameCount + 1) * 10 > pages.count * IndexPage.slotCount * 7 { grow() }
        let page = page(of: UInt32(truncatingIfNeeded: entry >> 32))
        own(page)
        place(entry, in: pages[page])
    }

    private func place(_ entry: UInt64, in page: IndexPage) {
        var slot = Int(entry >> 32) & IndexPage.slotMask
        while page[slot] != 0 { slot = (slot + 1) & IndexPage.slotMask }
        page[slot] = entry
    }

    private mutating func own(_ page: Int) {
        guard !isOwn[page] else { return }
        pages[page] = IndexPage(copying: pages[page])
        isOwn[page] = true
    }

    /// More pages: twice as many while they are few, then a quarter more, so that no large index is half empty.
    private mutating func grow() {
        let old = pages
        precondition(old.count < 1 << 22)
        let count = old.count < 64 ? old.count * 2 : old.count + old.count / 4
        pages = (0..<count).map { _ in IndexPage() }
        isOwn = Array(repeating: true, count: count)
        for page in old {
            for slot in 0..<IndexPage.slotCount where page[slot] != 0 {
                let entry = page[slot]
                place(entry, in: pages[self.page(of: UInt32(truncatingIfNeeded: entry >> 32))])
            }
        }
    }

    /// Moves the live leaves of a chunk elsewhere; the chunk goes when the last table that shows it does.
    private mutating func empty(_ chunk: Int) {
        for reference in arena.references(in: chunk) {
            guard let leaf = arena.leaf(at: reference) else { continue }
            let hash = leaf.hash(seed: seed)
            guard let place = search(hash, until: { $0 == reference }) else { continue }
            let copy = arena.add(copyOf: leaf)
            own(place.page)
            pages[place.page][place.slot] = indexEntry(hash: hash, copy)
            arena.forget(reference)
        }
    }
}

extension Name {
    /// Whether the first label is `*` (RFC 4592 §2.1.1).
    public var isWildcard: Bool { wire.count > 2 && wire[0] == 1 && wire[1] == UInt8(ascii: "*") }
}
