/// By which of its names an object is looked up.
protocol IndexedName {
    static func hash(of object: CatalogObject) -> Int
    static func isName(_ name: String, of object: CatalogObject) -> Bool
}

/// The name of the object itself.
enum OwnName: IndexedName {
    static func hash(of object: CatalogObject) -> Int {
        object.packed.read { reader in unsafe reader.withOwnName { unsafe OctetHash.of($0) } }
    }
    static func isName(_ name: String, of object: CatalogObject) -> Bool { object.packed.read { $0.isNamed(name) } }
}

/// The Service that an EndpointSlice belongs to: several slices may have one.
enum ServiceName: IndexedName {
    static func hash(of object: CatalogObject) -> Int { OctetHash.of(object.serviceOfSlice ?? "") }
    static func isName(_ name: String, of object: CatalogObject) -> Bool { object.serviceOfSlice == name }
}

/// Objects of one namespace and kind, found by a name.
///
/// A hash table with a word for each slot: the key stands in the object. A dictionary takes forty octets a slot, and
/// needs the name a second time.
struct NameTable<Key: IndexedName>: Sendable {
    /// A power of two of them, at most three quarters taken.
    private var slots: [CatalogObject?] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }
    var objects: some Sequence<CatalogObject> { slots.lazy.compactMap(\.self) }

    func first(named name: String) -> CatalogObject? {
        var found: CatalogObject?
        search(name) { _, object in
            found = object
            return false
        }
        return found
    }

    /// In no order.
    func all(named name: String) -> [CatalogObject] {
        var found: [CatalogObject] = []
        search(name) { _, object in
            found.append(object)
            return true
        }
        return found
    }

    /// Puts the object beside those that have the same name already.
    mutating func insert(_ object: CatalogObject) {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        place(object)
        count += 1
    }

    /// Puts the object in place of the one of this name; gives what was there before.
    mutating func replace(named name: String, with object: CatalogObject) -> CatalogObject? {
        guard let slot = slot(named: name, where: { _ in true }) else {
            insert(object)
            return nil
        }
        return slots[slot].replace(with: object)
    }

    /// Takes out one object of this name; gives what was there.
    mutating func remove(
        named name: String, where matches: (CatalogObject) -> Bool = { _ in true }
    ) -> CatalogObject? {
        guard let hole = slot(named: name, where: matches) else { return nil }
        count -= 1
        let old = slots[hole].take()
        fill(hole)
        return old
    }

    // MARK: Slots

    private func home(of name: String) -> Int { OctetHash.of(name) & (slots.count - 1) }
    private func home(of object: CatalogObject) -> Int { Key.hash(of: object) & (slots.count - 1) }
    private func next(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }

    private func slot(named name: String, where matches: (CatalogObject) -> Bool) -> Int? {
        var found: Int?
        search(name) { slot, object in
            guard matches(object) else { return true }
            found = slot
            return false
        }
        return found
    }

    /// Shows every object of this name until `visit` says that it has seen enough.
    private func search(_ name: String, visit: (Int, CatalogObject) -> Bool) {
        guard !slots.isEmpty else { return }
        var slot = home(of: name)
        while let object = slots[slot] {
            if Key.isName(name, of: object), !visit(slot, object) { return }
            slot = next(slot)
        }
    }

    private mutating func place(_ object: CatalogObject) {
        var slot = home(of: object)
        while slots[slot] != nil { slot = next(slot) }
        slots[slot] = object
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: nil, count: max(4, old.count * 2))
        for object in old.lazy.compactMap(\.self) { place(object) }
    }

    /// Moves up what stands behind an empty slot, so that no search ends too early.
    private mutating func fill(_ start: Int) {
        var hole = start
        var slot = next(start)
        let mask = slots.count - 1
        while let object = slots[slot] {
            let home = home(of: object)
            // Movable when its home is not strictly between the hole and its place, counted round the table.
            if (slot - home) & mask >= (slot - hole) & mask {
                slots[hole] = slots[slot].take()
                hole = slot
            }
            slot = next(slot)
        }
    }
}

extension NameTable<OwnName> {
    /// Puts in an object whose name is not there yet; false, and nothing done, if it is. Makes no String of the name.
    mutating func insertFirst(_ object: CatalogObject) -> Bool {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        var slot = home(of: object)
        while let other = slots[slot] {
            if other.packed.hasSameName(as: object.packed) { return false }
            slot = next(slot)
        }
        slots[slot] = object
        count += 1
        return true
    }
}

extension Optional {
    fileprivate mutating func replace(with value: Wrapped) -> Wrapped? {
        let old = self
        self = value
        return old
    }
}
