/// Renders one owner's records into the bytes of a leaf.
///
/// Offsets are counted from the start of the answer message, where the question's name begins at 12: whatever shares
/// its last labels with the owner is written as labels and a pointer into the question (RFC 1035 §4.1.4).
struct LeafWriter {
    let bytes = LeafBuffer()
    private var owner: [UInt8] = []

    /// The leaf of `records`, in a buffer that is used again for the next one.
    mutating func write(_ records: OwnerRecords, zone: Int, flags: LeafFlags) {
        owner = records.owner.lowercased.wire
        beginHead(ownerByteCount: owner.count, zone: zone, setCount: records.sets.count, flags)
        bytes.append(owner)
        let directoryAt = endHead(setCount: records.sets.count)
        for (index, set) in records.sets.enumerated() {
            let entry = directoryAt + index * LeafSet.entryByteCount
            if set.type == .srv {
                writeServices(set, entry: entry, additional: records.additional)
            } else {
                write(set, entry: entry, additional: set.type == .ns ? records.additional : [])
            }
        }
        endLeaf()
    }

    /// The leaf of a name that has one PTR record and nothing else, as nearly all reverse names do.
    mutating func write(_ name: Name, pointingTo target: Name, ttl: UInt32, zone: Int) {
        owner = name.lowercased.wire
        beginHead(ownerByteCount: owner.count, zone: zone, setCount: 1, [])
        bytes.append(owner)
        let entry = endHead(setCount: 1)
        let start = bytes.count
        bytes.appendWire(UInt16(0xc000 + Query.headerByteCount))
        write(.ptr(target), ttl: ttl)
        let byteCount = bytes.count - start
        writeEntry(.ptr, 1, at: entry, 0, stride: byteCount, start: start, byteCount: byteCount)
        endLeaf()
    }

    // MARK: Head

    /// What stands in front of the owner's name.
    func beginHead(ownerByteCount: Int, zone: Int, setCount: Int, _ flags: LeafFlags) {
        bytes.clear()
        bytes.append(UInt32(0))
        bytes.append(UInt8(ownerByteCount))
        bytes.append(UInt8(zone))
        bytes.append(UInt8(setCount))
        bytes.append(flags.rawValue)
    }

    /// Makes room for the directory behind the owner's name; where that begins.
    func endHead(setCount: Int) -> Int {
        bytes.pad(toRemainder: Leaf.keyAt % 8)
        let directoryAt = bytes.count
        bytes.appendZeros(setCount * LeafSet.entryByteCount)
        return directoryAt
    }

    func endLeaf() {
        bytes.pad(toRemainder: 0)
        bytes.put(UInt32(bytes.count), at: 0)
    }

    // MARK: Sets

    private func write(_ set: RecordSet, entry: Int, additional: [RecordSet]) {
        let start = bytes.count
        var stride: Int?
        for record in set.records {
            let before = bytes.count
            bytes.appendWire(UInt16(0xc000 + Query.headerByteCount))
            write(record, ttl: set.ttl)
            let length = bytes.count - before
            stride = stride == nil || stride == length ? length : 0
        }
        let answersEnd = bytes.count
        var additionalCount = 0
        if !additional.isEmpty {
            bytes.append(UInt32(0))
            additionalCount = write(additional, behind: set, byteCount: answersEnd - start)
            bytes.put(UInt32(bytes.count - answersEnd - 4), at: answersEnd)
        }
        writeEntry(
            set.type, set.records.count, at: entry, additionalCount, stride: stride, start: start,
            byteCount: answersEnd - start)
    }

    /// Fills in the entry at `entry` of the directory, as `LeafSet` reads it.
    func writeEntry(
        _ type: RecordType, _ count: Int, at entry: Int, _ additionalCount: Int, stride: Int?, start: Int,
        byteCount: Int
    ) {
        var word = UInt64(type.rawValue) | (stride == 0 ? 0 : LeafSet.isEven)
        if count <= 0xff, additionalCount <= 0xff, start <= 0xffff, byteCount <= 0xffff {
            word |= UInt64(count) << 16 | UInt64(additionalCount) << 24
            word |= UInt64(start) << 32 | UInt64(byteCount) << 48
        } else {
            word |= LeafSet.isWide | UInt64(bytes.count) << 32
            for number in [count, additionalCount, start, byteCount] { bytes.append(UInt32(number)) }
        }
        bytes.put(word, at: entry)
    }

    /// Writes the additional records of a set that is sent in `byteCount` octets; how many there are.
    private func write(_ additional: [RecordSet], behind set: RecordSet, byteCount: Int) -> Int {
        let answersAt = Query.headerByteCount + owner.count + 4
        var anchor = anchor(for: set, answersAt: answersAt)
        var count = 0
        for glue in additional {
            for record in glue.records {
                if let anchor {
                    appendName(glue.owner, sharing: anchor)
                } else {
                    anchor = Anchor(wire: glue.owner.wire, at: answersAt + byteCount)
                    bytes.append(glue.owner.wire)
                }
                write(record, ttl: glue.ttl)
                count += 1
            }
        }
        return count
    }

    // MARK: SRV

