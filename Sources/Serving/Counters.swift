import LinuxIO

/// Written by one UDP worker, read by anyone.
final class UDPCounters: Sendable {
    let received = Counter()
    let answered = Counter()
    let failed = Counter()
}

/// Written by one event loop, read by anyone.
final class StreamCounters: Sendable {
    let accepted = Counter()
    let expired = Counter()
    let evicted = Counter()
    let received = Counter()
    let answered = Counter()
}

/// What a server has done since it started.
public struct ServingCounts: Equatable, Sendable {
    public var udp = Datagrams()
    public var tcp = Streams()

    public struct Datagrams: Equatable, Sendable {
        public var received: UInt64 = 0
        /// Answers that the kernel took.
        public var answered: UInt64 = 0
        /// Answers that the kernel refused.
        public var failed: UInt64 = 0
        /// Datagrams that deserve no answer.
        public var dropped: UInt64 { received &- answered &- failed }
    }

    public struct Streams: Equatable, Sendable {
        /// Connections.
        public var accepted: UInt64 = 0
        /// Connections closed because they took too long over something.
        public var expired: UInt64 = 0
        /// Connections closed to make place for a newer one.
        public var evicted: UInt64 = 0
        /// Messages.
        public var received: UInt64 = 0
        public var answered: UInt64 = 0
    }

    mutating func add(_ counters: UDPCounters) {
        // Answers first: read later, they could exceed the queries.
        udp.answered += counters.answered.current
        udp.failed += counters.failed.current
        udp.received += counters.received.current
    }

    mutating func add(_ counters: StreamCounters) {
        tcp.answered += counters.answered.current
        tcp.accepted += counters.accepted.current
        tcp.expired += counters.expired.current
        tcp.evicted += counters.evicted.current
        tcp.received += counters.received.current
    }
}
