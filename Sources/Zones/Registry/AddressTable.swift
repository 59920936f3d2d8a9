/// A number for each of many IPv4 addresses: a hash table of eight octets a slot, for which a dictionary takes
/// sixty-four.
struct AddressTable {
    private struct Slot {
        var address: UInt32
        /// Negative in an empty slot.
        var number: Int32
    }

    /// A power of two of them, at most three quarters taken.
    private var slots: [Slot] = []
    private var count = 0

    subscript(address: UInt32) -> Int32? {
        guard !slots.isEmpty else { return nil }
        let slot = slots[place(of: address)]
        return slot.number < 0 ? nil : slot.number
    }

    var addresses: some Sequence<UInt32> { slots.lazy.filter { $0.number >= 0 }.map(\.address) }

    mutating func set(_ number: Int32, for address: UInt32) {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let place = place(of: address)
        if slots[place].number < 0 { count += 1 }
        slots[place] = Slot(address: address, number: number)
    }

    mutating func remove(_ address: UInt32) {
        guard self[address] != nil else { return }
        var hole = place(of: address)
        count -= 1
        var next = (hole + 1) & mask
        while slots[next].number >= 0 {
            // Movable when its home is not strictly between the hole and its place, counted round the table.
            if (next - home(of: slots[next].address)) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole].number = -1
    }

    private var mask: Int { slots.count - 1 }

    /// Addresses come in runs: multiplied, neighbours lie apart.
    private func home(of address: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(address) &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
    }

    /// Where the address is, or would be.
    private func place(of address: UInt32) -> Int {
        var place = home(of: address)
        while slots[place].number >= 0, slots[place].address != address { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(address: 0, number: -1), count: max(16, old.count * 2))
        for slot in old where slot.number >= 0 { slots[place(of: slot.address)] = slot }
    }
}
