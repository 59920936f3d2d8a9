/// Any object of a catalog, packed: one word, shared by the folder that read it, the change that brings it and the
/// catalog that keeps it.
///
/// A Service and its slice take some 220 octets so, 1,200 as structures with their arrays and strings. Who needs one
/// unpacks it: `Service(object)`.
public struct CatalogObject: Sendable {
    let packed: PackedObject

    public static func service(_ service: Service) -> CatalogObject { CatalogObject(service) }
    public static func endpointSlice(_ slice: EndpointSlice) -> CatalogObject { CatalogObject(slice) }
    public static func endpoints(_ endpoints: Endpoints) -> CatalogObject { CatalogObject(endpoints) }
    public static func pod(_ pod: Pod) -> CatalogObject { CatalogObject(pod) }
    public static func namespace(_ namespace: Namespace) -> CatalogObject { CatalogObject(namespace) }
    public static func node(_ node: Node) -> CatalogObject { CatalogObject(node) }
    public static func ingress(_ ingress: Ingress) -> CatalogObject { CatalogObject(ingress) }

    private init(_ object: some Packable) {
        var writer = ObjectWriter(object.objectName)
        writer.labels(object.labels)
        object.pack(into: &writer)
        packed = PackedObject(type(of: object).kind, object.origin, writer)
    }

    /// What the writer has packed.
    init(_ kind: ObjectKind, _ origin: Origin, _ writer: borrowing ObjectWriter) {
        packed = PackedObject(kind, origin, writer)
    }

    public var kind: ObjectKind { packed.kind }
    public var key: ObjectKey { ObjectKey(kind, packed.read { $0.name }) }

    /// The key for one object after the other: the last namespace is kept, as the next object is mostly in it too.
    func key(sharing namespace: inout String) -> ObjectKey {
        packed.read { reader in
            if !reader.isIn(namespace) { namespace = reader.namespace }
            return ObjectKey(kind, ObjectName(namespace: namespace, name: reader.ownName))
        }
    }
    public var origin: Origin { packed.origin }

    /// Whether this is its key; cheaper than to ask for it.
    func isObject(_ key: ObjectKey) -> Bool {
        kind == key.kind && packed.read { $0.isNamed(key.name.name) && $0.isIn(key.name.namespace) }
    }

    public var labels: Labels { packed.read { $0.labels() } }
}

extension CatalogObject: Equatable {
    /// Equal objects are packed alike.
    public static func == (left: CatalogObject, right: CatalogObject) -> Bool {
        left.packed.hasSameBytes(as: right.packed) && left.origin == right.origin
    }
}

/// A type that is one kind of `CatalogObject`.
public protocol CatalogObjectCase: Sendable {
    /// Nil if the object is of another kind.
    init?(_ object: CatalogObject)
}

extension Service: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard let service = Self.unpack(object) else { return nil }
        self = service
    }
}

extension EndpointSlice: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard let slice = Self.unpack(object) else { return nil }
        self = slice
    }
}

extension Endpoints: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard let endpoints = Self.unpack(object) else { return nil }
        self = endpoints
    }
}

extension Pod: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard let pod = Self.unpack(object) else { return nil }
        self = pod
    }
}

extension Namespace: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard let namespace = Self.unpack(object) else { return nil }
        self = namespace
    }
}

extension Node: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard let node = Self.unpack(object) else { return nil }
        self = node
    }
}

extension Ingress: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard let ingress = Self.unpack(object) else { return nil }
        self = ingress
    }
}
