import DNS
import Plugins
import Zones

/// What the metrics page shows of the parts of a deployment; registered anew with every reload.
struct Measures {
    private var registrations: [MetricsRegistration] = []

    init() {}

    /// - Parameter blocks: those that are served from now on.
    init(of blocks: [ServerBlock], _ parts: PlanParts, in registry: MetricsRegistry) {
        for (index, block) in blocks.enumerated() where block.cache != nil {
            // A block with several ports is several blocks with one cache.
            let key = CacheKey(block)
            guard blocks.firstIndex(where: { CacheKey($0) == key }) == index else { continue }
            if let cache = parts.caches[key] { register(cache, of: block, in: registry) }
        }
        for forwarder in parts.forwarders.values {
            registrations.append(registry.register { $0.add(ForwardSamples(forwarder.counts)) })
        }
        for (settings, catalog) in parts.registries {
            registrations.append(registry.register { $0.add(CatalogSamples(settings, catalog.status.value)) })
        }
        for block in blocks where block.prometheus != nil {
            let server = block.listen.first.map { MetricsRegistry.label(ofServer: $0) } ?? ""
            for zone in block.zones {
                let names = block.words.sorted()
                let samples = PluginSamples(server: server, zone: absolute(zone), names: names)
                registrations.append(registry.register { $0.add(samples) })
            }
        }
    }

    private mutating func register(_ cache: AnswerCache, of block: ServerBlock, in registry: MetricsRegistry) {
        let server = block.listen.first.map { MetricsRegistry.label(ofServer: $0) } ?? ""
        let zones = (block.cache?.zones.isEmpty ?? true ? block.zones : block.cache?.zones ?? []).map(absolute)
        registrations.append(
            registry.register { families in
                var samples = CacheSamples(server: server, zones: zones)
                samples.take(cache.counts)
                families.add(samples)
            })
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
