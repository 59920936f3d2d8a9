import ClusterCatalog
import DNS
import LinuxIO

// PTR records: who claims an address is asked of the index, what the claimant calls it of its view.
extension ClusterZones {
    func replaceReverse(_ services: [TouchedService], in pass: inout ZonePass) {
        guard !settings.reverseZones.isEmpty || !settings.serverAddresses.isEmpty else { return }
        for service in services {
            reverse.replace(service.before?.addresses ?? [], with: service.after?.addresses ?? [], of: service.name)
        }
        guard !settings.reverseZones.isEmpty else { return }
        var shared: Set<IPAddress> = []
        for service in services {
            for address in service.before?.addresses ?? [] { shared.insert(address) }
            guard let view = service.after else { continue }
            for address in view.addresses where !shared.contains(address) {
                // Claimed by nobody else and new: nothing to compare, nobody to look up.
                guard service.before == nil, reverse.isSingle(address) else {
                    shared.insert(address)
                    continue
                }
                replacePointers(address, with: [pointer(from: address, to: view)].compactMap(\.self), in: &pass)
            }
        }
        let views = Dictionary(services.compactMap { service in service.after.map { (service.name, $0) } }) {
            first, _ in first
        }
        for address in shared { replacePointers(address, with: pointers(to: address, views), in: &pass) }
    }

    /// The PTR set of one address in place of what the table has.
    private func replacePointers(_ address: IPAddress, with pointers: [Pointer], in pass: inout ZonePass) {
        let name = address.reverseName
        guard let zone = settings.reverseZone(of: name) else { return }
        let apex = settings.reverseZones[zone - settings.forwardZones.count]
        let isNew = isFirst || !table.contains(name)
        guard let set = RecordSet(name, ttl: settings.ttl, pointers.map { .ptr($0.target) }) else {
            guard !isNew else { return }
            pass.remove(name, zone: zone)
            for node in reverseTree.remove(name, apex: apex) { pass.remove(node, zone: zone) }
            return
        }
        guard isNew else { return pass.setIfDifferent(OwnerRecords(name, [set]), zone: zone) }
        pass.set(OwnerRecords(name, [set]), zone: zone)
        for node in reverseTree.add(name, apex: apex) { pass.set(OwnerRecords(node), zone: zone) }
    }

    struct Pointer {
        var service: Service
        var target: Name
        var hasHostname: Bool
        var isClusterIP: Bool
    }

    /// Who an address is: the Service whose cluster IP it is, else an endpoint name for each Service; names with a
    /// hostname first, then the oldest Service. `views` are those at hand; others are made.
    func pointers(to address: IPAddress, _ views: [ObjectName: ServiceView] = [:]) -> [Pointer] {
        let claimants = reverse[address].compactMap { views[$0] ?? view(of: $0) }
        let found = claimants.compactMap { pointer(from: address, to: $0) }.sorted(by: precedes)
        if let cluster = found.first(where: \.isClusterIP) { return [cluster] }
        return found
    }

    /// The name under which a Service has an address, in the first forward zone.
    func pointer(from address: IPAddress, to view: ServiceView) -> Pointer? {
        guard let owner = settings.forwardZones.first.flatMap({ view.owner(in: $0) }) else { return nil }
        if view.kind == .clusterIP, view.service.clusterIPs.contains(address) {
            return Pointer(service: view.service, target: owner, hasHostname: true, isClusterIP: true)
        }
        let candidates = view.members.lazy.filter { $0.address == address }
        guard let member = candidates.first(where: \.hasHostname) ?? candidates.first,
            let target = owner.prepending(member.label)
        else { return nil }
        return Pointer(service: view.service, target: target, hasHostname: member.hasHostname, isClusterIP: false)
    }

    func precedes(_ a: Pointer, _ b: Pointer) -> Bool {
        if a.hasHostname != b.hasHostname { return a.hasHostname }
        // Timestamps are RFC 3339 in UTC: text order is time order. One without a timestamp counts as youngest.
        let (left, right) = (a.service.creation ?? "~", b.service.creation ?? "~")
        return left != right ? left < right : a.service.name < b.service.name
    }
}