    /// Packs a set as `PackedServices` reads it.
    private func writeServices(_ set: RecordSet, entry: Int, additional: [RecordSet]) {
        let front = bytes.count
        bytes.appendZeros(8)
        bytes.appendWire(UInt16(0xc000 + Query.headerByteCount))
        bytes.appendWire(set.type.rawValue)
        bytes.appendWire(UInt16(1))
        bytes.appendWire(set.ttl)
        let start = bytes.count
        var byteCount = 0
        var stride: Int?
        for case .srv(let priority, let weight, let port, let target) in set.records {
            let rest = commonEndByteCount(target.wire, owner)
            let before = bytes.count
            bytes.appendWire(UInt16(target.wire.count + 6))
            bytes.appendWire(priority)
            bytes.appendWire(weight)
            bytes.appendWire(port)
            bytes.append(UInt8(target.wire.count - rest))
            bytes.append(UInt8(owner.count - rest))
            bytes.append(target.wire, 0..<target.wire.count - rest)
            byteCount += LeafSet.recordHeadByteCount + target.wire.count + 6
            let length = bytes.count - before
            stride = stride == nil || stride == length ? length : 0
        }
        bytes.put(UInt32(bytes.count - start), at: front + 4)
        let recordsEnd = bytes.count
        let additionalCount = write(additional, behind: set, byteCount: byteCount)
        bytes.put(UInt32(bytes.count - recordsEnd), at: front)
        writeEntry(
            set.type, set.records.count, at: entry, additionalCount, stride: stride, start: start,
            byteCount: byteCount)
    }

    /// Octets that two names have in common at their ends; not only whole labels, and in the same case.
    private func commonEndByteCount(_ wire: [UInt8], _ other: [UInt8]) -> Int {
        var count = 0
        while count < wire.count, count < other.count, wire[wire.count - 1 - count] == other[other.count - 1 - count] {
            count += 1
        }
        return count
    }

    /// A name that stands in every answer of this owner at one place: pointers may lead to its labels.
    private struct Anchor {
        var wire: [UInt8]
        var at: Int
    }

    private var question: Anchor { Anchor(wire: owner, at: Query.headerByteCount) }

    /// Where the owners of additional records point to. Not to the question, whose spelling is the client's: a stub that
    /// compares names byte for byte must find the address of the target that it was given. Nil: to the first of them.
    private func anchor(for set: RecordSet, answersAt: Int) -> Anchor? {
        guard case .srv(_, _, _, let target) = set.records.first else { return question }
        let isOnly = set.records.allSatisfy { if case .srv(_, _, _, target) = $0 { true } else { false } }
        return isOnly ? Anchor(wire: target.wire, at: answersAt + LeafSet.recordHeadByteCount + 6) : nil
    }

    /// Type, class, TTL, length and data.
    private func write(_ record: Rdata, ttl: UInt32) {
        bytes.appendWire(record.type.rawValue)
        bytes.appendWire(UInt16(1))
        bytes.appendWire(ttl)
        let lengthAt = bytes.count
        bytes.appendWire(UInt16(0))
        switch record {
        case .a(let address): bytes.appendWire(address)
        case .aaaa(let high, let low):
            bytes.appendWire(high)
            bytes.appendWire(low)
        case .srv(let priority, let weight, let port, let target):
            bytes.appendWire(priority)
            bytes.appendWire(weight)
            bytes.appendWire(port)
            // Not compressed (RFC 2782, RFC 3597 §4): types younger than RFC 1035 must be readable as plain bytes.
            bytes.append(target.wire)
        case .ptr(let target), .ns(let target): appendName(target)
        // A target inside the table is followed, and then its own labels are what pointers lead to.
        case .cname(let target): bytes.append(target.wire)
        case .txt(let strings):
            for string in strings {
                bytes.append(UInt8(string.count))
                bytes.append(string)
            }
        }
        bytes.put(UInt16(bytes.count - lengthAt - 2).byteSwapped, at: lengthAt)
    }

    /// The labels that the name does not share with one that stands in the message already, then a pointer to it.
    private func appendName(_ name: Name, sharing anchor: Anchor? = nil) {
        let anchor = anchor ?? question
        let wire = name.wire
        let shared = sharedByteCount(wire, anchor.wire)
        let target = anchor.at + anchor.wire.count - shared
        guard shared > 1, target < 0x4000 else { return bytes.append(wire) }
        bytes.append(wire, 0..<wire.count - shared)
        bytes.appendWire(UInt16(0xc000 + target))
    }

    /// Octets of the last labels that two names have in common, the root's zero included.
    private func sharedByteCount(_ wire: [UInt8], _ other: [UInt8]) -> Int {
        var mine = other.count
        var theirs = wire.count
        while mine > 0, theirs > 0, other[mine - 1] == folded(wire[theirs - 1]) {
            mine -= 1
            theirs -= 1
        }
        // Only whole labels count: the next border to the right in both names.
        var border = 0
        while border < theirs { border += Int(wire[border]) + 1 }
        var otherBorder = 0
        let start = other.count - (wire.count - border)
        while otherBorder < start { otherBorder += Int(other[otherBorder]) + 1 }
        return otherBorder == start ? wire.count - border : 1
    }

    private func folded(_ octet: UInt8) -> UInt8 { (65...90).contains(octet) ? octet | 0x20 : octet }
}
