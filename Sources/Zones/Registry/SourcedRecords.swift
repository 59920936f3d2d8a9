public import ClusterCatalog
public import DNS
import LinuxIO

/// The records of one owner name, and the object of the catalog that they come from.
public struct SourcedRecords: Sendable {
    public var owner: Name
    public var sets: [RecordSet]
    /// Nil for what a zone has whatever the catalog holds.
    public var source: Source?

    public struct Source: Hashable, Sendable {
        public var object: ObjectKey
        public var origin: Origin
    }
}

extension ClusterZones {
    /// Every record that is answered, sorted by owner in canonical order; the SOA of each zone first among its owner's.
    func records() -> [SourcedRecords] {
        var found = apexes.values.map { SourcedRecords(owner: $0.owner, sets: $0.sets, source: nil) }
        for name in catalog.services.keys {
            guard let view = view(of: name) else { continue }
            for zone in settings.forwardZones {
                for owner in view.owners(in: zone, ttl: settings.ttl) where !owner.sets.isEmpty {
                    let source = source(of: owner.owner, view)
                    found.append(SourcedRecords(owner: owner.owner, sets: owner.sets, source: source))
                }
            }
        }
        found += podRecords() + hostRecords() + pointerRecords()
        return found.filter { !$0.sets.isEmpty }.sorted { $0.owner < $1.owner }
    }

    private func podRecords() -> [SourcedRecords] {
        guard settings.pods == .verified else { return [] }
        let pods = catalog.pods.values.filter { !$0.isEnded && isExposed($0.name.namespace) }.sorted {
            $0.name < $1.name
        }
        var found: [Name: SourcedRecords] = [:]
        for zone in settings.forwardZones {
            for pod in pods {
                for owner in pod.addresses.compactMap({ podRecords($0, namespace: pod.name.namespace, in: zone) }) {
                    // Pods on the network of one node share its address: one name, credited to the first of them.
                    guard found[owner.owner] == nil else { continue }
                    let source = SourcedRecords.Source(object: ObjectKey(.pod, pod.name), origin: pod.origin)
                    found[owner.owner] = SourcedRecords(owner: owner.owner, sets: owner.sets, source: source)
                }
            }
        }
        return Array(found.values)
    }

    private func podRecords(_ address: IPAddress, namespace: String, in zone: Name) -> OwnerRecords? {
        Zones.podRecords(address, namespace: namespace, in: zone, ttl: settings.ttl)
    }

    private func hostRecords() -> [SourcedRecords] {
        hosts.values.map { host in
            let named = catalog.ingresses.values.filter { $0.hosts.contains { Name($0)?.lowercased == host.owner } }
            let ingress = named.min { $0.name < $1.name }
            let source = ingress.map { SourcedRecords.Source(object: ObjectKey(.ingress, $0.name), origin: $0.origin) }
            return SourcedRecords(owner: host.owner, sets: host.sets, source: source)
        }
    }

    private func pointerRecords() -> [SourcedRecords] {
        guard !settings.reverseZones.isEmpty else { return [] }
        return reverse.addresses.compactMap { address in
            let name = address.reverseName
            guard settings.reverseZone(of: name) != nil else { return nil }
            let pointers = pointers(to: address)
            guard let first = pointers.first,
                let set = RecordSet(name, ttl: settings.ttl, pointers.map { .ptr($0.target) })
            else { return nil }
            let source = first.isClusterIP ? serviceSource(first.service) : endpointSource(of: address, first.service)
            return SourcedRecords(owner: name, sets: [set], source: source)
        }
    }

    /// The Service, or for the name of an endpoint the object that lists its address.
    private func source(of owner: Name, _ view: ServiceView) -> SourcedRecords.Source {
        let label = String(decoding: owner.labels.first ?? [], as: UTF8.self)
        guard let member = view.members.first(where: { $0.label == label }) else { return serviceSource(view.service) }
        return endpointSource(of: member.address, view.service)
    }

    private func serviceSource(_ service: Service) -> SourcedRecords.Source {
        .init(object: ObjectKey(.service, service.name), origin: service.origin)
    }

    private func endpointSource(of address: IPAddress, _ service: Service) -> SourcedRecords.Source {
        let slices = catalog.slices(of: service.name)
        if let slice = slices.first(where: { $0.endpoints.contains { $0.addresses.contains(address) } }) {
            return .init(object: ObjectKey(.endpointSlice, slice.name), origin: slice.origin)
        }
        if let endpoints = catalog.endpointsObject(of: service.name), slices.isEmpty {
            return .init(object: ObjectKey(.endpoints, endpoints.name), origin: endpoints.origin)
        }
        let pods = catalog.pods(in: service.name.namespace, matching: service.selector)
        if let pod = pods.first(where: { $0.addresses.contains(address) }), slices.isEmpty {
            return .init(object: ObjectKey(.pod, pod.name), origin: pod.origin)
        }
        return serviceSource(service)
    }
}
