/// Where an object is written: a piece of a file.
struct Provider: Hashable {
    /// Index of the `FileRecord`.
    let file: Int32
    /// Id of the piece, or `retained`.
    let piece: Int32

    /// Not in the file any more, which is broken; see `FileRecord.retained`.
    static let retained: Int32 = -1
}

extension Provider {
    /// The place that the object itself names.
    init(of object: CatalogObject) { self.init(file: object.packed.file.index, piece: object.packed.piece) }
}

/// Who gives which object. Where several give one, the first in the order of paths and lines counts.
struct ObjectLedger {
    /// The ordinary case, by kind: one piece gives the object, which knows the piece.
    private var single = [ObjectIndex<OwnName>](repeating: ObjectIndex(), count: ObjectKind.allCases.count)
    /// In no order; never empty. What is here is not in `single`.
    private var others: [ObjectKey: [Provider]] = [:]
    /// Who counted before this step, for every key that the step touched, but for those in `appeared`.
    private var before: [ObjectKey: Provider?] = [:]
    /// Objects that nobody gave before this step: nearly all of a first load. Their keys are made only when it ends:
    /// made while files are parsed, they would leave holes between the objects that stay.
    /// In the order of the files, so that the answers are made in the order in which the objects lie in memory.
    private var appeared: [CatalogObject] = []
    /// Of as many of them as the set counts; filled only when a key changes hands again, which in a first load only
    /// duplicates do.
    private var appearedIdentifiers: Set<ObjectIdentifier> = []
    /// Of the object that was added last.
    private var namespace = ""
    /// Keys that more than one piece gives.
    private(set) var duplicates: Set<ObjectKey> = []
    var haveDuplicatesChanged = false

    /// Everyone who gives this object, in no order.
    func providers(of key: ObjectKey) -> [Provider] {
        if let object = only(key) { return [Provider(of: object)] }
        return others[key] ?? []
    }

    /// - Parameter isFirst: whether the left one counts before the right one.
    func winner(of key: ObjectKey, _ isFirst: (Provider, Provider) -> Bool) -> Provider? {
        only(key).map { Provider(of: $0) } ?? others[key]?.min(by: isFirst)
    }

    /// Notes an object that a piece gives.
    mutating func add(_ object: CatalogObject, _ isFirst: (Provider, Provider) -> Bool) {
        guard insertFirst(object) else { return change(object.key, isFirst) { $0.append(Provider(of: object)) } }
        if before.isEmpty || before[object.key] == nil { appeared.append(object) }
    }

    /// Puts in what nobody gives yet. The ordinary object costs one look at one table, and its key is not made.
    private mutating func insertFirst(_ object: CatalogObject) -> Bool {
        guard others.isEmpty || others[object.key] == nil else { return false }
        let packed = object.packed
        if !packed.read({ $0.isIn(namespace) }) { namespace = packed.read { $0.namespace } }
        return single[Int(packed.kind.rawValue)].insertFirst(object, in: namespace)
    }

    /// Notes an object that stays although no piece gives it.
    mutating func addRetained(_ provider: Provider, to key: ObjectKey, _ isFirst: (Provider, Provider) -> Bool) {
        change(key, isFirst) { $0.append(provider) }
    }

    mutating func remove(_ provider: Provider, from key: ObjectKey, _ isFirst: (Provider, Provider) -> Bool) {
        change(key, isFirst) { $0.removeAll { $0 == provider } }
    }

    /// Notes who counts for every key that several pieces give, before the pieces change places.
    mutating func touchDuplicates(_ isFirst: (Provider, Provider) -> Bool) {
        for key in duplicates where before[key] == nil { before[key] = .some(winner(of: key, isFirst)) }
    }

    /// What touches the key a second time in one step finds it in `before`, so only one object is asked about.
    private mutating func hasAppeared(_ key: ObjectKey) -> Bool {
        guard !appeared.isEmpty, let object = only(key) else { return false }
        for object in appeared[appearedIdentifiers.count...] { appearedIdentifiers.insert(object.packed.identifier) }
        return appearedIdentifiers.contains(object.packed.identifier)
    }

    private func only(_ key: ObjectKey) -> CatalogObject? { single[Int(key.kind.rawValue)][key.name] }

    private mutating func change(
        _ key: ObjectKey, _ isFirst: (Provider, Provider) -> Bool, _ body: (inout [Provider]) -> Void
    ) {
        let old = providers(of: key)
        if before[key] == nil { before[key] = .some(hasAppeared(key) ? nil : old.min(by: isFirst)) }
        var new = old
        body(&new)
        guard new != old else { return }
        _ = single[Int(key.kind.rawValue)].update(key.name, with: nil)
        others[key] = new.isEmpty ? nil : new
        noteDuplicates(key, new.count > 1)
    }

    private mutating func noteDuplicates(_ key: ObjectKey, _ isDuplicate: Bool) {
        if isDuplicate {
            duplicates.insert(key)
            haveDuplicatesChanged = true
        } else if duplicates.remove(key) != nil {
            haveDuplicatesChanged = true
        }
    }

    /// Ends the step: every key whose owner is another than before it, with the object that counts now.
    ///
    /// - Parameter object: what a provider gives.
    mutating func takeChanges(
        _ isFirst: (Provider, Provider) -> Bool, object: (ObjectKey, Provider) -> CatalogObject?
    ) -> [(key: ObjectKey, object: CatalogObject?)] {
        defer { (before, appeared, appearedIdentifiers, namespace) = ([:], [], [], "") }
        var changes: [(key: ObjectKey, object: CatalogObject?)] = []
        changes.reserveCapacity(before.count + appeared.count)
        for (key, old) in before {
            let new = winner(of: key, isFirst)
            if new != old { changes.append((key, new.flatMap { object(key, $0) })) }
        }
        var namespace = ""
        for object in appeared {
            let key = object.key(sharing: &namespace)
            // Whatever else touches the key notes it in `before`; so what is not there is the only one still.
            if before.isEmpty || before[key] == nil { changes.append((key, object)) }
        }
        return changes
    }
}
