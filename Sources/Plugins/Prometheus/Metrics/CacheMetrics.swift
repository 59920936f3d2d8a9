extension Metric {
    private static let each = ["server", "type", "zones", "view"]
    private static let whole = ["server", "zones", "view"]

    static let cacheEntries = Metric("coredns_cache_entries", .gauge, each, "Answers in the cache.")
    static let cacheHits = Metric("coredns_cache_hits_total", .counter, each, "Queries answered from the cache.")
    static let cacheEvictions = Metric(
        "coredns_cache_evictions_total", .counter, each, "Answers that left the cache for want of room.")
    static let cacheMisses = Metric(
        "coredns_cache_misses_total", .counter, whole, "Queries that the cache could not answer.")
    static let cacheRequests = Metric("coredns_cache_requests_total", .counter, whole, "Queries that met the cache.")
    static let cachePrefetches = Metric(
        "coredns_cache_prefetch_total", .counter, whole, "Answers that were renewed before they ran out.")
    static let cacheDrops = Metric(
        "coredns_cache_drops_total", .counter, whole, "Answers of upstreams that did not fit their question.")
    static let cacheServedStale = Metric(
        "coredns_cache_served_stale_total", .counter, whole, "Queries answered with an answer that had run out.")

    static let cacheMetrics = [
        cacheEntries, cacheHits, cacheEvictions, cacheMisses, cacheRequests, cachePrefetches, cacheDrops,
        cacheServedStale,
    ]
}

/// The numbers of one cache.
public struct CacheSamples: MetricSamples {
    /// One half of the cache.
    public struct Part: Equatable, Sendable {
        public var entries: UInt64
        public var hits: UInt64
        public var evictions: UInt64

        public init(entries: UInt64 = 0, hits: UInt64 = 0, evictions: UInt64 = 0) {
            self.entries = entries
            self.hits = hits
            self.evictions = evictions
        }
    }

    public var server: String
    /// Zones with a final dot; joined by commas in the label.
    public var zones: [String]
    public var view = ""
    public var success = Part()
    public var denial = Part()
    public var misses: UInt64 = 0
    public var prefetches: UInt64 = 0
    public var drops: UInt64 = 0
    public var servedStale: UInt64 = 0

    public init(server: String, zones: [String]) {
        self.server = server
        self.zones = zones
    }

    /// Hits of both halves and misses.
    public var requests: UInt64 { success.hits &+ denial.hits &+ misses }

    public func add(to families: inout MetricFamilies) {
        let zones = zones.joined(separator: ",")
        for (type, part) in [("success", success), ("denial", denial)] {
            let labels = [server, type, zones, view]
            families.add(part.entries, labels, to: .cacheEntries)
            families.add(part.hits, labels, to: .cacheHits)
            families.add(part.evictions, labels, to: .cacheEvictions)
        }
        let labels = [server, zones, view]
        families.add(misses, labels, to: .cacheMisses)
        families.add(requests, labels, to: .cacheRequests)
        families.add(prefetches, labels, to: .cachePrefetches)
        families.add(drops, labels, to: .cacheDrops)
        families.add(servedStale, labels, to: .cacheServedStale)
    }
}
