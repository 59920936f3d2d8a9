import ClusterCatalog
import DNS
import LinuxIO

/// One Service as DNS sees it: which kind of names it has, and its endpoints after every rule.
struct ServiceView {
    enum Kind { case clusterIP, headless, external }

    /// An endpoint address under the label that names it; one that is written twice is here twice.
    struct Member {
        let label: String
        let address: IPAddress
        let hasHostname: Bool
        /// Index into `ports`.
        let group: Int
    }

    let service: Service
    let kind: Kind
    let members: [Member]
    /// The ports of each group of members.
    let ports: [[EndpointPort]]

    /// Nil when the Service has no name in DNS at all: a headless one without a ready endpoint (Kubernetes DNS
    /// specification §2.4.1), one that `ignore empty_service` hides, an ExternalName that is an address.
    init?(_ service: Service, in catalog: Catalog, _ settings: ClusterSettings) {
        self.service = service
        if service.type == .externalName {
            guard IPAddress(service.externalName) == nil, !service.externalName.isEmpty else { return nil }
            kind = .external
            members = []
            ports = []
            return
        }
        kind = service.isHeadless ? .headless : .clusterIP
        let asksEndpoints = settings.servesEndpoints || settings.ignoresEmptyServices
        let set = asksEndpoints ? catalog.endpointSet(of: service.name) : ServiceEndpoints()
        if kind == .clusterIP, settings.ignoresEmptyServices, !set.hasReadyMember { return nil }
        members = settings.servesEndpoints ? Self.members(of: set, settings) : []
        ports = set.groups.map(\.ports)
        if kind == .headless, members.isEmpty { return nil }
    }

    private static func members(of set: ServiceEndpoints, _ settings: ClusterSettings) -> [Member] {
        var members: [Member] = []
        for (index, group) in set.groups.enumerated() {
            for member in group.members where member.isReady {
                let label = label(of: member, settings)
                members.append(
                    Member(label: label, address: member.address, hasHostname: member.hostname != nil, group: index))
            }
        }
        return members
    }

    /// The hostname; else, where wanted, the Pod's name; else the address in dashes.
    private static func label(of member: ServiceEndpoints.Member, _ settings: ClusterSettings) -> String {
        if let hostname = member.hostname, !hostname.isEmpty { return hostname.lowercased() }
        if settings.usesPodNames, let pod = member.podName, (1...63).contains(pod.utf8.count) {
            return pod.lowercased()
        }
        return dashed(member.address)
    }
}

extension ServiceView {
    /// `SVC.NS.svc.ZONE`; nil when that does not fit into 255 octets.
    func owner(in zone: Name) -> Name? {
        Name(labels: [service.name.name.lowercasedUTF8, service.name.namespace.lowercasedUTF8, Self.svc], under: zone)
    }

    private static let svc = Array("svc".utf8)

    /// Every name of the Service with its records.
    func owners(in zone: Name, ttl: UInt32) -> [OwnerRecords] {
        ServiceRecords(self, in: zone, ttl: ttl)?.owners ?? []
    }

    /// The addresses that the Service is looked up by, each once.
    var addresses: [IPAddress] {
        var all = kind == .clusterIP ? Array(service.clusterIPs) : []
        for member in members { all.append(member.address) }
        return unique(all)
    }
}

extension String {
    var lowercasedUTF8: [UInt8] {
        var octets = Array(utf8)
        for index in octets.indices where (65...90).contains(octets[index]) { octets[index] |= 0x20 }
        return octets
    }
}

/// An address as a label: dots and colons become dashes, and a dash at the end gets a zero behind it.
func dashed(_ address: IPAddress) -> String {
    var octets = Array(address.description.utf8)
    for index in octets.indices where octets[index] == UInt8(ascii: ".") || octets[index] == UInt8(ascii: ":") {
        octets[index] = UInt8(ascii: "-")
    }
    if octets.last == UInt8(ascii: "-") { octets.append(UInt8(ascii: "0")) }
    return String(decoding: octets, as: UTF8.self)
}
