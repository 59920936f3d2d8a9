/// Where an object is written: a piece of a file.
struct Provider: Hashable {
    /// Index of the `FileRecord`.
    let file: Int32
    /// Id of the piece, or `retained`.
    let piece: Int32

    /// Not in the file any more, which is broken; see `FileRecord.retained`.
    static let retained: Int32 = -1
}

/// Who gives which object. Where several give one, the first in the order of paths and lines counts.
struct ObjectLedger {
    private enum Owner {
        case one(Provider)
        /// Two or more, in no order.
        case many([Provider])
    }

    private struct LocalKey: Hashable {
        let kind: ObjectKind
        let name: String
    }

    private var owners: [String: [LocalKey: Owner]] = [:]
    /// Who counted before this step, for every key that the step touched.
    private var before: [ObjectKey: Provider?] = [:]
    /// Keys that more than one piece gives.
    private(set) var duplicates: Set<ObjectKey> = []
    var haveDuplicatesChanged = false

    /// Everyone who gives this object, in no order.
    func providers(of key: ObjectKey) -> [Provider] {
        switch owners[key.name.namespace]?[LocalKey(kind: key.kind, name: key.name.name)] {
        case nil: []
        case .one(let provider): [provider]
        case .many(let providers): providers
        }
    }

    /// - Parameter isFirst: whether the left one counts before the right one.
    func winner(of key: ObjectKey, _ isFirst: (Provider, Provider) -> Bool) -> Provider? {
        switch owners[key.name.namespace]?[LocalKey(kind: key.kind, name: key.name.name)] {
        case nil: nil
        case .one(let provider): provider
        case .many(let providers): providers.min(by: isFirst)
        }
    }

    mutating func add(_ provider: Provider, to key: ObjectKey, _ isFirst: (Provider, Provider) -> Bool) {
        let old = winner(of: key, isFirst)
        guard old == nil else { return change(key, isFirst) { $0.append(provider) } }
        // The ordinary case of a first load.
        if before[key] == nil { before[key] = .some(nil) }
        owners[key.name.namespace, default: [:]][LocalKey(kind: key.kind, name: key.name.name)] = .one(provider)
    }

    mutating func remove(_ provider: Provider, from key: ObjectKey, _ isFirst: (Provider, Provider) -> Bool) {
        change(key, isFirst) { $0.removeAll { $0 == provider } }
    }

    /// Notes who counts for every key that several pieces give, before the pieces change places.
    mutating func touchDuplicates(_ isFirst: (Provider, Provider) -> Bool) {
        for key in duplicates where before[key] == nil { before[key] = .some(winner(of: key, isFirst)) }
    }

    private mutating func change(
        _ key: ObjectKey, _ isFirst: (Provider, Provider) -> Bool, _ body: (inout [Provider]) -> Void
    ) {
        var providers = providers(of: key)
        if before[key] == nil { before[key] = .some(providers.min(by: isFirst)) }
        body(&providers)
        put(providers, key)
    }

    private mutating func put(_ providers: [Provider], _ key: ObjectKey) {
        let local = LocalKey(kind: key.kind, name: key.name.name)
        if providers.count > 1 {
            duplicates.insert(key)
            haveDuplicatesChanged = true
        } else if duplicates.remove(key) != nil {
            haveDuplicatesChanged = true
        }
        switch providers.count {
        case 0:
            owners[key.name.namespace]?[local] = nil
            if owners[key.name.namespace]?.isEmpty == true { owners[key.name.namespace] = nil }
        case 1: owners[key.name.namespace, default: [:]][local] = .one(providers[0])
        default: owners[key.name.namespace, default: [:]][local] = .many(providers)
        }
    }

    /// Ends the step: every key whose owner is another than before it, with the new one.
    mutating func takeChanges(_ isFirst: (Provider, Provider) -> Bool) -> [(key: ObjectKey, winner: Provider?)] {
        defer { before = [:] }
        return before.compactMap { key, old in
            let new = winner(of: key, isFirst)
            return new == old ? nil : (key, new)
        }
    }
}
