extension Metric {
    private static let block = ["server", "zone", "view"]

    static let requests = Metric(
        "coredns_dns_requests_total", .counter, block + ["proto", "family", "type"],
        "Queries, by zone, transport, address family (1 is IPv4, 2 is IPv6) and type.")
    static let requestDuration = Metric(
        "coredns_dns_request_duration_seconds", .histogram, block, "Time from a query's arrival to its answer.")
    static let requestSize = Metric(
        "coredns_dns_request_size_bytes", .histogram, block + ["proto"], "Size of queries.")
    static let requestsWithDO = Metric(
        "coredns_dns_do_requests_total", .counter, block, "Queries with the DO bit.")
    static let responseSize = Metric(
        "coredns_dns_response_size_bytes", .histogram, block + ["proto"], "Size of answers.")
    static let responses = Metric(
        "coredns_dns_responses_total", .counter, block + ["rcode", "plugin"],
        "Answers, by response code and the plugin that made them.")
    static let pluginEnabled = Metric(
        "coredns_plugin_enabled", .gauge, block + ["name"], "1 for each plugin of a server block.")
    static let panics = Metric(
        "coredns_panics_total", .counter, "Always 0: a fault ends the process, see process_start_time_seconds.")
    static let buildInfo = Metric(
        "coredns_build_info", .gauge, ["version", "revision", "goversion"],
        "1; version of ClusterDNS, source revision, and the compiler under the label that dashboards know.")

    static let serverMetrics = [
        requests, requestDuration, requestSize, requestsWithDO, responseSize, responses, pluginEnabled, panics,
        buildInfo,
    ]
}

/// What the counters of one series count, with its labels. Only what happened: a zero makes no series.
struct ServerSamples: MetricSamples {
    let series: CounterSeries
    let sums: CounterSums

    func add(to families: inout MetricFamilies) {
        let block = [series.server, series.zone, series.view]
        let transport = series.transport == .udp ? "udp" : "tcp"
        for (type, count) in sums.queriesByType {
            families.add(count, block + [transport, series.isIPv4 ? "1" : "2", type], to: .requests)
        }
        if sums.signedQueries > 0 { families.add(sums.signedQueries, block, to: .requestsWithDO) }
        families.add(sums.querySizes, block + [transport], to: .requestSize)
        families.add(sums.answerSizes, block + [transport], to: .responseSize)
        families.add(sums.durations, block, to: .requestDuration)
        for code in 0..<CountedCode.count {
            for plugin in PluginIndex.allCases {
                let count = sums.answers(code: code, plugin: plugin)
                guard count > 0 else { continue }
                families.add(count, block + [CountedCode.label(at: code), plugin.label], to: .responses)
            }
        }
    }
}

/// The plugins of one zone of a server block.
public struct PluginSamples: MetricSamples {
    public var server: String
    public var zone: String
    public var view = ""
    /// Their words in the Corefile.
    public var names: [String]

    public init(server: String, zone: String, names: [String]) {
        self.server = server
        self.zone = zone
        self.names = names
    }

    public func add(to families: inout MetricFamilies) {
        for name in names { families.add(1, [server, zone, view, name], to: .pluginEnabled) }
    }
}

/// Which program this is.
public struct BuildInfo: MetricSamples {
    public var version: String
    /// Of the source; empty where it is not known.
    public var revision: String

    public init(version: String, revision: String = "") {
        self.version = version
        self.revision = revision
    }

    public func add(to families: inout MetricFamilies) {
        families.add(1, [version, revision, Self.compiler], to: .buildInfo)
    }

    /// Not Go, and it says so: "swift6.3".
    private static var compiler: String {
        #if compiler(>=6.5)
            "swift"
        #elseif compiler(>=6.4)
            "swift6.4"
        #elseif compiler(>=6.3)
            "swift6.3"
        #else
            "swift6.2"
        #endif
    }
}
