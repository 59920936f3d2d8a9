/// Objects of one kind by namespace and name.
///
/// Two levels, because whole namespaces are looked through, and because many small tables waste less than a large one.
struct ObjectIndex<Key: IndexedName>: Sendable {
    private var namespaces: [String: NameTable<Key>] = [:]

    subscript(name: ObjectName) -> CatalogObject? { namespaces[name.namespace]?.first(named: name.name) }

    /// In no order.
    func all(_ name: ObjectName) -> [CatalogObject] { namespaces[name.namespace]?.all(named: name.name) ?? [] }

    func objects(in namespace: String) -> some Sequence<CatalogObject> {
        (namespaces[namespace] ?? NameTable()).objects
    }

    var objects: some Sequence<CatalogObject> { namespaces.values.lazy.flatMap(\.objects) }

    /// Puts in, replaces or (nil) takes out; gives what was there before.
    mutating func update(_ name: ObjectName, with object: CatalogObject?) -> CatalogObject? {
        guard let object else { return remove(name) { _ in true } }
        return namespaces[name.namespace, default: NameTable()].replace(named: name.name, with: object)
    }

    /// Puts the object beside those that have the same name already.
    mutating func insert(_ object: CatalogObject, _ name: ObjectName) {
        namespaces[name.namespace, default: NameTable()].insert(object)
    }

    /// Takes out one object of this name; gives what was there.
    mutating func remove(_ name: ObjectName, where matches: (CatalogObject) -> Bool) -> CatalogObject? {
        let old = namespaces[name.namespace]?.remove(named: name.name, where: matches)
        if namespaces[name.namespace]?.isEmpty == true { namespaces[name.namespace] = nil }
        return old
    }
}

extension ObjectIndex<OwnName> {
    /// Puts in an object whose name is not there yet; false, and nothing done, if it is.
    mutating func insertFirst(_ object: CatalogObject, in namespace: String) -> Bool {
        namespaces[namespace, default: NameTable()].insertFirst(object)
    }
}
