import DNS
import Foundation
import LinuxIO

@testable import Plugins

/// A registry of a server that has seen a little of everything, and what keeps it so.
struct MetricsFixture {
    static let server = "dns://:53"

    let registry = MetricsRegistry(build: BuildInfo(version: "0.2.0", revision: "abc1234"))
    let programming = ProgrammingDurations()
    private(set) var counters: [BlockCounters] = []
    private(set) var registrations: [MetricsRegistration] = []

    init() {
        feedCounters()
        programming.observe(.clusterIP, .milliseconds(3))
        programming.observe(.headlessWithSelector, .milliseconds(40))
        programming.observe(.headlessWithoutSelector, .seconds(600))
        let programming = programming
        registrations = [
            registry.register { $0.add(programming) },
            registry.register { $0.add(Self.cache) },
            registry.register { $0.add(Self.forward) },
            registry.register {
                $0.add(PluginSamples(server: Self.server, zone: "cluster.local.", names: ["kubernetes", "prometheus"]))
                $0.add(HealthSamples(durations: Self.durations(.health, milliseconds: 1), failures: 0))
                $0.add(ReloadSamples(failures: 1, version: ("sha512", "0badcafe")))
                $0.add(LocalSamples(localhostRequests: 4))
                $0.add(
                    CatalogSamples(
                        catalog: "zones/demo", isReady: true, nameCount: 81, generation: 7, staleFor: .seconds(12)))
            },
        ]
    }

    private mutating func feedCounters() {
        let udp = registry.counters(server: Self.server, zone: "cluster.local.", transport: .udp, isIPv4: true)
        for type: UInt16 in [1, 1, 28, 65280] { udp.view.countQuery(type: type, byteCount: 60, wantsSignatures: false) }
        udp.view.countQuery(type: 1, byteCount: 101, wantsSignatures: true)
        for _ in 0..<4 { udp.view.countAnswer(code: 0, plugin: .kubernetes, byteCount: 200) }
        udp.view.countAnswer(code: 3, plugin: .kubernetes, byteCount: 512)
        udp.view.countBatch(nanoseconds: 250_000)

        let tcp = registry.counters(server: Self.server, zone: ".", transport: .tcp, isIPv4: false)
        tcp.view.countQuery(type: 255, byteCount: 80, wantsSignatures: false)
        tcp.countLateAnswer(code: 2, plugin: .forward, byteCount: 70_000, nanoseconds: 2_000_000_000)

        let dropped = registry.counters(
            server: Self.server, zone: MetricsRegistry.droppedZone, transport: .udp, isIPv4: true)
        dropped.view.countQuery(type: 0, byteCount: 12, wantsSignatures: false)
        dropped.view.countAnswer(code: 5, plugin: .server, byteCount: 12)
        counters = [udp, tcp, dropped]
    }

    static let cache: CacheSamples = {
        var cache = CacheSamples(server: server, zones: ["."])
        cache.success = .init(entries: 10, hits: 100, evictions: 1)
        cache.denial = .init(entries: 2, hits: 20, evictions: 0)
        cache.misses = 30
        cache.prefetches = 3
        cache.servedStale = 2
        return cache
    }()

    static let forward: ForwardSamples = {
        var upstream = UpstreamSamples(to: "10.0.0.2:53")
        upstream.requests = 31
        upstream.answers = [
            (.noError, durations(.queries, milliseconds: 2)), (.serverFailure, durations(.queries, milliseconds: 9000)),
        ]
        upstream.healthCheckFailures = 5
        upstream.connections = [.init(transport: "udp", hits: 29, misses: 2)]
        var samples = ForwardSamples(upstreams: [upstream])
        samples.rejected = 6
        return samples
    }()

    static func durations(_ buckets: DurationHistogram.Buckets, milliseconds: Int) -> HistogramValue {
        let histogram = DurationHistogram(buckets)
        histogram.observe(.milliseconds(milliseconds))
        return histogram.value
    }

    /// The registrations are held until the page is written.
    var page: String { withExtendedLifetime(registrations) { registry.page() } }

    var metricNames: Set<String> { withExtendedLifetime(registrations) { Set(registry.families().all.keys) } }
}

extension MetricsRegistry {
    /// The page without what the kernel says, which no two processes have alike.
    var steadyPage: String {
        var steady = MetricFamilies()
        steady.add(families(), where: { !$0.name.hasPrefix("process_") })
        return MetricsPage.text(steady)
    }
}

/// One line of a page that is no comment.
struct PageLine: Hashable {
    let name: String
    let labels: [String: String]
    let value: String

    init?(_ line: Substring) {
        guard !line.hasPrefix("#"), let match = line.wholeMatch(of: #/(\w+)(?:\{(.*)\})? (\S+)/#) else { return nil }
        name = String(match.1)
        value = String(match.3)
        let pairs = (match.2 ?? "").matches(of: #/(\w+)="((?:[^"\\]|\\.)*)"/#)
        labels = Dictionary(pairs.map { (String($0.1), String($0.2)) }) { first, _ in first }
    }

    static func all(in page: String) -> [PageLine] { page.split(separator: "\n").compactMap(PageLine.init) }
}
