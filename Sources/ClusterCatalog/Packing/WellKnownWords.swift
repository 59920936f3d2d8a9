/// Words that objects repeat, by number: an octet stands for each (as HPACK's static table does, RFC 7541 appendix A).
///
/// They are compiled in, so that nothing is shared between objects that would have to be counted or cleaned up.
enum WellKnownWords {
    /// At most 64. What is missing here is written out.
    static let all: [String] = [
        "", "http", "https", "metrics", "grpc", "web", "tcp", "udp", "dns", "dns-tcp", "health", "admin", "api",
        "app", "k8s-app", "component", "tier", "version", "release", "chart", "heritage", "name", "role",
        "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/part-of",
        "app.kubernetes.io/component", "app.kubernetes.io/version", "app.kubernetes.io/managed-by",
        "app.kubernetes.io/created-by", "helm.sh/chart", "kubernetes.io/metadata.name", "kubernetes.io/name",
        "kubernetes.io/cluster-service", "addonmanager.kubernetes.io/mode", "endpointslice.kubernetes.io/managed-by",
        "service.kubernetes.io/headless", "service.kubernetes.io/service-proxy-name", "pod-template-hash",
        "controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
        "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    ]

    static let numbers: [String: UInt8] = Dictionary(
        uniqueKeysWithValues: all.enumerated().map { ($1, UInt8($0)) })
}
