extension Metric {
    static let programmingDuration = Metric(
        "coredns_kubernetes_dns_programming_duration_seconds", .histogram, ["service_kind"],
        "Time from a change of the catalog to the first answer that could show it.")
}

/// How long changes of Services take to be answered, for each kind of Service. Any thread.
public final class ProgrammingDurations: Sendable, MetricSamples {
    public enum ServiceKind: String, CaseIterable, Sendable {
        case clusterIP = "cluster_ip"
        case headlessWithSelector = "headless_with_selector"
        case headlessWithoutSelector = "headless_without_selector"
    }

    private let clusterIP = DurationHistogram(.changes)
    private let headlessWithSelector = DurationHistogram(.changes)
    private let headlessWithoutSelector = DurationHistogram(.changes)

    public init() {}

    /// Once for each Service that a change touched.
    public func observe(_ kind: ServiceKind, _ duration: Duration) { histogram(of: kind).observe(duration) }

    public func add(to families: inout MetricFamilies) {
        for kind in ServiceKind.allCases {
            families.add(histogram(of: kind).value, [kind.rawValue], to: .programmingDuration)
        }
    }

    private func histogram(of kind: ServiceKind) -> DurationHistogram {
        switch kind {
        case .clusterIP: clusterIP
        case .headlessWithSelector: headlessWithSelector
        case .headlessWithoutSelector: headlessWithoutSelector
        }
    }
}
