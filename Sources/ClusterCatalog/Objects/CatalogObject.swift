/// Any object of a catalog. Boxed: one word, shared by the change that brings it and the catalog that keeps it.
public indirect enum CatalogObject: Equatable, Sendable {
    case service(Service)
    case endpointSlice(EndpointSlice)
    case endpoints(Endpoints)
    case pod(Pod)
    case namespace(Namespace)
    case node(Node)
    case ingress(Ingress)

    public var key: ObjectKey {
        switch self {
        case .service(let service): ObjectKey(.service, service.name)
        case .endpointSlice(let slice): ObjectKey(.endpointSlice, slice.name)
        case .endpoints(let endpoints): ObjectKey(.endpoints, endpoints.name)
        case .pod(let pod): ObjectKey(.pod, pod.name)
        case .namespace(let namespace): ObjectKey(.namespace, ObjectName(namespace: "", name: namespace.name))
        case .node(let node): ObjectKey(.node, ObjectName(namespace: "", name: node.name))
        case .ingress(let ingress): ObjectKey(.ingress, ingress.name)
        }
    }

    public var origin: Origin {
        switch self {
        case .service(let service): service.origin
        case .endpointSlice(let slice): slice.origin
        case .endpoints(let endpoints): endpoints.origin
        case .pod(let pod): pod.origin
        case .namespace(let namespace): namespace.origin
        case .node(let node): node.origin
        case .ingress(let ingress): ingress.origin
        }
    }

    public var labels: Labels {
        switch self {
        case .service(let service): service.labels
        case .endpointSlice(let slice): slice.labels
        case .endpoints(let endpoints): endpoints.labels
        case .pod(let pod): pod.labels
        case .namespace(let namespace): namespace.labels
        case .node(let node): node.labels
        case .ingress(let ingress): ingress.labels
        }
    }
}

/// A type that is one case of `CatalogObject`.
public protocol CatalogObjectCase: Sendable {
    /// Nil if the object is of another kind.
    init?(_ object: CatalogObject)
}

extension Service: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard case .service(let service) = object else { return nil }
        self = service
    }
}

extension EndpointSlice: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard case .endpointSlice(let slice) = object else { return nil }
        self = slice
    }
}

extension Endpoints: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard case .endpoints(let endpoints) = object else { return nil }
        self = endpoints
    }
}

extension Pod: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard case .pod(let pod) = object else { return nil }
        self = pod
    }
}

extension Namespace: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard case .namespace(let namespace) = object else { return nil }
        self = namespace
    }
}

extension Node: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard case .node(let node) = object else { return nil }
        self = node
    }
}

extension Ingress: CatalogObjectCase {
    public init?(_ object: CatalogObject) {
        guard case .ingress(let ingress) = object else { return nil }
        self = ingress
    }
}
