import DNS
import Plugins
import Zones

/// What the metrics page shows of the parts of a deployment. What goes on through a reload stays registered as it is: a
/// second registration would count everything again.
struct Measures {
    private var forwarders: [ForwardSettings: MetricsRegistration] = [:]
    private var caches: [CacheKey: MetricsRegistration] = [:]
    /// Gauges, which are made anew.
    private var gauges: [MetricsRegistration] = []

    /// - Parameter blocks: those that are served from now on.
    mutating func follow(_ blocks: [ServerBlock], _ parts: PlanParts, in registry: MetricsRegistry) {
        forwarders = forwarders.filter { parts.forwarders[$0.key] != nil }
        for (settings, lease) in parts.forwarders where forwarders[settings] == nil {
            let forwarder = lease.forwarder
            forwarders[settings] = registry.register { $0.add(ForwardSamples(forwarder.counts)) }
        }
        caches = caches.filter { parts.caches[$0.key] != nil }
        for block in blocks {
            let key = CacheKey(block)
            guard caches[key] == nil, let cache = parts.caches[key] else { continue }
            let labels = CacheSamples(server: server(of: block), zones: keptZones(of: block))
            caches[key] = registry.register { families in
                var samples = labels
                samples.take(cache.counts)
                families.add(samples)
            }
        }
        gauges = parts.registries.map { settings, catalog in
            registry.register { $0.add(CatalogSamples(settings, catalog.status.value)) }
        }
        for block in blocks where block.prometheus != nil { gauges += plugins(of: block, in: registry) }
    }

    private func plugins(of block: ServerBlock, in registry: MetricsRegistry) -> [MetricsRegistration] {
        block.zones.map { zone in
            let samples = PluginSamples(
                server: server(of: block), zone: absolute(zone), names: block.words.sorted())
            return registry.register { $0.add(samples) }
        }
    }

    /// A cache is shared by the addresses of its block; the first names it.
    private func server(of block: ServerBlock) -> String {
        block.listen.first.map { MetricsRegistry.label(ofServer: $0) } ?? ""
    }

    private func keptZones(of block: ServerBlock) -> [String] {
        let zones = block.cache?.zones ?? []
        return (zones.isEmpty ? block.zones : zones).map(absolute)
    }
}

/// "cluster.local." for "cluster.local", as metrics write zones.
private func absolute(_ zone: String) -> String { zone == "." ? zone : zone + "." }

extension CatalogSamples {
    init(_ settings: KubernetesSettings, _ status: RegistryStatus) {
        self.init(
            catalog: settings.catalog.joined(separator: ","), isReady: status.isReady, nameCount: status.nameCount,
            generation: status.serial, staleFor: status.staleSince.map { ContinuousClock.now - $0 })
    }
}
