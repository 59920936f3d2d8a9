import ClusterCatalog
import DNS
import LinuxIO

extension ClusterZones {
    // Hosts and apexes are few: all are made again and compared.

    func replaceHosts(_ change: CatalogChange, _ touched: Set<ObjectName>, in pass: inout ZonePass) {
        let isConcerned =
            change.updates.contains { $0.key.kind == .ingress }
            || (!hosts.isEmpty || !catalog.ingresses.isEmpty)
                && catalog.ingresses.values.contains { $0.controllerService.map(touched.contains) ?? false }
        guard isConcerned else { return }
        let new = ingressRecords(catalog, settings)
        pass.replace(Array(hosts.values), with: new, zone: settings.hostZone)
        hosts = Dictionary(new.map { ($0.owner, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func replaceApexes(in pass: inout ZonePass) {
        for (index, zone) in settings.forwardZones.enumerated() {
            for owner in apexRecords(zone, servers: nameServers(of: zone), settings) {
                replaceFixed(owner, zone: index, in: &pass)
            }
        }
        guard let first = settings.forwardZones.first else { return }
        for (index, zone) in settings.reverseZones.enumerated() {
            let owner = reverseApexRecords(zone, servers: nameServers(of: first), settings)
            replaceFixed(owner, zone: settings.forwardZones.count + index, in: &pass)
        }
    }

    private func replaceFixed(_ owner: OwnerRecords, zone: Int, in pass: inout ZonePass) {
        if let old = apexes[owner.owner], old.means(owner) { return }
        apexes[owner.owner] = owner
        pass.set(owner, zone: zone, isApex: (settings.forwardZones + settings.reverseZones).contains(owner.owner))
    }

    /// Services in front of this machine's own addresses, else `ns.dns.ZONE` (behaviour 9.2).
    func nameServers(of zone: Name) -> [NameServer] {
        var servers: [NameServer] = []
        for address in settings.serverAddresses where !address.isLoopback {
            let views = reverse[address].compactMap { view(of: $0) }
            let claims = views.compactMap { view in pointer(from: address, to: view, in: zone).map { (view, $0) } }
            for (view, pointer) in claims.sorted(by: { precedes($0.1, $1.1) }) where !pointer.isClusterIP {
                guard let owner = view.owner(in: zone), let label = pointer.target.labels.first else { continue }
                let endpoint = String(decoding: label, as: UTF8.self)
                guard view.kind == .headless, let name = owner.prepending(endpoint) else {
                    servers.append(NameServer(name: owner, addresses: Array(view.service.clusterIPs)))
                    continue
                }
                let addresses = view.members.filter { $0.label == endpoint }.map(\.address)
                servers.append(NameServer(name: name, addresses: addresses))
            }
        }
        return servers.isEmpty ? NameServer.own(of: zone, settings).map { [$0] } ?? [] : unique(servers)
    }
}
