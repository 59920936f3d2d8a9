public import DNS

extension Metric {
    static let forwardBroken = Metric(
        "coredns_forward_healthcheck_broken_total", .counter,
        "Queries that met no healthy upstream.")
    static let forwardRejects = Metric(
        "coredns_forward_max_concurrent_rejects_total", .counter,
        "Queries refused because as many as max_concurrent were waiting.")
    static let proxyDuration = Metric(
        "coredns_proxy_request_duration_seconds", .histogram, ["proxy_name", "to", "rcode"],
        "Time that upstreams took to answer.")
    static let proxyHealthFailures = Metric(
        "coredns_proxy_healthcheck_failures_total", .counter, ["proxy_name", "to"], "Health checks that failed.")
    static let connectionHits = Metric(
        "coredns_proxy_conn_cache_hits_total", .counter, ["proxy_name", "to", "proto"],
        "Queries that found a socket or connection open.")
    static let connectionMisses = Metric(
        "coredns_proxy_conn_cache_misses_total", .counter, ["proxy_name", "to", "proto"],
        "Queries that a socket or connection was opened for.")

    // The names of before, which many alerts and dashboards read.
    static let forwardRequests = Metric(
        "coredns_forward_requests_total", .counter, ["to"], "Queries sent to upstreams.")
    static let forwardResponses = Metric(
        "coredns_forward_responses_total", .counter, ["to", "rcode"], "Answers of upstreams.")
    static let forwardDuration = Metric(
        "coredns_forward_request_duration_seconds", .histogram, ["to", "rcode"],
        "The older name of coredns_proxy_request_duration_seconds.")
    static let forwardHealthFailures = Metric(
        "coredns_forward_healthcheck_failures_total", .counter, ["to"],
        "The older name of coredns_proxy_healthcheck_failures_total.")

    static let forwardMetrics = [
        forwardBroken, forwardRejects, proxyDuration, proxyHealthFailures, connectionHits, connectionMisses,
        forwardRequests, forwardResponses, forwardDuration, forwardHealthFailures,
    ]
}

/// The numbers of one forwarder. Several may know the same upstream; the page shows their sum.
public struct ForwardSamples: MetricSamples {
    public var upstreams: [UpstreamSamples]
    /// Queries that met no healthy upstream.
    public var broken: UInt64 = 0
    /// Queries above `max_concurrent`.
    public var rejected: UInt64 = 0

    public init(upstreams: [UpstreamSamples]) { self.upstreams = upstreams }

    public func add(to families: inout MetricFamilies) {
        families.add(broken, to: .forwardBroken)
        families.add(rejected, to: .forwardRejects)
        for upstream in upstreams { families.add(upstream) }
    }
}

/// The numbers of one upstream.
public struct UpstreamSamples: MetricSamples {
    /// How often a query found a way open, and how often one had to be opened.
    public struct Connections: Equatable, Sendable {
        /// "udp", "tcp" or "tcp-tls".
        public var transport: String
        public var hits: UInt64
        public var misses: UInt64

        public init(transport: String, hits: UInt64, misses: UInt64) {
            self.transport = transport
            self.hits = hits
            self.misses = misses
        }
    }

    /// "10.0.0.2:53": address and port.
    public var to: String
    /// Queries sent, repeated ones too.
    public var requests: UInt64 = 0
    /// Durations of the answers, by their code; of buckets `.queries`.
    public var answers: [(code: ResponseCode, durations: HistogramValue)] = []
    public var healthCheckFailures: UInt64 = 0
    public var connections: [Connections] = []

    public init(to: String) { self.to = to }

    public func add(to families: inout MetricFamilies) {
        families.add(requests, [to], to: .forwardRequests)
        families.add(healthCheckFailures, ["forward", to], to: .proxyHealthFailures)
        families.add(healthCheckFailures, [to], to: .forwardHealthFailures)
        for (code, durations) in answers where durations.count > 0 {
            let label = CountedCode.label(of: code)
            families.add(durations, ["forward", to, label], to: .proxyDuration)
            families.add(durations, [to, label], to: .forwardDuration)
            families.add(durations.count, [to, label], to: .forwardResponses)
        }
        for connection in connections {
            families.add(connection.hits, ["forward", to, connection.transport], to: .connectionHits)
            families.add(connection.misses, ["forward", to, connection.transport], to: .connectionMisses)
        }
    }
}
