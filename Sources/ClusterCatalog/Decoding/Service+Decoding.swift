import LinuxIO
import SourceText

extension ObjectDecoder {
    /// `v1 Service` (docs: kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1).
    mutating func service(_ object: Value) -> CatalogObject? {
        let metadata = metadata(of: object, .service, .label)
        guard let spec = mapping(object["spec"], "spec") else {
            if present(object["spec"]) == nil {
                error(at: object, "spec is missing; a Service needs spec.ports and mostly spec.selector")
            }
            return nil
        }
        guard let metadata else { return nil }
        var service = Service(name: metadata.name, origin: metadata.origin, labels: metadata.labels)
        service.creation = metadata.creation.map(interner.text)
        service.type = serviceType(spec["type"])
        service.ports = servicePorts(spec["ports"])
        service.selector = labels(spec["selector"], "spec.selector")
        // Mostly the same labels: then they share their memory.
        if service.selector == service.labels { service.selector = service.labels }
        service.families = families(spec["ipFamilies"])
        service.publishNotReadyAddresses =
            boolean(spec["publishNotReadyAddresses"], "spec.publishNotReadyAddresses") ?? false
            || metadata.isAnnotated("service.alpha.kubernetes.io/tolerate-unready-endpoints")
        if service.type == .externalName {
            service.externalName = externalName(spec)
        } else {
            readClusterIPs(spec, into: &service)
        }
        return .service(service)
    }

    private mutating func serviceType(_ value: Value?) -> Service.Kind {
        guard let value = present(value) else { return .clusterIP }
        if value.equals("ClusterIP") { return .clusterIP }
        if value.equals("NodePort") { return .nodePort }
        if value.equals("LoadBalancer") { return .loadBalancer }
        if value.equals("ExternalName") { return .externalName }
        error(at: value, "spec.type must be ClusterIP, NodePort, LoadBalancer or ExternalName, not \(value.quoted)")
        return .clusterIP
    }

    // MARK: Addresses

    private mutating func readClusterIPs(_ spec: Value, into service: inout Service) {
        let single = present(spec["clusterIP"]).flatMap { $0.equals("") ? nil : $0 }
        let list = elements(spec["clusterIPs"], "spec.clusterIPs")
        if let single, let first = list.first, !single.hasText(of: first) {
            warning(
                at: single,
                "spec.clusterIP is \(single.quoted) but spec.clusterIPs begins with \(first.quoted); the "
                    + "list counts, correct one of them"
            )
        }
        for value in list where !isNone(value, &service) {
            if let address = address(value, "spec.clusterIPs[]") { service.clusterIPs.append(address) }
        }
        guard list.isEmpty, let single, !isNone(single, &service) else { return }
        if let address = address(single, "spec.clusterIP") { service.clusterIPs.append(address) }
    }

    private func isNone(_ value: Value, _ service: inout Service) -> Bool {
        guard value.equals("None") else { return false }
        service.isHeadless = true
        return true
    }

    private mutating func families(_ value: Value?) -> AddressFamilies {
        var families: AddressFamilies = []
        for value in elements(value, "spec.ipFamilies") {
            if value.equals("IPv4") {
                families.insert(.v4)
            } else if value.equals("IPv6") {
                families.insert(.v6)
            } else {
                error(at: value, "spec.ipFamilies[] must be IPv4 or IPv6, not \(value.quoted)")
            }
        }
        return families.isEmpty ? .all : families
    }

    private mutating func externalName(_ spec: Value) -> String {
        guard let value = present(spec["externalName"]), !value.equals("") else {
            error(
                at: spec,
                "spec.externalName is missing; a Service of type ExternalName needs the name that it stands for")
            return ""
        }
        guard var name = string(value, "spec.externalName")?.lowercased() else { return "" }
        if IPAddress(name) != nil {
            // The object stays: that it answers NXDOMAIN is what the operator must learn, not that it is left out.
            report(
                .error, at: value,
                "spec.externalName is the address \(value.quoted); such a Service answers NXDOMAIN. For an "
                    + "address use a Service without selector and an EndpointSlice"
            )
            return name
        }
        if name.hasSuffix(".") { name.removeLast() }
        guard NameRule.isSubdomain(name.utf8.span) else {
            error(at: value, "spec.externalName must be \(NameForm.subdomain.rule), not \(value.quoted)")
            return ""
        }
        return name
    }

    // MARK: Ports

    private mutating func servicePorts(_ value: Value?) -> [ServicePort] {
        let list = mappings(value, "spec.ports")
        var ports: [ServicePort] = []
        ports.reserveCapacity(list.count)
        for element in list {
            if let port = servicePort(element) { ports.append(port) }
        }
        return interner.shared(ports)
    }

    private mutating func servicePort(_ port: Value) -> ServicePort? {
        let name = portName(port["name"], "spec.ports[].name")
        let proto = proto(port["protocol"], "spec.ports[].protocol")
        let target = portTarget(port["targetPort"])
        guard let value = present(port["port"]) else {
            error(at: port, "spec.ports[].port is missing; write the port number of the Service")
            return nil
        }
        return portNumber(value, "spec.ports[].port").map {
            ServicePort(name: name, proto: proto, port: $0, target: target)
        }
    }

    private mutating func portTarget(_ value: Value?) -> ServicePort.Target? {
        guard let value = present(value) else { return nil }
        guard value.kind == .string else { return portNumber(value, "spec.ports[].targetPort").map { .number($0) } }
        return name(value, "spec.ports[].targetPort", .label).map { .name($0) }
    }
}
