public import SourceText

/// What `cache` says: what of the answers of others is kept, and for how long.
public struct CacheSettings: Hashable, Sendable {
    /// The answers of one kind.
    public struct Part: Hashable, Sendable {
        /// Answers kept at once.
        public var capacity: UInt32
        /// Seconds.
        public var maxTTL: UInt32
        /// Seconds.
        public var minTTL: UInt32
        /// Zones whose answers of this kind are not kept; nil: all are.
        public var disabledZones: [String]?

        public init(capacity: UInt32 = 9984, maxTTL: UInt32, minTTL: UInt32 = 5) {
            self.capacity = capacity
            self.maxTTL = maxTTL
            self.minTTL = minTTL
        }
    }

    public struct Prefetch: Hashable, Sendable {
        /// Questions within `duration` that make an answer worth it.
        public var amount: UInt32
        public var duration: Duration
        /// Of the TTL, when an answer is fetched anew.
        public var percentage: UInt32

        public init(amount: UInt32, duration: Duration = .seconds(60), percentage: UInt32 = 10) {
            self.amount = amount
            self.duration = duration
            self.percentage = percentage
        }
    }

    public struct Stale: Hashable, Sendable {
        public enum Refresh: String, CaseIterable, Hashable, Sendable { case immediate, verify }
        /// How long after its end an answer may be used.
        public var duration: Duration
        public var refresh: Refresh
        /// Seconds that a stale answer may be kept by the client.
        public var ttl: UInt32 = 0
        /// The shortest time between two attempts to fetch it anew.
        public var recheck = Duration.seconds(1)

        public init(duration: Duration = .seconds(3600), refresh: Refresh = .immediate) {
            self.duration = duration
            self.refresh = refresh
        }
    }

    /// Zones below which answers are kept; empty: those of the server block.
    public var zones: [String] = []
    public var success = Part(maxTTL: 3600)
    public var denial = Part(maxTTL: 1800)
    /// How long a failure is kept (RFC 9520).
    public var servfail = Duration.seconds(5)
    public var prefetch: Prefetch?
    public var stale: Stale?
    public var keepsTTL = false
    /// The word `cache`.
    @WrittenAt public var location: SourceLocation

    public init(at location: SourceLocation) { self.location = location }
}
