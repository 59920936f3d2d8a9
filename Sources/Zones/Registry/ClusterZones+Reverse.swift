import ClusterCatalog
import DNS
import LinuxIO

// PTR records: who claims an address is asked of the index, what the claimant calls it of its view.
extension ClusterZones {
    /// Changes what the Service claims. An address that nobody else claims gets its record at once; the others, and
    /// those that had one, are put into `shared` for `replaceShared`.
    func replaceReverse(_ service: TouchedService, sharing shared: inout Set<IPAddress>, in pass: inout ZonePass) {
        guard !settings.reverseZones.isEmpty || !settings.serverAddresses.isEmpty else { return }
        let (old, new) = (service.before?.addresses ?? [], service.after?.addresses ?? [])
        reverse.replace(old, with: new, of: service.name, service.object)
        guard !settings.reverseZones.isEmpty else { return }
        shared.formUnion(old)
        guard let view = service.after, let owner = settings.forwardZones.first.flatMap({ view.owner(in: $0) }) else {
            return
        }
        for address in new where shared.isEmpty || !shared.contains(address) {
            guard reverse.isSingle(address), let target = target(from: address, to: view, owner) else {
                shared.insert(address)
                continue
            }
            let name = address.reverseName
            guard let zone = settings.reverseZone(of: name), isFirst || !table.contains(name) else { continue }
            pass.set(name, pointingTo: target.name, ttl: settings.ttl, zone: zone)
            for node in reverseTree.add(address, name, apex: apex(of: zone)) {
                pass.set(OwnerRecords(node), zone: zone)
            }
        }
    }

    /// The PTR sets of addresses that had one before, or that several Services claim: made again and compared.
    ///
    /// Whoever claims such an address now claimed it before, or got its record in this pass already; so a name that is
    /// made here is never new, and one that is gone was in the table.
    func replaceShared(_ addresses: Set<IPAddress>, in pass: inout ZonePass) {
        for address in addresses {
            let name = address.reverseName
            guard let zone = settings.reverseZone(of: name) else { continue }
            let targets = pointers(to: address).map(\.target)
            if let set = RecordSet(name, ttl: settings.ttl, targets.map { .ptr($0) }) {
                pass.setIfDifferent(OwnerRecords(name, [set]), zone: zone)
            } else if table.contains(name) {
                pass.remove(name, zone: zone)
                for node in reverseTree.remove(address, name, apex: apex(of: zone)) { pass.remove(node, zone: zone) }
            }
        }
    }

    private func apex(of zone: Int) -> Name { settings.reverseZones[zone - settings.forwardZones.count] }

    struct Pointer {
        var service: Service
        var target: Name
        var hasHostname: Bool
        var isClusterIP: Bool
    }

    /// Who an address is: the Service whose cluster IP it is, else an endpoint name for each Service; names with a
    /// hostname first, then the oldest Service.
    func pointers(to address: IPAddress) -> [Pointer] {
        let claimants = reverse[address].compactMap { view(of: $0) }
        let found = claimants.compactMap { pointer(from: address, to: $0) }.sorted(by: precedes)
        if let cluster = found.first(where: \.isClusterIP) { return [cluster] }
        return found
    }

    private func pointer(from address: IPAddress, to view: ServiceView) -> Pointer? {
        guard let zone = settings.forwardZones.first else { return nil }
        return pointer(from: address, to: view, in: zone)
    }

    func pointer(from address: IPAddress, to view: ServiceView, in zone: Name) -> Pointer? {
        guard let owner = view.owner(in: zone), let target = target(from: address, to: view, owner) else { return nil }
        return Pointer(
            service: view.service, target: target.name, hasHostname: target.hasHostname, isClusterIP: target.isClusterIP
        )
    }

    /// The name under which a Service, whose own name is `owner`, has an address.
    private func target(
        from address: IPAddress, to view: ServiceView, _ owner: Name
    ) -> (name: Name, hasHostname: Bool, isClusterIP: Bool)? {
        if view.kind == .clusterIP, view.service.clusterIPs.contains(address) { return (owner, true, true) }
        var found: ServiceView.Member?
        for member in view.members where member.address == address {
            if member.hasHostname || found == nil { found = member }
            if member.hasHostname { break }
        }
        guard let member = found, let name = owner.prepending(member.label) else { return nil }
        return (name, member.hasHostname, false)
    }

    func precedes(_ a: Pointer, _ b: Pointer) -> Bool {
        if a.hasHostname != b.hasHostname { return a.hasHostname }
        // Timestamps are RFC 3339 in UTC: text order is time order. One without a timestamp counts as youngest.
        let (left, right) = (a.service.creation ?? "~", b.service.creation ?? "~")
        return left != right ? left < right : a.service.name < b.service.name
    }
}
