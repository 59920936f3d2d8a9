/// A Pod as DNS needs it.
public struct Pod: Equatable, Sendable {
    public var name: ObjectName
    public var origin: Origin
    public var labels: Labels
    /// `status.podIPs`, else `status.podIP`.
    public var addresses: AddressList
    /// The condition Ready is true; or no conditions are written and the Pod is not pending.
    public var isReady: Bool
    /// Succeeded, Failed, Unknown, or being deleted: its address may already be another's.
    public var isEnded: Bool
    /// A DNS label.
    public var hostname: String?
    /// The headless Service under which `hostname` is a name.
    public var subdomain: String?
    public var containerPorts: [EndpointPort]

    public init(
        name: ObjectName, origin: Origin, labels: Labels = [:], addresses: AddressList = [], isReady: Bool = true,
        isEnded: Bool = false, hostname: String? = nil, subdomain: String? = nil, containerPorts: [EndpointPort] = []
    ) {
        self.name = name
        self.origin = origin
        self.labels = labels
        self.addresses = addresses
        self.isReady = isReady
        self.isEnded = isEnded
        self.hostname = hostname
        self.subdomain = subdomain
        self.containerPorts = containerPorts
    }
}

/// A Namespace that is written down; others exist because something lives in them.
public struct Namespace: Equatable, Sendable {
    public var name: String
    public var origin: Origin
    public var labels: Labels

    public init(name: String, origin: Origin, labels: Labels = [:]) {
        self.name = name
        self.origin = origin
        self.labels = labels
    }
}

/// A Node and its addresses (`status.addresses` of the types InternalIP and ExternalIP, in that order).
public struct Node: Equatable, Sendable {
    public var name: String
    public var origin: Origin
    public var labels: Labels
    public var addresses: AddressList

    public init(name: String, origin: Origin, labels: Labels = [:], addresses: AddressList = []) {
        self.name = name
        self.origin = origin
        self.labels = labels
        self.addresses = addresses
    }
}

/// The hosts of an Ingress and where they lead.
public struct Ingress: Equatable, Sendable {
    public var name: ObjectName
    public var origin: Origin
    public var labels: Labels
    /// `spec.rules[].host` and `spec.tls[].hosts[]`, lower case, each once; may start with `*.`.
    public var hosts: [String]
    /// `status.loadBalancer.ingress[].ip`.
    public var addresses: AddressList
    /// `status.loadBalancer.ingress[].hostname`, lower case.
    public var hostnames: [String]
    /// The annotation `clusterdns.io/controller-service`.
    public var controllerService: ObjectName?

    public init(
        name: ObjectName, origin: Origin, labels: Labels = [:], hosts: [String] = [], addresses: AddressList = [],
        hostnames: [String] = [], controllerService: ObjectName? = nil
    ) {
        self.name = name
        self.origin = origin
        self.labels = labels
        self.hosts = hosts
        self.addresses = addresses
        self.hostnames = hostnames
        self.controllerService = controllerService
    }
}
