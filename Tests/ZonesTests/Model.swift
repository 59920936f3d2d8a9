import ClusterCatalog
import DNS
import LinuxIO

@testable import Zones

/// What the rules of behaviour.md say, read literally for one question at a time: slow, and without a thought of tables.
///
/// Looks at the labels of the question from the right and searches the objects; shares nothing with the code under test but the objects
/// and settings themselves.
struct Model {
    var objects: [ObjectKey: CatalogObject] = [:]
    let settings: ClusterSettings

    struct Answer: Equatable {
        var code = "NOERROR"
        /// `OWNER TYPE DATA`; a set has no order.
        var records: Set<String> = []
        /// The zone whose SOA stands in the authority section.
        var soa: String?
        /// Data of PTR records in their order.
        var pointers: [String] = []
        /// `OWNER TYPE DATA` of the addresses that go with SRV and NS records.
        var additional: Set<String> = []
    }

    mutating func apply(_ change: CatalogChange) {
        for (key, object) in change.updates { objects[key] = object }
    }

    // MARK: A question

    /// Nil when the question goes on to the next plugin. `name` is lower case with a final dot.
    func answer(_ name: String, _ type: String) -> Answer? {
        guard let zone = zone(of: name) else { return host(name, type) }
        guard let found = lookUp(name, zone) else {
            if settings.fallthroughZones.contains(where: { isWithin(name, $0.description) }) { return nil }
            return Answer(code: "NXDOMAIN", soa: zone)
        }
        return answer(name, type, found, zone)
    }

    func answer(_ name: String, _ type: String, _ found: [String: [String]], _ zone: String) -> Answer {
        // A host of an Ingress is its own zone, even where it leads elsewhere.
        if type == "SOA", name == zone { return Answer(records: ["\(name) SOA"]) }
        if let target = found["CNAME"]?.first { return alias(name, type, target, zone) }
        guard let data = found[type], !data.isEmpty else { return Answer(soa: zone) }
        var answer = Answer(records: Set(data.map { "\(name) \(type) \($0)" }))
        if type == "PTR" { answer.pointers = data }
        if type == "SRV" || type == "NS" {
            for target in Set(data.compactMap { $0.split(separator: " ").last.map(String.init) }) {
                answer.additional.formUnion(addressRecords(target))
            }
        }
        return answer
    }

    private func addressRecords(_ name: String) -> Set<String> {
        guard let zone = zone(of: name), let found = lookUp(name, zone) else { return [] }
        return Set(["A", "AAAA"].flatMap { type in (found[type] ?? []).map { "\(name) \(type) \($0)" } })
    }

    /// ExternalName: the CNAME, and what its target has, at most ten steps.
    private func alias(_ name: String, _ type: String, _ target: String, _ zone: String) -> Answer {
        if type == "CNAME" { return Answer(records: ["\(name) CNAME \(target)"]) }
        guard type == "A" || type == "AAAA" else { return Answer(soa: zone) }
        var answer = Answer()
        var owner = name
        var next = target
        for _ in 0..<10 {
            answer.records.insert("\(owner) CNAME \(next)")
            let zone = self.zone(of: next)
            guard let found = zone.map({ lookUp(next, $0) }) ?? hostRecords(next) else {
                // Outside of our zones the CNAME is all we can say.
                guard let zone else { return answer }
                answer.code = "NXDOMAIN"
                answer.soa = zone
                return answer
            }
            guard let further = found["CNAME"]?.first else {
                let data = found[type] ?? []
                answer.records.formUnion(data.map { "\(next) \(type) \($0)" })
                if data.isEmpty { answer.soa = zone ?? next }
                return answer
            }
            if answer.records.contains("\(next) CNAME \(further)") { return answer }
            (owner, next) = (next, further)
        }
        return answer
    }

    // MARK: Zones

    private func isWithin(_ name: String, _ zone: String) -> Bool {
        zone == "." || name == zone || name.hasSuffix("." + zone)
    }

    func zone(of name: String) -> String? {
        (settings.forwardZones + settings.reverseZones).map(\.description).filter { isWithin(name, $0) }.max {
            $0.count < $1.count
        }
    }

