/// The limits as one shard sees them.
struct CacheRules: Sendable {
    let successCapacity: Int
    let denialCapacity: Int
    let prefetch: CacheLimits.Prefetch?
    let stale: CacheLimits.Stale?
    let keepsTTL: Bool

    init(_ limits: CacheLimits, shardCount: Int) {
        successCapacity = Self.share(limits.success.capacity, shardCount)
        denialCapacity = Self.share(limits.denial.capacity, shardCount)
        prefetch = limits.prefetch
        stale = limits.stale
        keepsTTL = limits.keepsTTL
    }

    /// An offset in a ring has 30 bits, in words of 8 octets.
    private static func share(_ capacity: Int, _ shardCount: Int) -> Int {
        min(max(0, capacity) / shardCount, 1 << 22)
    }

    var successByteCount: Int { Self.byteCount(successCapacity) }
    var denialByteCount: Int { Self.byteCount(denialCapacity) }

    /// About as many octets as a usual answer has, and never so few that a large one finds no place.
    private static func byteCount(_ capacity: Int) -> Int { capacity == 0 ? 0 : max(16_384, capacity * 1024) }

    /// Whether an entry can still be answered from, perhaps as a stale one.
    func isUsable(_ entry: CacheEntry, _ now: UInt64) -> Bool {
        if entry.isFresh(now) { return true }
        guard let stale, entry.reply.kind != .failure else { return false }
        return now &- entry.freshUntil < UInt64(stale.seconds) &* 1000
    }

    /// How long a reply is kept, and how its TTLs are shown.
    struct Term {
        let seconds: UInt32
        let floor: UInt32
        let ceiling: UInt32
    }
}

extension CacheLimits {
    /// Nil when the response must not be kept, or is not to be.
    /// - Parameter date: seconds since 1970, for signatures (RFC 4035 §5.3.1).
    func term(of response: Response, date: UInt32?) -> CacheRules.Term? {
        guard let freshFor = response.freshFor else { return nil }
        switch response.kind {
        case .success:
            guard let left = secondsLeft(of: response, date: date) else { return nil }
            // A signed answer must not outlive its signatures (RFC 4035 §5.3.3).
            let ceiling = min(success.maxTTL, left)
            let seconds = min(max(freshFor, success.minTTL), ceiling)
            return seconds > 0 ? CacheRules.Term(seconds: seconds, floor: success.minTTL, ceiling: ceiling) : nil
        case .noData, .nameError:
            guard let left = secondsLeft(of: response, date: date) else { return nil }
            let seconds = min(max(freshFor, denial.minTTL), denial.maxTTL, left)
            // The SOA is shown with the time that the denial is good for (RFC 2308 §5).
            return seconds > 0 ? CacheRules.Term(seconds: seconds, floor: seconds, ceiling: seconds) : nil
        case .failure:
            let seconds = min(failureSeconds, 300)  // RFC 2308 §7
            return seconds > 0 ? CacheRules.Term(seconds: seconds, floor: 0, ceiling: seconds) : nil
        case .other: return nil
        }
    }

    /// Seconds until the first signature ends; nil when it has.
    private func secondsLeft(of response: Response, date: UInt32?) -> UInt32? {
        guard let end = response.signedUntil, let date else { return .max }
        return Serial(rawValue: end).isNewer(than: Serial(rawValue: date)) ? end &- date : nil
    }

    func isDisabled(_ response: Response) -> Bool {
        let zones = response.kind == .success ? disabledSuccess : disabledDenial
        return zones.contains { response.question.name.isWithin($0) }
    }
}
