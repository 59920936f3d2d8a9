import DNS
import LinuxIO
import Plugins
import Synchronization
import Zones

/// The pages that `health` and `ready` ask for.
struct StatusPages {
    let blocks: [ServerBlock]
    let registries: [KubernetesSettings: Registry]
    let metrics: MetricsRegistry

    /// One listener for each address; blocks that name the same address share it.
    func listeners() -> [PageListener] {
        var pages: [SocketAddress: [String: PageListener.Maker]] = [:]
        var order: [SocketAddress] = []
        func add(_ path: String, _ maker: @escaping PageListener.Maker, on addresses: [SocketAddress]) {
            for address in addresses {
                if pages[address] == nil { order.append(address) }
                pages[address, default: [:]][path] = maker
            }
        }
        for health in blocks.compactMap(\.health) {
            add("/health", Page.health, on: health.listen)
            add("/catalog", catalogPage, on: health.listen)
        }
        for prometheus in blocks.compactMap(\.prometheus) {
            add("/metrics", metricsPage, on: prometheus.listen)
        }
        for ready in blocks.compactMap(\.ready) { add("/ready", readyPage(ready), on: ready.listen) }
        return order.map { PageListener($0, isOptional: $0.address == .anyIPv6, pages: pages[$0] ?? [:]) }
    }

    /// Names what is not ready. `until-ready` asks no more once everything was.
    private func readyPage(_ settings: ReadySettings) -> PageListener.Maker {
        let registries = Array(registries.values)
        let latch = Latch()
        return Page.ready {
            if settings.monitor == .untilReady, latch.isSet { return [] }
            guard registries.allSatisfy(\.isReady) else { return ["kubernetes"] }
            latch.set()
            return []
        }
    }

    /// Every metric, written when it is asked for.
    private var metricsPage: PageListener.Maker {
        let metrics = metrics
        return { _ in Page(metrics.page(), contentType: MetricsPage.contentType) }
    }

    /// How each catalog stands, as gauges: what is served, and for how long its input has been unusable.
    private var catalogPage: PageListener.Maker {
        let registries = registries.sorted { $0.key.catalog.lexicographicallyPrecedes($1.key.catalog) }
        return { _ in
            var lines: [String] = []
            for (settings, registry) in registries {
                let status = registry.status.value
                let label = "{catalog=\"\(settings.catalog.joined(separator: ","))\"}"
                let stale = status.staleSince.map { (ContinuousClock.now - $0).components.seconds } ?? 0
                lines.append("clusterdns_catalog_ready\(label) \(status.isReady ? 1 : 0)")
                lines.append("clusterdns_catalog_names\(label) \(status.nameCount)")
                lines.append("clusterdns_catalog_generation\(label) \(status.serial)")
                lines.append("clusterdns_catalog_stale\(label) \(status.staleSince == nil ? 0 : 1)")
                lines.append("clusterdns_catalog_stale_seconds\(label) \(stale)")
                lines += status.diagnostics.map { "# \($0)" }
            }
            return Page(lines.joined(separator: "\n") + "\n")
        }
    }
}

/// Set once, never cleared.
private final class Latch: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
