public import LinuxIO

/// What answers for one Service, after every rule about where endpoints come from.
public struct ServiceEndpoints: Equatable, Sendable {
    /// One address of one endpoint.
    public struct Member: Hashable, Sendable {
        public var address: IPAddress
        /// A DNS label.
        public var hostname: String?
        public var podName: String?
        /// True also for a not-ready endpoint of a Service that publishes those.
        public var isReady: Bool

        public init(address: IPAddress, hostname: String? = nil, podName: String? = nil, isReady: Bool = true) {
            self.address = address
            self.hostname = hostname
            self.podName = podName
            self.isReady = isReady
        }
    }

    /// Members with the ports that they share: a slice, a subset, or Pods with equal ports.
    public struct Group: Hashable, Sendable {
        /// An address that is written twice is here twice.
        public var members: [Member]
        public var ports: [EndpointPort]

        public init(members: [Member], ports: [EndpointPort]) {
            self.members = members
            self.ports = ports
        }
    }

    public var groups: [Group]

    public init(groups: [Group] = []) { self.groups = groups }

    public var hasReadyMember: Bool { groups.contains { $0.members.contains(where: \.isReady) } }
}

// The one place that knows where the endpoints of a Service come from (behaviour, head, 6–8).
extension Catalog {
    /// The slices of the Service; without any its Endpoints object; without that the Pods that its selector chooses.
    public func endpointSet(of name: ObjectName) -> ServiceEndpoints {
        guard let service = services[name] else { return ServiceEndpoints(groups: groups(of: name, nil)) }
        return endpointSet(of: service)
    }

    /// The same for those who have unpacked the Service already.
    public func endpointSet(of service: Service) -> ServiceEndpoints {
        var groups = groups(of: service.name, service)
        if service.publishNotReadyAddresses { groups.mutateEach { $0.publishNotReady() } }
        if let portName = onlyPortName(service) { groups.mutateEach { $0.nameOnlyPort(portName) } }
        return ServiceEndpoints(groups: groups)
    }

    /// Whether nothing but Pods says what the endpoints of this Service are. An ExternalName Service has none.
    func isServedByPods(_ service: Service) -> Bool {
        !service.selector.isEmpty && service.type != .externalName
            && !hasSlices(service.name) && endpointsObject(of: service.name) == nil
    }

    private func groups(of name: ObjectName, _ service: Service?) -> [ServiceEndpoints.Group] {
        let slices = slices(of: name)
        if !slices.isEmpty { return slices.map { .init($0.endpoints, $0.ports) } }
        if let endpoints = endpointsObject(of: name) {
            return endpoints.subsets.map { .init($0.ready + $0.notReady, $0.ports) }
        }
        guard let service, isServedByPods(service) else { return [] }
        return groups(ofPodsChosenBy: service)
    }

    private func groups(ofPodsChosenBy service: Service) -> [ServiceEndpoints.Group] {
        var groups: [ServiceEndpoints.Group] = []
        for pod in pods(in: service.name.namespace, matching: service.selector) where !pod.isEnded {
            let members = pod.members(of: service)
            guard !members.isEmpty else { continue }
            let ports = service.ports.compactMap { pod.port(for: $0) }
            if let index = groups.firstIndex(where: { $0.ports == ports }) {
                groups[index].members += members
            } else {
                groups.append(.init(members: members, ports: ports))
            }
        }
        return groups
    }

    /// The name of the Service's port, if it has exactly one and that is named.
    private func onlyPortName(_ service: Service) -> String? {
        guard service.ports.count == 1, let name = service.ports.first?.name, !name.isEmpty else { return nil }
        return name
    }
}

extension Pod {
    fileprivate func members(of service: Service) -> [ServiceEndpoints.Member] {
        // As the cluster has it: a hostname is a name only under the Service that the Pod calls its subdomain.
        let hostname = subdomain == service.name.name ? hostname : nil
        return addresses.filter(service.families.contains(familyOf:)).map {
            .init(address: $0, hostname: hostname, podName: name.name, isReady: isReady)
        }
    }

    /// Nil where the Service names a port that no container of this Pod has.
    fileprivate func port(for port: ServicePort) -> EndpointPort? {
        switch port.target {
        case .number(let number):
            return EndpointPort(name: port.name, proto: port.proto, port: number)
        case .name(let target):
            let match = containerPorts.first { $0.name == target && $0.proto == port.proto }
            return match.map { EndpointPort(name: port.name, proto: port.proto, port: $0.port) }
        }
    }
}

extension ServiceEndpoints.Group {
    fileprivate init(_ endpoints: [Endpoint], _ ports: [EndpointPort]) {
        members = endpoints.flatMap { endpoint in
            endpoint.addresses.lazy.map { address in
                .init(
                    address: address, hostname: endpoint.hostname, podName: endpoint.podName, isReady: endpoint.isReady)
            }
        }
        self.ports = ports
    }

    fileprivate mutating func publishNotReady() {
        members.mutateEach { $0.isReady = true }
    }

    /// An unnamed port that is alone is the port of a Service that has just one.
    fileprivate mutating func nameOnlyPort(_ name: String) {
        guard ports.count == 1, ports[0].name.isEmpty else { return }
        ports[0].name = name
    }
}

extension Array {
    fileprivate mutating func mutateEach(_ change: (inout Element) -> Void) {
        for index in indices { change(&self[index]) }
    }
}
