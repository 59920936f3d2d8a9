import SourceText

extension ObjectDecoder {
    /// `v1 Endpoints` (docs: kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1).
    mutating func endpoints(_ object: Value) -> CatalogObject? {
        guard let metadata = metadata(of: object, .endpoints, .subdomain) else { return nil }
        let subsets = mappings(object["subsets"], "subsets").map { subset in
            EndpointSubset(
                ready: addresses(subset["addresses"], "subsets[].addresses", isReady: true),
                notReady: addresses(subset["notReadyAddresses"], "subsets[].notReadyAddresses", isReady: false),
                ports: endpointPorts(subset["ports"], "subsets[].ports"))
        }
        return .endpoints(
            Endpoints(name: metadata.name, origin: metadata.origin, labels: metadata.labels, subsets: subsets))
    }

    private mutating func addresses(_ value: Value?, _ path: StaticString, isReady: Bool) -> [Endpoint] {
        mappings(value, path).compactMap { element in
            let hostname = name(element["hostname"], "subsets[].addresses[].hostname", .label)
            let podName = targetName(element["targetRef"], "subsets[].addresses[].targetRef")
            guard let value = present(element["ip"]) else {
                error(at: element, "subsets[].addresses[].ip is missing; write the address of the endpoint")
                return nil
            }
            guard let address = address(value, "subsets[].addresses[].ip") else { return nil }
            return Endpoint(addresses: [address], isReady: isReady, hostname: hostname, podName: podName)
        }
    }
}