    /// Everything that a name has, by type; empty for a name that exists without data, nil for one that does not exist.
    private func lookUp(_ name: String, _ zone: String) -> [String: [String]]? {
        guard settings.forwardZones.contains(where: { $0.description == zone }) else {
            return lookUpReverse(name, zone)
        }
        let front = name.dropLast(zone.count).split(separator: ".").map(String.init)
        switch front.reversed() as [String] {
        case []: return ["NS": nameServers(zone)]
        case ["dns-version"]: return ["TXT": ["\"1.1.0\""]]
        case ["svc"], ["pod"], ["dns"]: return [:]
        case ["dns", "ns"]: return data(settings.serverAddresses)
        case let labels where labels[0] == "svc": return lookUpService(Array(labels.dropFirst()), zone)
        case let labels where labels[0] == "pod": return lookUpPod(Array(labels.dropFirst()))
        default: return nil
        }
    }

    func data(_ addresses: some Sequence<IPAddress>) -> [String: [String]] {
        var data: [String: [String]] = [:]
        for address in addresses { data[address.isIPv4 ? "A" : "AAAA", default: []].append(text(address)) }
        return data
    }

    // MARK: Objects that count

    var services: [Service] {
        objects.values.compactMap(Service.init).filter { settings.labels?.matches($0.labels) ?? true }
    }
    var slices: [EndpointSlice] {
        objects.values.compactMap(EndpointSlice.init).filter { settings.labels?.matches($0.labels) ?? true }.sorted {
            $0.name < $1.name
        }
    }
    var pods: [Pod] {
        objects.values.compactMap(Pod.init).filter { settings.labels?.matches($0.labels) ?? true }.sorted {
            $0.name < $1.name
        }
    }

    func isExposed(_ namespace: String) -> Bool {
        let written = objects.values.compactMap(Namespace.init).first { $0.name == namespace }
        if let selector = settings.namespaceLabels { return written.map { selector.matches($0.labels) } ?? false }
        let isListed = settings.namespaces.isEmpty || settings.namespaces.contains(namespace)
        let isThere =
            written != nil || services.contains { $0.name.namespace == namespace }
            || pods.contains { $0.name.namespace == namespace }
        return isListed && isThere
    }

    // MARK: Services

    struct Member {
        var label: String
        var address: IPAddress
        var isHostname: Bool
        var ports: [EndpointPort]
    }

    private func members(of service: Service) -> [Member] {
        guard settings.servesEndpoints else { return [] }
        return readyMembers(of: service)
    }

    private func readyMembers(of service: Service) -> [Member] {
        let mine = slices.filter { $0.serviceName == service.name }
        if !mine.isEmpty { return mine.flatMap { members($0.endpoints, $0.ports, service) } }
        if let endpoints = objects[ObjectKey(.endpoints, service.name)].flatMap(Endpoints.init) {
            return endpoints.subsets.flatMap { members($0.ready + $0.notReady, $0.ports, service) }
        }
        guard !service.selector.isEmpty else { return [] }
        return pods.filter {
            $0.name.namespace == service.name.namespace && !$0.isEnded && service.selector.areAll(in: $0.labels)
        }.flatMap { pod in
            let ports = service.ports.compactMap { port -> EndpointPort? in
                switch port.target {
                case .number(let number): EndpointPort(name: port.name, proto: port.proto, port: number)
                case .name(let name):
                    pod.containerPorts.first { $0.name == name && $0.proto == port.proto }.map {
                        EndpointPort(name: port.name, proto: port.proto, port: $0.port)
                    }
                }
            }
            let addresses = pod.addresses.filter { service.families.contains($0.isIPv4 ? .v4 : .v6) }
            let endpoint = Endpoint(
                addresses: AddressList(addresses), isReady: pod.isReady,
                hostname: pod.subdomain == service.name.name ? pod.hostname : nil, podName: pod.name.name)
            return members([endpoint], ports, service)
        }
    }

