/// The objects of one kind by namespace and name; reads like a dictionary.
///
/// Two levels, because whole namespaces are looked through, and because many small tables waste less than a large one.
public struct ObjectTable<Object: CatalogObjectCase>: Sendable {
    private var namespaces: [String: [String: CatalogObject]] = [:]
    /// How many objects there are.
    public private(set) var count = 0

    init() {}

    public var isEmpty: Bool { count == 0 }

    public subscript(name: ObjectName) -> Object? {
        namespaces[name.namespace]?[name.name].flatMap(Object.init)
    }

    /// The objects of one namespace, in no order.
    public func objects(in namespace: String) -> some Sequence<Object> {
        (namespaces[namespace] ?? [:]).values.lazy.compactMap(Object.init)
    }

    /// Puts in, replaces or (nil) takes out; gives what was there before.
    mutating func update(_ name: ObjectName, with object: CatalogObject?) -> Object? {
        let old: CatalogObject?
        if let object {
            old = namespaces[name.namespace, default: [:]].updateValue(object, forKey: name.name)
        } else {
            old = namespaces[name.namespace]?.removeValue(forKey: name.name)
            if namespaces[name.namespace]?.isEmpty == true { namespaces[name.namespace] = nil }
        }
        count += (object == nil ? 0 : 1) - (old == nil ? 0 : 1)
        return old.flatMap(Object.init)
    }
}

extension ObjectTable: Sequence {
    /// Every object with its name, in no order.
    public func makeIterator() -> some IteratorProtocol<(key: ObjectName, value: Object)> {
        namespaces.lazy.flatMap { namespace, objects in
            objects.lazy.compactMap { name, object -> (key: ObjectName, value: Object)? in
                Object(object).map { (ObjectName(namespace: namespace, name: name), $0) }
            }
        }.makeIterator()
    }

    /// Every object, in no order.
    public var values: some Sequence<Object> { lazy.map(\.value) }

    /// Every name, in no order.
    public var keys: some Sequence<ObjectName> {
        namespaces.lazy.flatMap { namespace, objects in
            objects.keys.lazy.map { ObjectName(namespace: namespace, name: $0) }
        }
    }
}
