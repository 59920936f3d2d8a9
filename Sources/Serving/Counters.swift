import LinuxIO

/// Written by one UDP worker, read by anyone; late answers are counted by whoever brings them.
///
/// Two lines of memory lie before and behind what is counted, so that no two workers write to one line.
final class UDPCounters: Sendable {
    private let before = InlineArray<16, UInt64>(repeating: 0)
    let received = Counter()
    let answered = Counter()
    let failed = Counter()
    let lateAnswered = SharedCounter()
    let lateFailed = SharedCounter()
    private let behind = InlineArray<16, UInt64>(repeating: 0)
}

/// Written by one event loop, read by anyone.
final class StreamCounters: Sendable {
    let accepted = Counter()
    let expired = Counter()
    let evicted = Counter()
    let received = Counter()
    let answered = Counter()
    /// Queries that were handed on, and how many of them are over: answered, or their connection gone.
    let handedOn = Counter()
    let handedBack = Counter()
    let late = Counter()
}

/// What a server has done since it started.
public struct ServingCounts: Equatable, Sendable {
    public var udp = Datagrams()
    public var tcp = Streams()

    public struct Datagrams: Equatable, Sendable {
        public var received: UInt64 = 0
        /// Answers that the kernel took, late ones too.
        public var answered: UInt64 = 0
        /// Answers that the kernel refused.
        public var failed: UInt64 = 0
        /// Answers that came after their round: those of upstreams.
        public var late: UInt64 = 0
        /// Queries whose answers are still to come.
        public var waiting: UInt64 = 0
        /// Datagrams that deserve no answer.
        public var dropped: UInt64 {
            // Read while workers count: a query that is answered in between counts as waiting too.
            let known = answered + failed + waiting
            return received > known ? received - known : 0
        }

        public init(
            received: UInt64 = 0, answered: UInt64 = 0, failed: UInt64 = 0, late: UInt64 = 0, waiting: UInt64 = 0
        ) {
            self.received = received
            self.answered = answered
            self.failed = failed
            self.late = late
            self.waiting = waiting
        }

        mutating func add(_ other: Datagrams) {
            received += other.received
            answered += other.answered
            failed += other.failed
            late += other.late
            waiting += other.waiting
        }
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
        /// Late ones too.
        public var answered: UInt64 = 0
        public var late: UInt64 = 0
        /// Queries of open connections whose answers are still to come.
        public var waiting: UInt64 = 0
    }

    mutating func add(_ worker: UDPWorker) {
        let counters = worker.counters
        // Answers first: read later, they could exceed the queries.
        let late = counters.lateAnswered.current
        udp.late += late
        udp.answered += counters.answered.current + late
        udp.failed += counters.failed.current + counters.lateFailed.current
        udp.waiting += UInt64(worker.waiting.count)
        udp.received += counters.received.current
    }

    mutating func add(_ counters: StreamCounters) {
        tcp.answered += counters.answered.current
        tcp.late += counters.late.current
        let handedBack = counters.handedBack.current
        tcp.waiting += counters.handedOn.current - handedBack
        tcp.accepted += counters.accepted.current
        tcp.expired += counters.expired.current
        tcp.evicted += counters.evicted.current
        tcp.received += counters.received.current
    }
}
