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
        let set = asksEndpoints ? catalog.endpointSet(of: service) : ServiceEndpoints()
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
        zone.prepending(service.name.name, service.name.namespace, "svc")?.lowercased
    }

    /// Every name of the Service with its records.
    func owners(in zone: Name, ttl: UInt32) -> [OwnerRecords] {
        if kind == .external { return alias(in: zone, ttl: ttl).map { [$0] } ?? [] }
        var records = ServiceRecords()
        records.replace(with: self, in: zone)
        return records.names.owners(ttl: ttl)
    }

    /// The one name of an ExternalName.
    func alias(in zone: Name, ttl: UInt32) -> OwnerRecords? {
        guard let owner = owner(in: zone), let target = Name(service.externalName) else { return nil }
        return OwnerRecords(owner, [RecordSet(owner, ttl: ttl, [.cname(target)])].compactMap(\.self))
    }

    /// The addresses that the Service is looked up by, each once.
    var addresses: [IPAddress] {
        var all: [IPAddress] = []
        all.reserveCapacity(members.count + 2)
        if kind == .clusterIP { all += service.clusterIPs }
        for member in members { all.append(member.address) }
        return unique(all)
    }
}

/// An address as a label: dots and colons become dashes, and a dash at the end gets a zero behind it.
func dashed(_ address: IPAddress) -> String {
    guard !address.isIPv4 else { return dashed(address.v4) }
    var octets = Array(address.description.utf8)
    for index in octets.indices where octets[index] == UInt8(ascii: ".") || octets[index] == UInt8(ascii: ":") {
        octets[index] = UInt8(ascii: "-")
    }
    if octets.last == UInt8(ascii: "-") { octets.append(UInt8(ascii: "0")) }
    return String(decoding: octets, as: UTF8.self)
}

/// Most labels are these: at most fifteen octets, for which a String needs no memory of its own.
private func dashed(_ v4: UInt32) -> String {
    unsafe String(unsafeUninitializedCapacity: 15) { room in
        var count = 0
        func append(_ octet: UInt8) {
            unsafe room[count] = octet
            count += 1
        }
        for shift in stride(from: 24, through: 0, by: -8) as StrideThrough<UInt32> {
            forEachDigit(of: v4 >> shift & 255, append)
            if shift > 0 { append(UInt8(ascii: "-")) }
        }
        return count
    }
}
