extension Metric {
    static let healthDuration = Metric(
        "coredns_health_request_duration_seconds", .histogram, "Time that /health took to answer its own check.")
    static let healthFailures = Metric(
        "coredns_health_request_failures_total", .counter, "Checks of /health by itself that failed.")
    static let reloadFailures = Metric(
        "coredns_reload_failed_total", .counter, "Reloads that changed nothing because of an error.")
    static let reloadVersion = Metric(
        "coredns_reload_version_info", .gauge, ["hash", "value"], "1; the hash of the Corefile that is served.")
    static let localhostRequests = Metric(
        "coredns_local_localhost_requests_total", .counter, "Queries for localhost.DOMAIN, of `local`.")

    static let operationMetrics = [
        healthDuration, healthFailures, reloadFailures, reloadVersion, localhostRequests, programmingDuration,
    ]
}

/// What the server found when it asked its own `/health`.
public struct HealthSamples: MetricSamples {
    /// Of buckets `.health`.
    public var durations: HistogramValue
    public var failures: UInt64

    public init(durations: HistogramValue, failures: UInt64) {
        self.durations = durations
        self.failures = failures
    }

    public func add(to families: inout MetricFamilies) {
        families.add(durations, to: .healthDuration)
        families.add(failures, to: .healthFailures)
    }
}

/// How reloads went.
public struct ReloadSamples: MetricSamples {
    public var failures: UInt64
    /// Of the Corefile that is served now: an algorithm's name and a text; nil where there is no Corefile.
    public var version: (hash: String, value: String)?

    public init(failures: UInt64, version: (hash: String, value: String)? = nil) {
        self.failures = failures
        self.version = version
    }

    public func add(to families: inout MetricFamilies) {
        families.add(failures, to: .reloadFailures)
        if let version { families.add(1, [version.hash, version.value], to: .reloadVersion) }
    }
}

/// What `local` counts.
public struct LocalSamples: MetricSamples {
    /// Queries for names such as localhost.example.org.
    public var localhostRequests: UInt64

    public init(localhostRequests: UInt64) { self.localhostRequests = localhostRequests }

    public func add(to families: inout MetricFamilies) { families.add(localhostRequests, to: .localhostRequests) }
}
