public import LinuxIO
import Synchronization

/// Everything that is measured in a process, and the page that shows it.
///
/// One for each `Deployment`; it survives reloads, and so do the sums of what was retired: a counter never falls.
public final class MetricsRegistry: Sendable {
    let store = CounterStore()
    let sources = SourceList()

    private let build: BuildInfo
    /// Read once: computed from clocks that drift apart, it would move from scrape to scrape.
    private let startTime = ProcessFacts().startTime

    public init(build: BuildInfo) { self.build = build }

    /// Counters for one worker. Equal labels may be asked for by many workers; the page shows their sum.
    ///
    /// - Parameters:
    ///   - server: as `MetricsRegistry.label(ofServer:)` gives it.
    ///   - zone: the zone of the server block, "cluster.local." or "."; `droppedZone` for queries that met no block.
    ///   - view: always empty in this version.
    public func counters(server: String, zone: String, view: String = "", transport: Transport, isIPv4: Bool)
        -> BlockCounters
    {
        let series = CounterSeries(server: server, zone: zone, view: view, transport: transport, isIPv4: isIPv4)
        return BlockCounters(series, in: store)
    }

    /// The zone of queries that met no server block, or were no queries.
    public static let droppedZone = "dropped"

    /// "dns://:53" for the wildcard of either family, "dns://10.0.0.2:53", "dns://[::1]:53".
    public static func label(ofServer address: SocketAddress) -> String {
        address.address.isUnspecified ? "dns://:\(address.port)" : "dns://\(address)"
    }

    /// Reads a source at every scrape until the registration is retired or let go of.
    ///
    /// - Parameter read: adds its samples; called on the thread of the scrape. May take locks; must not call the registry.
    public func register(_ read: @escaping @Sendable (inout MetricFamilies) -> Void) -> MetricsRegistration {
        MetricsRegistration(sources.add(read), in: sources)
    }

    /// Everything, as it is now, in the format of `MetricsPage.contentType`.
    public func page() -> String { MetricsPage.text(families()) }

    func families() -> MetricFamilies {
        var families = MetricFamilies()
        families.add(build)
        // A trap ends the process; there is nothing to count afterwards. Alerts want to see the series.
        families.add(0, to: .panics)
        var facts = ProcessFacts()
        facts.startTime = startTime
        families.add(ProcessSamples(facts: facts, descriptorLimit: descriptorLimit()))
        for (series, sums) in store.sums() { families.add(ServerSamples(series: series, sums: sums)) }
        sources.read(into: &families)
        return families
    }
}

extension Metric {
    /// Every metric that a page may show: CoreDNS's names, and `clusterdns_…` where CoreDNS has none.
    static let all =
        serverMetrics + cacheMetrics + forwardMetrics + operationMetrics + catalogMetrics + processMetrics
}
