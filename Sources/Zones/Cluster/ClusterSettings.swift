public import ClusterCatalog
public import DNS
public import LinuxIO

/// What decides which names a catalog gives: the options of the word `kubernetes`, names in wire form.
public struct ClusterSettings: Sendable {
    /// At least one; PTR records point into the first.
    public var forwardZones: [Name]
    public var reverseZones: [Name]
    /// Seconds.
    public var ttl: UInt32
    public var pods: ZoneDescription.Pods
    /// Endpoint names are taken from Pods where no hostname is set.
    public var usesPodNames: Bool
    public var servesEndpoints: Bool
    public var ignoresEmptyServices: Bool
    /// Empty: all.
    public var namespaces: Set<String>
    public var namespaceLabels: LabelSelector?
    /// Services, EndpointSlices and Pods that do not match are as if they were not there.
    public var labels: LabelSelector?
    public var fallthroughZones: [Name]
    /// What `ns.dns.ZONE` points to: the addresses that this server is asked on.
    public var serverAddresses: [IPAddress]

    public init(forwardZones: [Name], reverseZones: [Name] = [], serverAddresses: [IPAddress] = []) {
        self.forwardZones = forwardZones.map(\.lowercased)
        self.reverseZones = reverseZones.map(\.lowercased)
        self.serverAddresses = serverAddresses
        ttl = 5
        pods = .disabled
        usesPodNames = false
        servesEndpoints = true
        ignoresEmptyServices = false
        namespaces = []
        fallthroughZones = []
    }

    /// The zones as a table numbers them: forward, reverse, then the one that holds the hosts of Ingresses.
    func zones(serials: [Serial], isReady: Bool) -> [ZoneDescription] {
        let apexes = forwardZones + reverseZones
        var zones = zip(apexes, serials).enumerated().map { index, zone in
            ZoneDescription(
                apex: zone.0, serial: zone.1, ttl: ttl, pods: index < forwardZones.count ? pods : .disabled,
                fallthroughZones: fallthroughZones, isReady: isReady)
        }
        let hosts = serials[apexes.count]
        zones.append(ZoneDescription(apex: .root, serial: hosts, ttl: ttl, isHosts: true, isReady: isReady))
        return zones
    }

    var hostZone: Int { forwardZones.count + reverseZones.count }
}

/// One owner with the zone it is in and the object it comes from.
struct ZoneOwner: Equatable, Sendable {
    var zone: Int
    var records: OwnerRecords
}
