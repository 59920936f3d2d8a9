public import LinuxIO
public import SourceText

/// What goes into the resolv.conf of a Pod: the kubelet's rules (Kubernetes: "DNS for Services and Pods").
public struct ResolverSettings: Equatable, Sendable {
    public private(set) var nameservers: [String] = []
    public private(set) var searches: [String] = []
    /// `ndots:5`, `edns0`.
    public private(set) var options: [String] = []

    /// What a kubelet knows of its cluster.
    public struct Cluster: Sendable {
        /// The addresses on which Pods reach the cluster's DNS server, at most three.
        public var nameservers: [IPAddress]
        public var domain: String

        public init(nameservers: [IPAddress], domain: String = "cluster.local") {
            self.nameservers = nameservers
            self.domain = domain
        }
    }

    /// - Parameters:
    ///   - namespace: of the Pod.
    ///   - problems: gets an error where no Pod could start, and a warning for all that is left out.
    public init(
        for pod: PodDNS, in namespace: String, of cluster: Cluster, on host: HostResolver,
        reporting problems: inout [Diagnostic]
    ) {
        var parts = Parts()
        switch pod.policy {
        case .none: break
        case .clusterFirst where pod.usesHostNetwork:
            parts = Parts(host)
            problems.append(
                Diagnostic(
                    .warning, at: pod.policyLocation,
                    "with hostNetwork, ClusterFirst means Default: names of Services are not found; "
                        + "write dnsPolicy: ClusterFirstWithHostNet"))
        case .default: parts = Parts(host)
        case .clusterFirst, .clusterFirstWithHostNet:
            if cluster.nameservers.isEmpty {
                problems.append(
                    Diagnostic(
                        .error, at: pod.policyLocation,
                        "dnsPolicy \(pod.policy.rawValue) needs the address of the cluster's DNS server; "
                            + "write --nameserver 10.96.0.10"))
            }
            parts = Parts(cluster, namespace, host, at: pod.policyLocation)
        }
        if pod.policy != .none, !pod.usesHostNetwork { reportLoopback(of: parts, host, &problems) }
        parts.add(pod)
        parts.keepLimits(&problems)
        nameservers = parts.nameservers.map(\.text)
        searches = parts.searches.map(\.text)
        options = parts.options.map(\.text)
        if nameservers.isEmpty, !problems.contains(where: { $0.severity == .error }) {
            problems.append(
                Diagnostic(.warning, at: pod.policyLocation, "there is no nameserver: the Pod will ask itself"))
        }
    }

    /// A Pod of its own network finds nobody on the node's loopback.
    private func reportLoopback(of parts: Parts, _ host: HostResolver, _ problems: inout [Diagnostic]) {
        for server in parts.nameservers where host.nameservers.contains(server) {
            guard let address = IPAddress(server.text) else {
                problems.append(
                    Diagnostic(
                        .warning, at: server.location, "nameserver must be an IP address, not \"\(server.text)\""))
                continue
            }
            guard address.isLoopback else { continue }
            problems.append(
                Diagnostic(
                    .warning, at: server.location,
                    "\(server.text) is the Pod itself, not the node; with systemd-resolved write "
                        + "--host-resolv-conf /run/systemd/resolve/resolv.conf"))
        }
    }
}

/// The three lists while they grow.
private struct Parts {
    var nameservers: [PlacedText] = []
    var searches: [PlacedText] = []
    var options: [PlacedText] = []

    init() {}

    /// Policy Default: what the node has; without a file of it nothing can be found.
    init(_ host: HostResolver) {
        guard host.isThere else {
            let place = SourceLocation(file: "command line", line: 1)
            nameservers = [PlacedText("127.0.0.1", at: place)]
            searches = [PlacedText(".", at: place)]
            return
        }
        (nameservers, searches, options) = (host.nameservers, host.searches, host.options)
    }

    /// Policy ClusterFirst: the cluster's servers alone, its search paths before the node's.
    init(_ cluster: ResolverSettings.Cluster, _ namespace: String, _ host: HostResolver, at place: SourceLocation) {
        nameservers = cluster.nameservers.map { PlacedText($0.description, at: place) }
        let domains = ["\(namespace).svc.\(cluster.domain)", "svc.\(cluster.domain)", cluster.domain]
        searches = withoutRepeats(domains.map { PlacedText($0, at: place) } + host.searches)
        options = [PlacedText("ndots:5", at: place)]
    }

    /// `spec.dnsConfig`: addresses and paths behind the others, an option in the place of one with its name.
    mutating func add(_ pod: PodDNS) {
        nameservers = withoutRepeats(nameservers + pod.nameservers)
        searches = withoutRepeats(searches + pod.searches)
        for option in pod.options { options.put(option: option) }
    }

    /// What is too much goes from the end, as the kubelet does it.
    mutating func keepLimits(_ problems: inout [Diagnostic]) {
        if nameservers.count > ResolverLimit.nameservers {
            let first = nameservers[ResolverLimit.nameservers]
            let rest = nameservers.dropFirst(ResolverLimit.nameservers).map(\.text).joined(separator: ", ")
            problems.append(.init(.warning, at: first.location, "a Pod has 3 nameservers at most; left out: \(rest)"))
            nameservers.removeLast(nameservers.count - ResolverLimit.nameservers)
        }
        if searches.count > ResolverLimit.searches {
            let count = searches.count - ResolverLimit.searches
            let place = searches[ResolverLimit.searches].location
            problems.append(
                .init(.warning, at: place, "a Pod has 32 search paths at most; left out: the last \(count)"))
            searches.removeLast(count)
        }
        searches.removeAll { path in
            guard path.text.utf8.count > ResolverLimit.pathOctets else { return false }
            problems.append(.init(.warning, at: path.location, "a search path of more than 253 characters is left out"))
            return true
        }
        var octets = searches.reduce(-1) { $0 + $1.text.utf8.count + 1 }
        while octets > ResolverLimit.searchOctets, let last = searches.popLast() {
            octets -= last.text.utf8.count + 1
            problems.append(
                .init(
                    .warning, at: last.location,
                    "search paths have 2048 characters at most, with spaces; left out: \(last.text)"))
        }
    }

    /// The first of each text, in the old order.
    private func withoutRepeats(_ words: [PlacedText]) -> [PlacedText] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0.text).inserted }
    }
}

extension [PlacedText] {
    /// In the place of the one with the same name, else at the end.
    mutating func put(option: PlacedText) {
        if let index = firstIndex(where: { $0.optionName == option.optionName }) {
            self[index] = option
        } else {
            append(option)
        }
    }
}

extension PlacedText {
    /// `ndots` of `ndots:5`.
    fileprivate var optionName: Substring { text.prefix { $0 != ":" } }
}
