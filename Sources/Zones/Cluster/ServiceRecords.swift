import ClusterCatalog
import DNS
import LinuxIO

/// The names of one Service in one forward zone (behaviour 4 to 6).
struct ServiceRecords {
    let view: ServiceView
    let ttl: UInt32
    let owner: Name
    private(set) var owners: [OwnerRecords] = []
    /// Every endpoint address with its name, those without room for one left out.
    private var endpoints: [Endpoint] = []
    /// Whether an endpoint name has more than one address: only then can records be there twice.
    private var sharesNames = false

    private struct Endpoint {
        let owner: Name
        let address: IPAddress
        let ports: [EndpointPort]
    }

    /// One endpoint and one of its ports.
    private struct Pair {
        let owner: Name
        let address: IPAddress
        let port: EndpointPort
    }

    /// Nil when the name does not fit into 255 octets.
    init?(_ view: ServiceView, in zone: Name, ttl: UInt32) {
        guard let owner = view.owner(in: zone) else { return nil }
        self.view = view
        self.ttl = ttl
        self.owner = owner
        for member in view.members {
            guard let name = owner.prepending(member.label) else { continue }
            endpoints.append(Endpoint(owner: name, address: member.address, ports: view.ports[member.group]))
        }
        let byName = grouped(endpoints, by: \.owner)
        sharesNames = byName.count < endpoints.count
        switch view.kind {
        case .external: addAlias()
        case .clusterIP: addClusterIP()
        case .headless: addHeadless()
        }
        for (owner, endpoints) in byName { addEndpoint(owner, endpoints) }
    }

    private mutating func addAlias() {
        guard let target = Name(view.service.externalName) else { return }
        add(owner, [RecordSet(owner, ttl: ttl, [.cname(target)])])
    }

    private mutating func add(_ owner: Name, _ sets: [RecordSet?], additional: [RecordSet] = []) {
        owners.append(OwnerRecords(owner, sets.compactMap(\.self), additional: additional))
    }

    // MARK: Cluster IP

    private mutating func addClusterIP() {
        let service = view.service
        let addresses = addressSets(owner, service.clusterIPs)
        let glue = addresses
        func srv(_ owner: Name, _ ports: [ServicePort]) -> RecordSet? {
            let weight = weight(of: ports.count * service.clusterIPs.count)
            guard !service.clusterIPs.isEmpty else { return nil }
            return RecordSet(owner, ttl: ttl, unique(ports.map { target(self.owner, $0.port, weight) }))
        }
        add(owner, addresses + [srv(owner, service.ports)], additional: glue)
        for (label, ports) in grouped(service.ports, by: { PortLabel(name: $0.name.lowercased(), proto: $0.proto) }) {
            guard let owner = portOwner(label) else { continue }
            add(owner, addressSets(owner, service.clusterIPs) + [srv(owner, ports)], additional: glue)
        }
    }

    // MARK: Headless

    private mutating func addHeadless() {
        let pairs = pairs(of: endpoints)
        add(owner, addressSets(owner, view.members.map(\.address)) + [srv(owner, pairs)], additional: glue(pairs))
        for (label, pairs) in grouped(pairs, by: { PortLabel(name: $0.port.name.lowercased(), proto: $0.port.proto) }) {
            guard let owner = portOwner(label) else { continue }
            add(owner, addressSets(owner, pairs.map(\.address)) + [srv(owner, pairs)], additional: glue(pairs))
        }
    }

    private func pairs(of endpoints: [Endpoint]) -> [Pair] {
        endpoints.flatMap { endpoint in
            endpoint.ports.map { Pair(owner: endpoint.owner, address: endpoint.address, port: $0) }
        }
    }

    private func srv(_ owner: Name, _ pairs: [Pair]) -> RecordSet? {
        let weight = weight(of: pairs.count)
        let records = pairs.map { target($0.owner, $0.port.port, weight) }
        // One endpoint may have a port twice, for two protocols.
        let isPlain = !sharesNames && pairs.allSatisfy { $0.port.proto == .tcp }
        return RecordSet(owner, ttl: ttl, isPlain ? records : unique(records))
    }

    /// Whole sets: a name that SRV records lead to may be shared with an endpoint that has no such port.
    private func glue(_ pairs: [Pair]) -> [RecordSet] {
        guard sharesNames else {
            let targets = unique(pairs.map { Target(owner: $0.owner, address: $0.address) })
            return targets.flatMap { addressSets($0.owner, [$0.address]) }
        }
        let names = Set(pairs.map(\.owner))
        return grouped(endpoints.filter { names.contains($0.owner) }, by: \.owner).flatMap { owner, endpoints in
            addressSets(owner, endpoints.map(\.address))
        }
    }

    private struct Target: Hashable {
        let owner: Name
        let address: IPAddress
    }

    // MARK: Endpoint names

    private mutating func addEndpoint(_ owner: Name, _ endpoints: [Endpoint]) {
        let addresses = addressSets(owner, endpoints.map(\.address))
        let pairs = pairs(of: endpoints)
        add(owner, addresses + [srv(owner, pairs)], additional: pairs.isEmpty ? [] : addresses)
    }

    // MARK: Ports

    private struct PortLabel: Hashable {
        var name: String
        var proto: PortProtocol
    }

    /// `_http._tcp` in front of the Service, and the node `_tcp` that thereby exists. Unnamed ports have no such name.
    private mutating func portOwner(_ label: PortLabel) -> Name? {
        guard !label.name.isEmpty, let parent = owner.prepending("_" + label.proto.label) else { return nil }
        guard let port = parent.prepending("_" + label.name) else { return nil }
        if !owners.contains(where: { $0.owner == parent }) { add(parent, []) }
        return port
    }

    /// Priority 0; the weight is an even share of 100, at least 1.
    private func weight(of count: Int) -> UInt16 { UInt16(max(1, 100 / max(1, count))) }

    private func target(_ name: Name, _ port: UInt16, _ weight: UInt16) -> Rdata {
        .srv(priority: 0, weight: weight, port: port, target: name)
    }

    private func addressSets(_ owner: Name, _ addresses: some Sequence<IPAddress>) -> [RecordSet] {
        addressRecords(owner, Array(addresses), ttl: ttl)
    }
}

extension IPAddress {
    var rdata: Rdata { isIPv4 ? .a(v4) : .aaaa(high: v6.high, low: v6.low) }
}

/// Each element once, in the order of first appearance.
func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
    guard elements.count > 1 else { return elements }
    if elements.count <= 8 {
        var kept: [Element] = []
        for element in elements where !kept.contains(element) { kept.append(element) }
        return kept
    }
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
}

/// Elements with equal keys together, groups in the order of first appearance.
func grouped<Element, Key: Hashable>(_ elements: [Element], by key: (Element) -> Key) -> [(Key, [Element])] {
    guard elements.count > 8 else { return groupedFew(elements, by: key) }
    var groups: [(Key, [Element])] = []
    var places: [Key: Int] = [:]
    for element in elements {
        let key = key(element)
        if let place = places[key] {
            groups[place].1.append(element)
        } else {
            places[key] = groups.count
            groups.append((key, [element]))
        }
    }
    return groups
}

/// The same by comparing, which is cheaper for the usual handful.
private func groupedFew<Element, Key: Hashable>(_ elements: [Element], by key: (Element) -> Key) -> [(Key, [Element])] {
    var groups: [(Key, [Element])] = []
    for element in elements {
        let key = key(element)
        if let place = groups.firstIndex(where: { $0.0 == key }) {
            groups[place].1.append(element)
        } else {
            groups.append((key, [element]))
        }
    }
    return groups
}
