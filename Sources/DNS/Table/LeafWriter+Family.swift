// Leaves of a family: the same octets as from `NameFamily.owners(ttl:)`, which a test makes sure of. A first load makes
// nearly all names this way, with a third of the instructions.
extension LeafWriter {
    /// The leaf of one name of the family.
    func write(_ owner: NameFamily.Owner, of family: NameFamily, ttl: UInt32, zone: Int) {
        let addresses = owner.addresses
        let setCount =
            (addresses.a.isEmpty ? 0 : 1) + (addresses.aaaa.isEmpty ? 0 : 1) + (owner.targets.isEmpty ? 0 : 1)
        beginHead(ownerByteCount: family.wireByteCount(of: owner.name), zone: zone, setCount: setCount, [])
        append(owner.name, family)
        var entry = endHead(setCount: setCount)
        if !addresses.a.isEmpty {
            writeAddresses(family.a, addresses.a, .a, ttl: ttl, entry: entry)
            entry += LeafSet.entryByteCount
        }
        if !addresses.aaaa.isEmpty {
            writeAddresses(family.aaaa, addresses.aaaa, .aaaa, ttl: ttl, entry: entry)
            entry += LeafSet.entryByteCount
        }
        if !owner.targets.isEmpty { writeServices(owner, family, ttl: ttl, entry: entry) }
        endLeaf()
    }

    private func append(_ name: NameFamily.Member, _ family: NameFamily) {
        bytes.append(family.fronts, family.range(of: name))
        bytes.append(family.base.wire)
    }

    // MARK: Addresses

    private func writeAddresses(
        _ addresses: [some FixedWidthInteger & BitwiseCopyable], _ range: Range<Int>, _ type: RecordType, ttl: UInt32,
        entry: Int
    ) {
        let start = bytes.count
        for index in range {
            bytes.appendWire(UInt16(0xc000 + Query.headerByteCount))
            writeRecord(type, ttl: ttl, addresses[index])
        }
        let byteCount = bytes.count - start
        writeEntry(
            type, range.count, at: entry, 0, stride: byteCount / range.count, start: start, byteCount: byteCount)
    }

    /// Type, class, TTL, length and address.
    @inline(__always)
    private func writeRecord<Address: FixedWidthInteger & BitwiseCopyable>(
        _ type: RecordType, ttl: UInt32, _ address: Address
    ) {
        bytes.appendWire(UInt32(type.rawValue) << 16 | 1)
        bytes.appendWire(ttl)
        bytes.appendWire(UInt16(MemoryLayout<Address>.size))
        bytes.appendWire(address)
    }

    // MARK: SRV

    /// Packs the SRV records as `PackedServices` reads them, the addresses of their targets behind.
    private func writeServices(_ owner: NameFamily.Owner, _ family: NameFamily, ttl: UInt32, entry: Int) {
        let front = bytes.count
        bytes.append(UInt64(0))
        bytes.appendWire(UInt16(0xc000 + Query.headerByteCount))
        bytes.appendWire(UInt32(RecordType.srv.rawValue) << 16 | 1)
        bytes.appendWire(ttl)
        let start = bytes.count
        var byteCount = 0
        var stride: Int?
        for index in owner.targets {
            let before = bytes.count
            let targetByteCount = writeService(family.targets[index], of: owner, family)
            byteCount += LeafSet.recordHeadByteCount + 6 + targetByteCount
            let length = bytes.count - before
            stride = stride == nil || stride == length ? length : 0
        }
        bytes.put(UInt32(bytes.count - start), at: front + 4)
        let recordsEnd = bytes.count
        let additionalCount = writeGlue(owner, family, ttl: ttl, byteCount: byteCount)
        bytes.put(UInt32(bytes.count - recordsEnd), at: front)
        writeEntry(
            .srv, owner.targets.count, at: entry, additionalCount, stride: stride, start: start, byteCount: byteCount)
    }

    /// Octets that the name of the target has.
    private func writeService(_ target: NameFamily.Target, of owner: NameFamily.Owner, _ family: NameFamily) -> Int {
        let name = family.hosts[target.host].name
        let byteCount = family.wireByteCount(of: name)
        // What the two fronts have in common at their ends the target has from the owner, like the base.
        let shared = family.commonEndByteCount(name, owner.name)
        bytes.appendWire(UInt16(byteCount + 6))
        bytes.appendWire(UInt32(owner.weight))
        bytes.appendWire(target.port)
        bytes.append(UInt8(Int(name.byteCount) - shared))
        bytes.append(UInt8(Int(owner.name.byteCount) - shared))
        bytes.append(family.fronts, Int(name.at)..<Int(name.at + name.byteCount) - shared)
        return byteCount
    }

    // MARK: Glue

    /// A host whose name stands in the message at one place, where pointers may lead.
    private struct HostAnchor {
        let host: Int
        let at: Int
    }

    /// Writes the addresses that go with SRV records sent in `byteCount` octets; how many there are.
    private func writeGlue(_ owner: NameFamily.Owner, _ family: NameFamily, ttl: UInt32, byteCount: Int) -> Int {
        let answersAt = Query.headerByteCount + family.wireByteCount(of: owner.name) + 4
        // The only target, else the owner of the first address: as for `anchor(for:answersAt:)`.
        var anchor: HostAnchor?
        if owner.glue.count == 1 {
            let target = family.glue[owner.glue.lowerBound]
            anchor = HostAnchor(host: target, at: answersAt + LeafSet.recordHeadByteCount + 6)
        }
        var count = 0
        for index in owner.glue {
            let host = family.glue[index]
            let addresses = family.hosts[host].addresses
            for address in addresses.a {
                writeHost(host, family, sharing: &anchor, glueAt: answersAt + byteCount)
                writeRecord(.a, ttl: ttl, family.a[address])
            }
            for address in addresses.aaaa {
                writeHost(host, family, sharing: &anchor, glueAt: answersAt + byteCount)
                writeRecord(.aaaa, ttl: ttl, family.aaaa[address])
            }
            count += addresses.a.count + addresses.aaaa.count
        }
        return count
    }

    /// Two hosts have the base in common and, as each has one label in front of it, nothing more.
    private func writeHost(_ host: Int, _ family: NameFamily, sharing anchor: inout HostAnchor?, glueAt: Int) {
        let name = family.hosts[host].name
        guard let known = anchor else {
            anchor = HostAnchor(host: host, at: glueAt)
            return append(name, family)
        }
        let isSame = host == known.host
        let target = isSame ? known.at : known.at + Int(family.hosts[known.host].name.byteCount)
        guard target < 0x4000 else { return append(name, family) }
        if !isSame { bytes.append(family.fronts, family.range(of: name)) }
        bytes.appendWire(UInt16(0xc000 + target))
    }
}

extension NameFamily {
    /// Octets that the fronts of two names have in common at their ends; not only whole labels.
    fileprivate func commonEndByteCount(_ one: Member, _ other: Member) -> Int {
        let most = Int(min(one.byteCount, other.byteCount))
        guard one != other else { return most }
        let (mine, theirs) = (Int(one.at + one.byteCount), Int(other.at + other.byteCount))
        var count = 0
        while count < most, fronts[mine - 1 - count] == fronts[theirs - 1 - count] { count += 1 }
        return count
    }
}
