// Questions of the control plane to a finished table.
extension AnswerTable {
    /// Whether the owner name is there, with records or as an empty non-terminal.
    public func contains(_ owner: Name) -> Bool { leaf(of: owner) != nil }

    /// Whether the table answers for this owner exactly what these records would be compiled to.
    public func holds(_ records: OwnerRecords, zone: Int) -> Bool {
        guard let leaf = leaf(of: records.owner) else { return false }
        var writer = LeafWriter()
        writer.write(records, zone: zone, flags: leaf.flags)
        guard writer.bytes.count == leaf.byteCount else { return false }
        return (0..<leaf.byteCount).allSatisfy { writer.bytes[$0] == leaf.bytes.load(at: $0, as: UInt8.self) }
    }

    /// Octets of compiled answers, and of those that no name refers to any more.
    public var arenaByteCounts: (live: Int, garbage: Int) {
        (arena.liveByteCount, arena.usedByteCount - arena.liveByteCount)
    }

    private func leaf(of owner: Name) -> Leaf? {
        let key = owner.lowercased.wire
        let hash = owner.hash(seed: seed)
        let page = pages[IndexPage.number(of: hash, among: pages.count)]
        var slot = Int(hash) & IndexPage.slotMask
        while page[slot] != 0 {
            let entry = page[slot]
            if UInt32(truncatingIfNeeded: entry >> 32) == hash,
                let leaf = view.leaf(at: LeafReference(rawValue: UInt32(truncatingIfNeeded: entry))), leaf.isOwner(key)
            {
                return leaf
            }
            slot = (slot + 1) & IndexPage.slotMask
        }
        return nil
    }
}