    private func members(_ endpoints: [Endpoint], _ ports: [EndpointPort], _ service: Service) -> [Member] {
        var ports = ports
        if service.ports.count == 1, ports.count == 1, ports[0].name.isEmpty { ports[0].name = service.ports[0].name }
        return endpoints.filter { $0.isReady || service.publishNotReadyAddresses }.flatMap { endpoint in
            endpoint.addresses.map { address in
                var label = label(of: address)
                if settings.usesPodNames, let pod = endpoint.podName { label = pod }
                if let hostname = endpoint.hostname { label = hostname }
                return Member(label: label, address: address, isHostname: endpoint.hostname != nil, ports: ports)
            }
        }
    }

    /// Nil when the Service has no names: hidden, or headless without a ready endpoint.
    func visible(_ service: Service) -> [Member]? {
        guard isExposed(service.name.namespace) else { return nil }
        let members = members(of: service)
        if service.type == .externalName { return IPAddress(service.externalName) == nil ? [] : nil }
        if service.isHeadless { return members.isEmpty ? nil : members }
        if settings.ignoresEmptyServices, readyMembers(of: service).isEmpty { return nil }
        return members
    }

    /// `labels` are those in front of `svc`, from the right: namespace, Service, and what stands in front of it.
    private func lookUpService(_ labels: [String], _ zone: String) -> [String: [String]]? {
        guard isExposed(labels[0]) else { return nil }
        guard labels.count > 1 else { return [:] }
        guard let service = services.first(where: { $0.name == ObjectName(namespace: labels[0], name: labels[1]) }),
            let members = visible(service)
        else { return nil }
        let owner = "\(labels[1]).\(labels[0]).svc.\(zone)"
        if service.type == .externalName {
            return labels.count == 2 ? ["CNAME": [service.externalName + "."]] : nil
        }
        switch labels.count {
        case 2: return service.isHeadless ? answer(members, owner) { _ in true } : answer(service, owner) { _ in true }
        case 3: return lookUpEndpoint(labels[2], service, members, owner)
        case 4: return lookUpPort(labels[3], labels[2], service, members, owner)
        default: return nil
        }
    }

    /// The Service's own ports and addresses.
    private func answer(_ service: Service, _ owner: String, _ isWanted: (ServicePort) -> Bool) -> [String: [String]] {
        var found = data(service.clusterIPs)
        let ports = service.ports.filter(isWanted)
        let weight = max(1, 100 / max(1, ports.count * service.clusterIPs.count))
        if !service.clusterIPs.isEmpty { found["SRV"] = ports.map { "0 \(weight) \($0.port) \(owner)" } }
        return found
    }

    private func answer(_ members: [Member], _ owner: String, _ isWanted: (EndpointPort) -> Bool) -> [String: [String]]
    {
        var found = data(members.map(\.address))
        let pairs = members.flatMap { member in member.ports.filter(isWanted).map { (member.label, $0.port) } }
        let weight = max(1, 100 / max(1, pairs.count))
        found["SRV"] = pairs.map { "0 \(weight) \($0.1) \($0.0).\(owner)" }
        return found
    }

    private func lookUpEndpoint(_ label: String, _ service: Service, _ members: [Member], _ owner: String) -> [String:
        [String]]?
    {
        let mine = members.filter { $0.label == label }
        if !mine.isEmpty { return answer(mine, owner) { _ in true } }
        // The node above `_http._tcp` exists (RFC 8020).
        let proto = stripped(label)
        let ports =
            service.isHeadless
            ? members.flatMap { $0.ports.map { ($0.name, $0.proto) } } : service.ports.map { ($0.name, $0.proto) }
        return ports.contains { !$0.0.isEmpty && $0.1.label == proto } ? [:] : nil
    }

    private func lookUpPort(_ port: String, _ proto: String, _ service: Service, _ members: [Member], _ owner: String)
        -> [String: [String]]?
    {
        let (port, proto) = (stripped(port), stripped(proto))
        guard !port.isEmpty else { return nil }
        if service.isHeadless {
            let mine = members.filter { $0.ports.contains { $0.name == port && $0.proto.label == proto } }
            return mine.isEmpty ? nil : answer(mine, owner) { $0.name == port && $0.proto.label == proto }
        }
        guard service.ports.contains(where: { $0.name == port && $0.proto.label == proto }) else { return nil }
        return answer(service, owner) { $0.name == port && $0.proto.label == proto }
    }

    private func stripped(_ label: String) -> String { label.hasPrefix("_") ? String(label.dropFirst()) : label }
}
