import LinuxIO
import SourceText

extension ObjectDecoder {
    /// `discovery.k8s.io/v1 EndpointSlice` (docs:
    /// kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1).
    mutating func endpointSlice(_ object: Value) -> CatalogObject? {
        guard let metadata = metadata(of: object, .endpointSlice, .subdomain) else { return nil }
        guard let service = serviceName(of: object, metadata) else { return nil }
        let type = addressType(object["addressType"])
        let list = mappings(object["endpoints"], "endpoints")
        var endpoints: [Endpoint] = []
        endpoints.reserveCapacity(list.count)
        for value in list {
            if let endpoint = endpoint(value, type) { endpoints.append(endpoint) }
        }
        return .endpointSlice(
            EndpointSlice(
                name: metadata.name, origin: metadata.origin, labels: metadata.labels, service: service,
                endpoints: endpoints, ports: endpointPorts(object["ports"], "ports")))
    }

    private mutating func serviceName(of object: Value, _ metadata: Metadata) -> String? {
        guard let value = present(metadata.serviceName), !value.equals("") else {
            error(
                at: object,
                "the label kubernetes.io/service-name is missing; without it the slice belongs to no Service")
            return nil
        }
        return name(value, "the label kubernetes.io/service-name", .label)
    }

    /// What the addresses of a slice are.
    private enum AddressType {
        case v4, v6, names
        /// Nothing is written: taken as found.
        case any

        func accepts(_ address: IPAddress) -> Bool {
            switch self {
            case .v4: address.isIPv4
            case .v6: !address.isIPv4
            case .names, .any: true
            }
        }
    }

    private mutating func addressType(_ value: Value?) -> AddressType {
        guard let value = present(value) else { return .any }
        if value.equals("IPv4") { return .v4 }
        if value.equals("IPv6") { return .v6 }
        guard value.equals("FQDN") else {
            error(at: value, "addressType must be IPv4, IPv6 or FQDN, not \(value.quoted)")
            return .any
        }
        warning(
            at: value,
            "addressType FQDN is not served; write a slice with the addresses, or a Service of type ExternalName")
        return .names
    }

    private mutating func endpoint(_ value: Value, _ type: AddressType) -> Endpoint? {
        let conditions = mapping(value["conditions"], "endpoints[].conditions")
        let isReady = boolean(conditions?["ready"], "endpoints[].conditions.ready") ?? true
        let hostname = name(value["hostname"], "endpoints[].hostname", .label)
        let podName = targetName(value["targetRef"], "endpoints[].targetRef")
        guard type != .names else { return nil }
        guard let list = present(value["addresses"]) else {
            error(at: value, "endpoints[].addresses is missing; write the addresses of the endpoint")
            return nil
        }
        var addresses = AddressList()
        for value in elements(list, "endpoints[].addresses") {
            guard let address = address(value, "endpoints[].addresses[]") else { continue }
            if type.accepts(address) {
                addresses.append(address)
            } else {
                error(
                    at: value,
                    "addressType is \(type == .v4 ? "IPv4" : "IPv6") but \(value.quoted) is not; put it "
                        + "into a slice of its own"
                )
            }
        }
        return Endpoint(addresses: addresses, isReady: isReady, hostname: hostname, podName: podName)
    }

    /// The name in a reference to the object behind an endpoint.
    mutating func targetName(_ value: Value?, _ path: StaticString) -> String? {
        mapping(value, path).flatMap { string($0["name"], "\(path).name") }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A port without a number stands for all ports; no record can say that, so it is passed over.
    mutating func endpointPorts(_ value: Value?, _ path: StaticString) -> [EndpointPort] {
        let list = mappings(value, path)
        var ports: [EndpointPort] = []
        ports.reserveCapacity(list.count)
        for port in list {
            let name = portName(port["name"], "ports[].name")
            let proto = proto(port["protocol"], "ports[].protocol")
            guard let value = present(port["port"]), let number = portNumber(value, "ports[].port") else { continue }
            ports.append(EndpointPort(name: name, proto: proto, port: number))
        }
        return interner.shared(ports)
    }
}
