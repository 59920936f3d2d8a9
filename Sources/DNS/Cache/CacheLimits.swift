/// What a cache keeps, how much of it, and for how long.
public struct CacheLimits: Sendable {
    /// One of the two halves.
    public struct Part: Sendable {
        /// Entries; 0 keeps nothing. The octets are limited too, to 1 KiB for each entry.
        public var capacity: Int
        /// Seconds that TTLs are lowered to, and then raised to; the first wins.
        public var maxTTL: UInt32
        public var minTTL: UInt32

        public init(capacity: Int = 9984, maxTTL: UInt32, minTTL: UInt32 = 5) {
            self.capacity = capacity
            self.maxTTL = maxTTL
            self.minTTL = minTTL
        }
    }

    /// Names that are asked for often are fetched again before they expire.
    public struct Prefetch: Sendable {
        /// Queries that must have come, without a gap of `milliseconds` or more between two of them.
        public var amount: UInt32
        public var milliseconds: UInt64
        /// Of its time, what is left when it is fetched.
        public var percentage: UInt32

        public init(amount: UInt32, milliseconds: UInt64 = 60_000, percentage: UInt32 = 10) {
            self.amount = amount
            self.milliseconds = milliseconds
            self.percentage = percentage
        }
    }

    /// Expired answers are better than none (RFC 8767).
    public struct Stale: Sendable {
        public enum Refresh: Sendable {
            /// The client gets the stale answer; the upstream is asked behind it.
            case immediate
            /// The upstream is asked first.
            case verify
        }
        /// How long after its time an answer is still good for this.
        public var seconds: UInt32
        public var refresh: Refresh
        /// What a stale answer's TTLs are.
        public var ttl: UInt32
        /// A stale entry asks for its refresh at most this often.
        public var recheckMilliseconds: UInt64

        public init(
            seconds: UInt32 = 3600, refresh: Refresh = .immediate, ttl: UInt32 = 0, recheckMilliseconds: UInt64 = 1000
        ) {
            self.seconds = seconds
            self.refresh = refresh
            self.ttl = ttl
            self.recheckMilliseconds = recheckMilliseconds
        }
    }

    public var success = Part(maxTTL: 3600)
    public var denial = Part(maxTTL: 1800)
    /// Seconds that a failure is remembered (RFC 9520 §3.2); 0 forgets it at once.
    public var failureSeconds: UInt32 = 5
    public var prefetch: Prefetch?
    public var stale: Stale?
    /// TTLs do not count down.
    public var keepsTTL = false
    /// Zones whose answers, or whose denials and failures, are not kept.
    public var disabledSuccess: [Name] = []
    public var disabledDenial: [Name] = []

    public init() {}
}

/// What a cache has for a query.
public enum CacheOutcome: Equatable, Sendable {
    /// Nothing; the message is untouched.
    case miss
    /// The first `byteCount` octets of the message are the answer. With `wantsRefresh` the upstream should be asked
    /// behind it, so that the next answer is fresh.
    case answered(byteCount: Int, wantsRefresh: Bool)
    /// Only an expired answer, and the upstream is to be asked first; `answerStale` gives it when that fails.
    case staleOnly
}

/// What happened since the cache was made.
public struct CacheCounts: Sendable, Equatable {
    /// One half's numbers.
    public struct Part: Sendable, Equatable {
        public var entries = 0
        public var hits: UInt64 = 0
        public var evictions: UInt64 = 0
    }
    public var success = Part()
    public var denial = Part()
    public var misses: UInt64 = 0
    /// Answers that asked to be fetched again: soon too old, or stale.
    public var prefetches: UInt64 = 0
    public var servedStale: UInt64 = 0
    /// Answers that must not be kept: cut ones, denials without SOA, chains without their end.
    public var drops: UInt64 = 0
}
