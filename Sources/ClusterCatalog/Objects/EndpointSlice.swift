/// Endpoints of one Service; a Service may have many slices.
public struct EndpointSlice: Equatable, Sendable {
    public var name: ObjectName
    public var origin: Origin
    /// Without `kubernetes.io/service-name`, which is `service`.
    public var labels: Labels
    /// The name of the Service, in the same namespace.
    public var service: String
    public var endpoints: [Endpoint]
    public var ports: [EndpointPort]

    public init(
        name: ObjectName, origin: Origin, labels: Labels = [:], service: String, endpoints: [Endpoint] = [],
        ports: [EndpointPort] = []
    ) {
        self.name = name
        self.origin = origin
        self.labels = labels
        self.service = service
        self.endpoints = endpoints
        self.ports = ports
    }

    /// The Service that it belongs to.
    public var serviceName: ObjectName { ObjectName(namespace: name.namespace, name: service) }
}

/// One place that answers for a Service.
public struct Endpoint: Hashable, Sendable {
    public var addresses: AddressList
    /// For a slice: `conditions.ready` is true or absent.
    public var isReady: Bool
    /// A DNS label.
    public var hostname: String?
    /// `targetRef.name`, where that is a Pod.
    public var podName: String?

    public init(addresses: AddressList, isReady: Bool = true, hostname: String? = nil, podName: String? = nil) {
        self.addresses = addresses
        self.isReady = isReady
        self.hostname = hostname
        self.podName = podName
    }
}

/// The older form: all endpoints of the Service with the same name.
public struct Endpoints: Equatable, Sendable {
    public var name: ObjectName
    public var origin: Origin
    public var labels: Labels
    public var subsets: [EndpointSubset]

    public init(name: ObjectName, origin: Origin, labels: Labels = [:], subsets: [EndpointSubset] = []) {
        self.name = name
        self.origin = origin
        self.labels = labels
        self.subsets = subsets
    }
}

/// Endpoints that share their ports.
public struct EndpointSubset: Hashable, Sendable {
    /// `addresses`, with `isReady` true.
    public var ready: [Endpoint]
    /// `notReadyAddresses`, with `isReady` false.
    public var notReady: [Endpoint]
    public var ports: [EndpointPort]

    public init(ready: [Endpoint] = [], notReady: [Endpoint] = [], ports: [EndpointPort] = []) {
        self.ready = ready
        self.notReady = notReady
        self.ports = ports
    }
}
