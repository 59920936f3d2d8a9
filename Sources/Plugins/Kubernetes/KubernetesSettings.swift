public import ClusterCatalog
public import SourceText

/// What the block of `kubernetes` says.
public struct KubernetesSettings: Hashable, Sendable {
    /// Whether names made of pod addresses (`10-244-1-7.shop.pod.cluster.local`) exist.
    public enum PodMode: String, CaseIterable, Hashable, Sendable {
        /// No such name exists.
        case disabled
        /// Every address under an existing namespace, whether a pod has it or not.
        case insecure
        /// Only addresses that a pod in that namespace has.
        case verified
    }

    /// Forward and reverse zones in the order as written: lower case, no trailing dot, CIDR expanded. Pointer records
    /// lead to the first forward one.
    public var zones: [String]
    /// Files and folders with Kubernetes objects; relative paths start from the folder of the file they are written in.
    public var catalog: [String]
    /// The namespaces that exist; empty means all.
    public var namespaces: [String] = []
    /// The namespaces that exist, by label.
    public var namespaceLabels: LabelSelector?
    /// The Services, EndpointSlices and Pods that count, by label.
    public var labels: LabelSelector?
    public var pods = PodMode.disabled
    /// Endpoints without a hostname take the name of their pod before their dashed address.
    public var usesPodNames = false
    /// Seconds, 0–3600.
    public var ttl: UInt32 = 5
    /// False after `noendpoints`: endpoint names and headless Services do not exist.
    public var servesEndpoints = true
    /// `ignore empty_service`: Services with a cluster IP but without a ready endpoint do not exist.
    public var ignoresEmptyServices = false
    /// Zones whose missing names (NXDOMAIN) go to the next plugin; ["."] after `fallthrough` alone, empty without it.
    public var fallthroughZones: [String] = []
    /// How long starting waits for the first complete load.
    public var startupTimeout = Duration.seconds(5)
    /// The word `kubernetes`.
    @WrittenAt public var location: SourceLocation

    public init(zones: [String], catalog: [String], at location: SourceLocation) {
        self.zones = zones
        self.catalog = catalog
        self.location = location
    }

    public var forwardZones: [String] { zones.filter { !isReverseZone($0) } }
    public var reverseZones: [String] { zones.filter(isReverseZone) }
}
