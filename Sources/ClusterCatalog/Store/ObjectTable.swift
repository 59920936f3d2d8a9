/// The objects of one kind by namespace and name; reads like a dictionary, and unpacks what is asked for.
public struct ObjectTable<Object: CatalogObjectCase>: Sendable {
    private var index = ObjectIndex<OwnName>()
    /// How many objects there are.
    public private(set) var count = 0

    init() {}

    public var isEmpty: Bool { count == 0 }

    public subscript(name: ObjectName) -> Object? { packed(name).flatMap(Object.init) }

    /// The object as it is kept: one word for those who want to remember it.
    public func packed(_ name: ObjectName) -> CatalogObject? { index[name] }

    public func contains(_ name: ObjectName) -> Bool { index[name] != nil }

    /// The objects of one namespace, in no order.
    public func objects(in namespace: String) -> some Sequence<Object> {
        packed(in: namespace).lazy.compactMap(Object.init)
    }

    func packed(in namespace: String) -> some Sequence<CatalogObject> { index.objects(in: namespace) }

    /// Puts in, replaces or (nil) takes out; gives what was there before.
    mutating func update(_ name: ObjectName, with object: CatalogObject?) -> CatalogObject? {
        let old = index.update(name, with: object)
        count += (object == nil ? 0 : 1) - (old == nil ? 0 : 1)
        return old
    }
}

extension ObjectTable: Sequence {
    /// Every object with its name, in no order.
    public func makeIterator() -> some IteratorProtocol<(key: ObjectName, value: Object)> {
        index.objects.lazy.compactMap { object -> (key: ObjectName, value: Object)? in
            Object(object).map { (object.key.name, $0) }
        }.makeIterator()
    }

    /// Every object, in no order.
    public var values: some Sequence<Object> { index.objects.lazy.compactMap(Object.init) }

    /// Every name, in no order.
    public var keys: some Sequence<ObjectName> { index.objects.lazy.map(\.key.name) }
}
