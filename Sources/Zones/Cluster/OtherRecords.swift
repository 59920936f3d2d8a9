import ClusterCatalog
import DNS
import LinuxIO

/// The names that a zone has whatever the catalog holds (behaviour 9).
func apexRecords(_ zone: Name, servers: [NameServer], _ settings: ClusterSettings) -> [OwnerRecords] {
    var owners: [OwnerRecords] = []
    let ttl = settings.ttl
    let glue = servers.flatMap { addressRecords($0.name, $0.addresses, ttl: ttl) }
    owners.append(OwnerRecords(zone, [nsRecords(zone, servers, ttl: ttl)].compactMap(\.self), additional: glue))
    for label in ["svc", "pod", "dns"] {
        if let owner = zone.prepending(label) { owners.append(OwnerRecords(owner)) }
    }
    if let server = NameServer.own(of: zone, settings) {
        owners.append(OwnerRecords(server.name, addressRecords(server.name, server.addresses, ttl: ttl)))
    }
    if let version = zone.prepending("dns-version"),
        let text = RecordSet(version, ttl: 28800, [.txt([Array("1.1.0".utf8)])])
    {
        owners.append(OwnerRecords(version, [text]))
    }
    return owners
}

/// The apex of a reverse zone: the same name servers as the first forward zone.
func reverseApexRecords(_ zone: Name, servers: [NameServer], _ settings: ClusterSettings) -> OwnerRecords {
    let glue = servers.flatMap { addressRecords($0.name, $0.addresses, ttl: settings.ttl) }
    return OwnerRecords(zone, [nsRecords(zone, servers, ttl: settings.ttl)].compactMap(\.self), additional: glue)
}

/// A name that the zone's NS records point to.
struct NameServer: Hashable, Sendable {
    var name: Name
    var addresses: [IPAddress]

    /// `ns.dns.ZONE`, which stands for this machine.
    static func own(of zone: Name, _ settings: ClusterSettings) -> NameServer? {
        zone.prepending("ns", "dns").map { NameServer(name: $0, addresses: settings.serverAddresses) }
    }
}

private func nsRecords(_ zone: Name, _ servers: [NameServer], ttl: UInt32) -> RecordSet? {
    RecordSet(zone, ttl: ttl, unique(servers.map { .ns($0.name) }))
}

/// The A and the AAAA set of these addresses, each address once.
func addressRecords(_ owner: Name, _ addresses: [IPAddress], ttl: UInt32) -> [RecordSet] {
    let distinct = unique(addresses)
    let version6 = distinct.contains { !$0.isIPv4 }
    let a = version6 ? distinct.filter(\.isIPv4) : distinct
    var sets: [RecordSet] = []
    if let set = RecordSet(owner, ttl: ttl, a.map(\.rdata)) { sets.append(set) }
    guard version6, let set = RecordSet(owner, ttl: ttl, distinct.filter { !$0.isIPv4 }.map(\.rdata)) else {
        return sets
    }
    return sets + [set]
}

/// The nodes that make a namespace exist (behaviour 2.3): `NS.svc`, and `NS.pod` where Pods have names.
func namespaceRecords(_ namespace: String, in zone: Name, _ settings: ClusterSettings) -> [OwnerRecords] {
    let label = namespace.lowercased()
    var owners: [OwnerRecords] = []
    if let owner = zone.prepending(label, "svc") { owners.append(OwnerRecords(owner)) }
    guard settings.pods != .disabled, let owner = zone.prepending(label, "pod") else { return owners }
    owners.append(OwnerRecords(owner, kind: settings.pods == .insecure ? .podNamespace : .ordinary))
    return owners
}

/// `10-244-1-7.NS.pod.ZONE` of one Pod address (behaviour 7).
func podRecords(_ address: IPAddress, namespace: String, in zone: Name, ttl: UInt32) -> OwnerRecords? {
    guard let owner = zone.prepending(dashed(address), namespace.lowercased(), "pod") else {
        return nil
    }
    return OwnerRecords(owner, addressRecords(owner, [address], ttl: ttl))
}

/// The hosts of all Ingresses that have an address: where to find it is what the Ingress' status says, or the Service
/// that it names as its controller's.
func ingressRecords(_ catalog: Catalog, _ settings: ClusterSettings) -> [OwnerRecords] {
    var addresses: [Name: [IPAddress]] = [:]
    var aliases: [Name: Name] = [:]
    for ingress in catalog.ingresses.values.sorted(by: { $0.name < $1.name }) {
        let found = ingress.controllerService.map { Array(catalog.services[$0]?.clusterIPs ?? []) } ?? []
        for host in ingress.hosts.compactMap({ Name($0)?.lowercased }) where !settings.holds(host) {
            addresses[host, default: []] += found.isEmpty ? Array(ingress.addresses) : found
            if let alias = ingress.hostnames.first.flatMap({ Name($0) }), aliases[host] == nil { aliases[host] = alias }
        }
    }
    return addresses.compactMap { host, addresses in
        var sets = addressRecords(host, addresses, ttl: settings.ttl)
        if sets.isEmpty, let alias = aliases[host], alias != host {
            sets = [RecordSet(host, ttl: settings.ttl, [.cname(alias)])].compactMap(\.self)
        }
        return sets.isEmpty ? nil : OwnerRecords(host, sets, kind: .host)
    }
}

extension ClusterSettings {
    /// Whether a name lies in one of our own zones, which an Ingress cannot add to.
    func holds(_ name: Name) -> Bool { (forwardZones + reverseZones).contains { name.isWithin($0) } }
}
