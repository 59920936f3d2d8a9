import DNS
import Plugins

extension CacheLimits {
    init(_ settings: CacheSettings) {
        self.init()
        success = Part(settings.success)
        denial = Part(settings.denial)
        failureSeconds = UInt32(clamping: settings.servfail.components.seconds)
        prefetch = settings.prefetch.map { prefetch in
            Prefetch(
                amount: prefetch.amount, milliseconds: prefetch.duration.milliseconds, percentage: prefetch.percentage)
        }
        stale = settings.stale.map { stale in
            Stale(
                seconds: UInt32(clamping: stale.duration.components.seconds),
                refresh: stale.refresh == .immediate ? .immediate : .verify, ttl: stale.ttl,
                recheckMilliseconds: stale.recheck.milliseconds)
        }
        keepsTTL = settings.keepsTTL
        disabledSuccess = settings.success.disabledZones?.compactMap { Name($0) } ?? []
        disabledDenial = settings.denial.disabledZones?.compactMap { Name($0) } ?? []
    }
}

extension CacheLimits.Part {
    fileprivate init(_ part: CacheSettings.Part) {
        self.init(capacity: Int(part.capacity), maxTTL: part.maxTTL, minTTL: part.minTTL)
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }

    fileprivate var milliseconds: UInt64 {
        UInt64(clamping: components.seconds) * 1000 + UInt64(clamping: components.attoseconds / 1_000_000_000_000_000)
    }
}

extension ForwardSamples {
    init(_ counts: ForwardCounts) {
        self.init(upstreams: counts.upstreams.map { UpstreamSamples($0) })
        broken = counts.allDown
        rejected = counts.rejected
    }
}

extension UpstreamSamples {
    fileprivate init(_ upstream: ForwardCounts.Upstream) {
        self.init(to: upstream.name)
        requests = upstream.requests
        answers = upstream.responses.map { code, times in
            (code, HistogramValue(times))
        }
        healthCheckFailures = upstream.failedProbes
        connections = upstream.sockets.map { transport, sockets in
            Connections(transport: transport.rawValue, hits: sockets.hits, misses: sockets.misses)
        }
    }
}

extension HistogramValue {
    fileprivate init(_ histogram: ForwardCounts.Histogram) {
        self.init(
            ForwardCounts.Histogram.bounds.map(\.seconds), counts: histogram.counts, sum: histogram.sum.seconds)
    }
}

extension CacheSamples {
    mutating func take(_ counts: CacheCounts) {
        success = Part(counts.success)
        denial = Part(counts.denial)
        misses = counts.misses
        prefetches = counts.prefetches
        drops = counts.drops
        servedStale = counts.servedStale
    }
}

extension CacheSamples.Part {
    fileprivate init(_ part: CacheCounts.Part) {
        self.init(entries: UInt64(part.entries), hits: part.hits, evictions: part.evictions)
    }
}
