/// What one change of the source does to the catalog: all of it is seen at once, or nothing.
public struct CatalogChange: Sendable {
    /// At most one update for a key; nil means that the object is gone.
    public var updates: [(key: ObjectKey, object: CatalogObject?)]

    public init(updates: [(key: ObjectKey, object: CatalogObject?)] = []) { self.updates = updates }

    /// The change that puts in these objects.
    public init(adding objects: some Sequence<CatalogObject>) {
        updates = objects.map { ($0.key, $0) }
    }

    public var isEmpty: Bool { updates.isEmpty }
}
