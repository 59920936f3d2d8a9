public import DNS

/// What one `forward` has counted since it began.
public struct ForwardCounts: Hashable, Sendable {
    /// How long answers took.
    public struct Histogram: Hashable, Sendable {
        /// Answers that took at most `bounds[index]`, and longer than the bound before; one more place for the rest.
        public var counts = [UInt64](repeating: 0, count: bounds.count + 1)
        public var sum = Duration.zero

        /// 0.25 ms, doubled fifteen times: 8.192 s.
        public static let bounds: [Duration] = (0..<16).map { .microseconds(250 << $0) }

        public var count: UInt64 { counts.reduce(0, +) }

        mutating func add(_ time: Duration) {
            counts[Self.bounds.firstIndex { time <= $0 } ?? Self.bounds.count] += 1
            sum += time
        }
    }

    /// How a query travels.
    public enum Transport: String, CaseIterable, Hashable, Sendable {
        case udp, tcp
        case tls = "tcp-tls"
    }

    /// Sockets that were there already, and those that had to be opened.
    public struct Sockets: Hashable, Sendable {
        public var hits: UInt64 = 0
        public var misses: UInt64 = 0
    }

    public struct Upstream: Hashable, Sendable {
        /// "192.0.2.1:53"
        public var name: String
        /// Queries of clients sent there, each once whatever the transports that it took.
        public var requests: UInt64 = 0
        /// Codes above 23 are counted as 4095: what a stranger sends makes no new series.
        public var responses: [ResponseCode: Histogram] = [:]
        public var failedProbes: UInt64 = 0
        public var sockets: [Transport: Sockets] = [:]
    }

    public var upstreams: [Upstream]
    /// Queries that went to any upstream because all were down.
    public var allDown: UInt64 = 0
    /// Queries refused because as many waited as may.
    public var rejected: UInt64 = 0

    init(names: [String]) { upstreams = names.map { Upstream(name: $0) } }
}

extension ForwardCounts {
    mutating func addResponse(_ code: ResponseCode, after time: Duration, from upstream: Int) {
        let counted = code.rawValue <= 23 ? code : ResponseCode(rawValue: 4095)
        upstreams[upstream].responses[counted, default: Histogram()].add(time)
    }

    mutating func addSocket(_ transport: Transport, isHit: Bool, to upstream: Int) {
        if isHit {
            upstreams[upstream].sockets[transport, default: Sockets()].hits += 1
        } else {
            upstreams[upstream].sockets[transport, default: Sockets()].misses += 1
        }
    }

    /// Adds what another event loop has counted.
    mutating func add(_ other: ForwardCounts) {
        allDown += other.allDown
        rejected += other.rejected
        for index in upstreams.indices { upstreams[index].add(other.upstreams[index]) }
    }
}

extension ForwardCounts.Upstream {
    fileprivate mutating func add(_ other: Self) {
        requests += other.requests
        failedProbes += other.failedProbes
        for (code, histogram) in other.responses {
            var sum = responses[code] ?? ForwardCounts.Histogram()
            for index in histogram.counts.indices { sum.counts[index] += histogram.counts[index] }
            sum.sum += histogram.sum
            responses[code] = sum
        }
        for (transport, other) in other.sockets {
            sockets[transport, default: ForwardCounts.Sockets()].hits += other.hits
            sockets[transport, default: ForwardCounts.Sockets()].misses += other.misses
        }
    }
}
