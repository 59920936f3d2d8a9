import SourceText

extension ObjectDecoder {
    /// `v1 Namespace`.
    mutating func namespace(_ object: Value) -> CatalogObject? {
        metadata(of: object, .namespace, .label).map { metadata in
            .namespace(Namespace(name: metadata.name.name, origin: metadata.origin, labels: metadata.labels))
        }
    }

    /// `v1 Node`. Addresses that are names (Hostname, InternalDNS, ExternalDNS) are passed over.
    mutating func node(_ object: Value) -> CatalogObject? {
        guard let metadata = metadata(of: object, .node, .subdomain) else { return nil }
        var node = Node(name: metadata.name.name, origin: metadata.origin, labels: metadata.labels)
        let entries = mappings(mapping(object["status"], "status")?["addresses"], "status.addresses")
        for entry in entries.filter({ $0["type"]?.equals("InternalIP") ?? false }) { append(entry, to: &node) }
        for entry in entries.filter({ $0["type"]?.equals("ExternalIP") ?? false }) { append(entry, to: &node) }
        return .node(node)
    }

    private mutating func append(_ entry: Value, to node: inout Node) {
        guard let value = present(entry["address"]) else { return }
        if let address = address(value, "status.addresses[].address") { node.addresses.append(address) }
    }
}
