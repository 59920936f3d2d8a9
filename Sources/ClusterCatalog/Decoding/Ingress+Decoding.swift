import SourceText

extension ObjectDecoder {
    /// `networking.k8s.io/v1 Ingress` (docs: kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1).
    mutating func ingress(_ object: Value) -> CatalogObject? {
        guard let metadata = metadata(of: object, .ingress, .subdomain) else { return nil }
        var ingress = Ingress(name: metadata.name, origin: metadata.origin, labels: metadata.labels)
        if let spec = mapping(object["spec"], "spec") { ingress.hosts = hosts(spec) }
        readStatus(object, into: &ingress)
        ingress.controllerService = controllerService(metadata.annotations)
        return .ingress(ingress)
    }

    private mutating func hosts(_ spec: Value) -> [String] {
        var hosts: [String] = []
        for rule in mappings(spec["rules"], "spec.rules") {
            if let value = present(rule["host"]), let host = host(value, "spec.rules[].host") { hosts.append(host) }
        }
        for block in mappings(spec["tls"], "spec.tls") {
            for value in elements(block["hosts"], "spec.tls[].hosts") {
                if let host = host(value, "spec.tls[].hosts[]") { hosts.append(host) }
            }
        }
        var seen: Set<String> = []
        return hosts.filter { seen.insert($0).inserted }
    }

    /// Lower case; may start with `*.`. Nil as well for the empty text, which means any host.
    private mutating func host(_ value: Value, _ path: StaticString) -> String? {
        guard let host = string(value, "\(path)")?.lowercased(), !host.isEmpty else { return nil }
        let name = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
        guard NameRule.isSubdomain(name.utf8.span) else {
            error(at: value, "\(path) must be \(NameForm.subdomain.rule), perhaps after \"*.\", not \(value.quoted)")
            return nil
        }
        return host
    }

    private mutating func readStatus(_ object: Value, into ingress: inout Ingress) {
        let balancer = mapping(mapping(object["status"], "status")?["loadBalancer"], "status.loadBalancer")
        for point in mappings(balancer?["ingress"], "status.loadBalancer.ingress") {
            if let value = present(point["ip"]), let address = address(value, "status.loadBalancer.ingress[].ip") {
                ingress.addresses.append(address)
            }
            if let value = present(point["hostname"]),
                let host = host(value, "status.loadBalancer.ingress[].hostname")
            {
                ingress.hostnames.append(host)
            }
        }
    }

    /// `clusterdns.io/controller-service: NAMESPACE/NAME`, our own annotation.
    private mutating func controllerService(_ annotations: Value?) -> ObjectName? {
        guard let value = present(annotations?["clusterdns.io/controller-service"]) else { return nil }
        let parts = value.text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ NameRule.isLabel($0.utf8.span) }) else {
            error(
                at: value,
                "the annotation clusterdns.io/controller-service must be NAMESPACE/NAME of a Service, not "
                    + "\(value.quoted)"
            )
            return nil
        }
        return ObjectName(namespace: parts[0], name: parts[1])
    }
}
