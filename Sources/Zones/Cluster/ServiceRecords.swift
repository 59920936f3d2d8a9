import ClusterCatalog
import DNS
import LinuxIO

/// The names of one Service in one forward zone (behaviour 4 to 6), but for the one of an ExternalName.
///
/// What works for one Service after the other keeps one of these, which works in the same memory each time.
struct ServiceRecords {
    private(set) var names = NameFamily()
    /// Every endpoint address that has a name.
    private var endpoints: [Endpoint] = []
    /// The ports of each group of endpoints.
    private var ports: [[Port]] = []
    private var portNames: [PortName] = []
    /// The nodes `_tcp` and `_udp` that exist because ports have names.
    private var transports: [(proto: PortProtocol, node: NameFamily.Member)] = []
    /// Whether an endpoint name has more than one address.
    private var sharesNames = false
    /// What the SRV records lead to of the name that is being put together, and the hosts among that.
    private var targets: [NameFamily.Target] = []
    private var glue: [Int] = []

    private struct Endpoint {
        /// The number of its name among the hosts.
        let host: Int
        let address: IPAddress
        /// Index into `ports`.
        let group: Int
    }

    private struct Port {
        let number: UInt16
        /// Index into `portNames`.
        let name: Int
    }

    private struct PortName: Equatable {
        let name: String
        let proto: PortProtocol
    }

    /// Makes the names of this Service in place of what was here; none when its own does not fit into 255 octets.
    mutating func replace(with view: ServiceView, in zone: Name) {
        guard view.kind != .external, let owner = view.owner(in: zone) else { return names.begin(zone) }
        names.begin(owner)
        portNames.removeAll(keepingCapacity: true)
        transports.removeAll(keepingCapacity: true)
        ports = view.ports.map { group in group.map { port($0.port, $0.name, $0.proto) } }
        nameEndpoints(view.members)
        if view.kind == .clusterIP { addClusterIP(view.service) } else { addHeadless(view.members) }
        addEndpoints()
    }

    private mutating func nameEndpoints(_ members: [ServiceView.Member]) {
        endpoints.removeAll(keepingCapacity: true)
        var hosts: [Int?] = []
        hosts.reserveCapacity(members.count)
        for (member, ordinal) in zip(members, ordinals(of: members, by: \.label)) {
            if ordinal == hosts.count { hosts.append(names.name(member.label).map { names.addHost($0) }) }
            // Without room for its label an endpoint has no name, and no SRV record leads to it.
            guard let host = hosts[ordinal] else { continue }
            endpoints.append(Endpoint(host: host, address: member.address, group: member.group))
        }
        sharesNames = names.hosts.count < endpoints.count
    }

    // MARK: The Service

    /// All ports at the Service's own name, and at the cluster IPs.
    private mutating func addClusterIP(_ service: Service) {
        let own = names.addHost(NameFamily.baseMember)
        let group = ports.count
        ports.append(service.ports.map { port($0.port, $0.name, $0.proto) })
        let endpoints = service.clusterIPs.map { Endpoint(host: own, address: $0, group: group) }
        let addresses = names.add(endpoints.map(\.address))
        names.setAddresses(addresses, ofHost: own)
        add(NameFamily.baseMember, addresses, endpoints)
        for name in portNames.indices where ports[group].contains(where: { $0.name == name }) {
            if let owner = owner(of: portNames[name]) { add(owner, addresses, endpoints, port: name) }
        }
    }

    /// All ports of the endpoints at their names, and all their addresses.
    private mutating func addHeadless(_ members: [ServiceView.Member]) {
        add(NameFamily.baseMember, names.add(members.map(\.address)), endpoints)
        for name in portNames.indices {
            let endpoints = endpoints.filter { ports[$0.group].contains { $0.name == name } }
            guard !endpoints.isEmpty, let owner = owner(of: portNames[name]) else { continue }
            add(owner, names.add(endpoints.map(\.address)), endpoints, port: name)
        }
    }

    // MARK: Endpoint names

    private mutating func addEndpoints() {
        guard sharesNames else {
            for endpoint in endpoints { addEndpoint(endpoint.host, CollectionOfOne(endpoint)) }
            return
        }
        var rest = endpoints.sorted { $0.host < $1.host }[...]
        while let host = rest.first?.host {
            let mine = rest.prefix { $0.host == host }
            rest = rest.dropFirst(mine.count)
            addEndpoint(host, mine)
        }
    }

    private mutating func addEndpoint(_ host: Int, _ endpoints: some Collection<Endpoint>) {
        let addresses = names.add(endpoints.map(\.address))
        names.setAddresses(addresses, ofHost: host)
        add(names.hosts[host].name, addresses, endpoints)
    }

    // MARK: Ports

    private mutating func port(_ number: UInt16, _ name: String, _ proto: PortProtocol) -> Port {
        let name = PortName(name: name.lowercased(), proto: proto)
        if let index = portNames.firstIndex(of: name) { return Port(number: number, name: index) }
        portNames.append(name)
        return Port(number: number, name: portNames.count - 1)
    }

    /// `_http._tcp` in front of the Service, and the node `_tcp` that thereby exists. Unnamed ports have no such name.
    private mutating func owner(of port: PortName) -> NameFamily.Member? {
        guard !port.name.isEmpty else { return nil }
        if let transport = transports.first(where: { $0.proto == port.proto }) {
            return names.name("_" + port.name, in: transport.node)
        }
        guard let node = names.name("_" + port.proto.label), let owner = names.name("_" + port.name, in: node) else {
            return nil
        }
        transports.append((port.proto, node))
        names.addOwner(node)
        return owner
    }

    // MARK: Records

    /// A name with these addresses, and SRV records to the endpoints: for all ports, or for those of one name.
    private mutating func add(
        _ owner: NameFamily.Member, _ addresses: NameFamily.Addresses, _ endpoints: some Sequence<Endpoint>,
        port name: Int? = nil
    ) {
        targets.removeAll(keepingCapacity: true)
        var count = 0
        for endpoint in endpoints {
            for port in ports[endpoint.group] where name == nil || port.name == name {
                count += 1
                addTarget(NameFamily.Target(host: endpoint.host, port: port.number))
            }
        }
        if sharesNames { targets = unique(targets) }
        collectGlue()
        // An even share of 100, at least 1.
        let weight = UInt16(max(1, 100 / max(1, count)))
        names.addOwner(owner, addresses, targets: targets, weight: weight, glue: glue)
    }

    /// A host may have a port twice, for two protocols, names or addresses: what leads to one host stands together.
    private mutating func addTarget(_ target: NameFamily.Target) {
        var index = targets.count
        while index > 0, targets[index - 1].host == target.host {
            guard targets[index - 1].port != target.port else { return }
            index -= 1
        }
        targets.append(target)
    }

    private mutating func collectGlue() {
        glue.removeAll(keepingCapacity: true)
        for target in targets where glue.last != target.host { glue.append(target.host) }
        if sharesNames { glue = Set(glue).sorted() }
    }
}

extension NameFamily {
    /// Adds the addresses, each once.
    fileprivate mutating func add(_ addresses: [IPAddress]) -> Addresses {
        let start = addressesEnd
        for address in unique(addresses) {
            if address.isIPv4 { add(a: address.v4) } else { add(aaaa: address.number) }
        }
        return self.addresses(since: start)
    }
}

extension IPAddress {
    var rdata: Rdata { isIPv4 ? .a(v4) : .aaaa(high: v6.high, low: v6.low) }

    /// The sixteen octets of an IPv6 address.
    fileprivate var number: UInt128 { UInt128(v6.high) << 64 | UInt128(v6.low) }
}
