/// A namespace and a name in it; what `kubectl` writes as `shop/web`.
///
/// Cluster-scoped objects (Namespace, Node) have an empty namespace.
public struct ObjectName: Hashable, Sendable {
    public var namespace: String
    public var name: String

    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }
}

extension ObjectName: Comparable {
    public static func < (left: ObjectName, right: ObjectName) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
    }
}

extension ObjectName: CustomStringConvertible {
    /// `shop/web`, or `web` for a cluster-scoped object.
    public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}

/// The kinds that a catalog holds. All others are ignored and counted.
public enum ObjectKind: UInt8, Hashable, Sendable, CaseIterable {
    case service, endpointSlice, endpoints, pod, namespace, node, ingress

    /// False for kinds without a namespace.
    public var isNamespaced: Bool { self != .namespace && self != .node }
}

extension ObjectKind: CustomStringConvertible {
    /// The kind as a manifest writes it: `EndpointSlice`.
    public var description: String {
        switch self {
        case .service: "Service"
        case .endpointSlice: "EndpointSlice"
        case .endpoints: "Endpoints"
        case .pod: "Pod"
        case .namespace: "Namespace"
        case .node: "Node"
        case .ingress: "Ingress"
        }
    }
}

/// What there is at most one of in a catalog.
public struct ObjectKey: Hashable, Sendable {
    public var kind: ObjectKind
    public var name: ObjectName

    public init(_ kind: ObjectKind, _ name: ObjectName) {
        self.kind = kind
        self.name = name
    }
}

extension ObjectKey: Comparable {
    /// By kind, then by namespace and name.
    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.kind == right.kind ? left.name < right.name : left.kind.rawValue < right.kind.rawValue
    }
}

extension ObjectKey: CustomStringConvertible {
    /// `Service shop/web`.
    public var description: String { "\(kind) \(name)" }
}
