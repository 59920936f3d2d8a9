import SourceText

extension ObjectDecoder {
    /// `v1 Pod` (docs: kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1).
    mutating func pod(_ object: Value) -> CatalogObject? {
        guard let metadata = metadata(of: object, .pod, .subdomain) else { return nil }
        var pod = Pod(name: metadata.name, origin: metadata.origin, labels: metadata.labels)
        if let spec = mapping(object["spec"], "spec") {
            pod.hostname = name(spec["hostname"], "spec.hostname", .label)
            pod.subdomain = name(spec["subdomain"], "spec.subdomain", .label)
            pod.containerPorts = containerPorts(spec["containers"])
        }
        let status = mapping(object["status"], "status")
        pod.addresses = podAddresses(status)
        pod.isReady = isReady(status)
        pod.isEnded = metadata.isBeingDeleted || hasEnded(status?["phase"])
        return .pod(pod)
    }

    private mutating func containerPorts(_ value: Value?) -> [EndpointPort] {
        var ports: [EndpointPort] = []
        for container in mappings(value, "spec.containers") {
            for port in mappings(container["ports"], "spec.containers[].ports") {
                let name = portName(port["name"], "spec.containers[].ports[].name")
                let proto = proto(port["protocol"], "spec.containers[].ports[].protocol")
                guard let value = present(port["containerPort"]) else { continue }
                guard let number = portNumber(value, "spec.containers[].ports[].containerPort") else { continue }
                ports.append(EndpointPort(name: name, proto: proto, port: number))
            }
        }
        return interner.shared(ports)
    }

    private mutating func podAddresses(_ status: Value?) -> AddressList {
        var addresses = AddressList()
        for element in mappings(status?["podIPs"], "status.podIPs") {
            guard let value = present(element["ip"]), !value.equals("") else { continue }
            if let address = address(value, "status.podIPs[].ip") { addresses.append(address) }
        }
        guard addresses.isEmpty, let value = present(status?["podIP"]), !value.equals("") else { return addresses }
        if let address = address(value, "status.podIP") { addresses.append(address) }
        return addresses
    }

    /// By the condition Ready. Manifests written by hand have no conditions: then a Pod counts as ready unless it says
    /// that it is still pending.
    private mutating func isReady(_ status: Value?) -> Bool {
        let conditions = mappings(status?["conditions"], "status.conditions")
        guard let ready = conditions.first(where: { $0["type"]?.equals("Ready") ?? false }) else {
            return conditions.isEmpty && !(status?["phase"]?.equals("Pending") ?? false)
        }
        return ready["status"]?.equals("True") ?? false
    }

    private func hasEnded(_ phase: Value?) -> Bool {
        guard let phase else { return false }
        return phase.equals("Succeeded") || phase.equals("Failed") || phase.equals("Unknown")
    }
}
