/// A part of the cache under one lock: an index over two rings.
struct CacheShard: ~Copyable {
    private let rules: CacheRules
    private var index: CacheIndex
    private var success: CacheRing
    private var denial: CacheRing
    private(set) var counts = CacheCounts()

    init(_ rules: CacheRules) {
        self.rules = rules
        index = CacheIndex(capacity: rules.successCapacity + rules.denialCapacity)
        success = CacheRing(size: rules.successByteCount)
        denial = CacheRing(size: rules.denialByteCount)
    }

    @inline(__always)
    private func at(_ place: CacheIndex.Place) -> CacheEntry {
        place.isDenial ? denial.entry(at: place.offset) : success.entry(at: place.offset)
    }

    // MARK: Answering

    /// What a client asks, as the index finds it.
    struct Key {
        let query: Query
        let message: MessageBytes
        let hash: UInt32
        let notes: PackedReply.Notes
    }

    /// Rendered under the lock, straight from the ring.
    mutating func answer(_ key: Key, limits: AnswerLimits, turn: UInt32, now: UInt64, takesStale: Bool) -> CacheOutcome
    {
        guard let found = find(key) else {
            noteMiss(takesStale)
            return .miss
        }
        let entry = at(found.place)
        // Whoever looks for an old answer has this failure already.
        if takesStale, entry.reply.kind == .failure { return .miss }
        if entry.isFresh(now) {
            let wantsRefresh = noteHit(entry, now)
            let age = rules.keepsTTL ? 0 : UInt32(truncatingIfNeeded: (now &- min(now, entry.storedAt)) / 1000)
            let ttl = TTLRule(age: age, floor: entry.floor, ceiling: entry.ceiling)
            let explanation: ExtendedError? = entry.reply.kind == .failure ? .cachedError : nil
            if found.place.isDenial { counts.denial.hits &+= 1 } else { counts.success.hits &+= 1 }
            return render(entry, to: key, limits, turn, ttl, saying: explanation, wantsRefresh: wantsRefresh)
        }
        guard let stale = rules.stale, rules.isUsable(entry, now) else {
            remove(found.slot, found.place)
            noteMiss(takesStale)
            return .miss
        }
        if stale.refresh == .verify, !takesStale, isDue(entry, stale, now) {
            counts.misses &+= 1
            return .staleOnly
        }
        return answerStale(entry, found.place, stale, key, limits, turn, now, takesStale: takesStale)
    }

    /// Whether an expired entry's upstream is to be asked, which it is not with every query.
    private func isDue(_ entry: CacheEntry, _ stale: CacheLimits.Stale, _ now: UInt64) -> Bool {
        entry.refreshAt == 0 || now &- min(now, entry.refreshAt) >= stale.recheckMilliseconds
    }

    /// A query that comes back because its upstream failed was counted when it came first.
    private mutating func noteMiss(_ isSecond: Bool) {
        if !isSecond { counts.misses &+= 1 }
    }

    private mutating func answerStale(
        _ entry: CacheEntry, _ place: CacheIndex.Place, _ stale: CacheLimits.Stale, _ key: Key, _ limits: AnswerLimits,
        _ turn: UInt32, _ now: UInt64, takesStale: Bool
    ) -> CacheOutcome {
        let wantsRefresh = isDue(entry, stale, now)
        if wantsRefresh {
            entry.refreshAt = max(1, now)
            if !takesStale { counts.prefetches &+= 1 }
        }
        entry.state = .touched
        counts.servedStale &+= 1
        if place.isDenial { counts.denial.hits &+= 1 } else { counts.success.hits &+= 1 }
        return render(
            entry, to: key, limits, turn, TTLRule(floor: stale.ttl, ceiling: stale.ttl),
            saying: entry.reply.kind == .nameError ? .staleNameError : .stale, wantsRefresh: wantsRefresh)
    }

    @inline(__always)
    private func render(
        _ entry: CacheEntry, to key: Key, _ limits: AnswerLimits, _ turn: UInt32, _ ttl: TTLRule,
        saying explanation: ExtendedError?, wantsRefresh: Bool
    ) -> CacheOutcome {
        // What is kept is no authority's word any more (RFC 1035 §4.1.1).
        let outcome = DNS.render(
            entry.reply, to: key.query, in: key.message, limits: limits, turn: turn, ttl: ttl, isAuthoritative: false,
            saying: explanation)
        guard case .answered(let byteCount) = outcome else { return .miss }
        return .answered(byteCount: byteCount, wantsRefresh: wantsRefresh)
    }

    @inline(__always)
    private func find(_ key: Key) -> (slot: Int, place: CacheIndex.Place)? {
        index.find(key.hash) { place in
            let reply = at(place).reply
            return reply.notes.intersection(.ofKey) == key.notes && reply.answers(key.query, in: key.message)
        }
    }

    /// Counts the hit; true when the entry is to be fetched again now, once in its life.
    @inline(__always)
    private mutating func noteHit(_ entry: CacheEntry, _ now: UInt64) -> Bool {
        entry.state = .touched
        guard let prefetch = rules.prefetch else { return false }
        let isGap = now &- min(now, entry.lastHitAt) >= prefetch.milliseconds
        entry.hits = isGap ? 1 : min(entry.hits, .max - 1) + 1
        entry.lastHitAt = now
        guard entry.refreshAt == 0, entry.hits >= prefetch.amount else { return false }
        let lifetime = entry.freshUntil &- entry.storedAt
        let left = entry.freshUntil &- now
        // In whole seconds as they are shown: at the latest one second before the end.
        guard left <= max(1000, lifetime / 100 &* UInt64(prefetch.percentage)) else { return false }
        entry.refreshAt = max(1, now)
        counts.prefetches &+= 1
        return true
    }

    // MARK: Keeping

    /// Puts a reply in the place of what was known of its question.
    mutating func keep(_ packed: UnsafeRawBufferPointer, _ reply: PackedReply, _ term: CacheRules.Term, now: UInt64) {
        let length = CacheEntry.headByteCount + reply.byteCount
        let isDenial = reply.kind != .success
        guard length <= (isDenial ? denial.size : success.size) / 2 else { return }
        let hash = keyHash(reply.hash, reply.type, reply.notes)
        var hits: (count: UInt32, lastAt: UInt64) = (0, 0)
        if let old = index.find(hash, where: { at($0).reply.answersSame(as: reply) }) {
            let entry = at(old.place)
            // A failure is no reason to forget what is still good.
            if reply.kind == .failure, entry.reply.kind != .failure, rules.isUsable(entry, now) { return }
            hits = (entry.hits, entry.lastHitAt)
            remove(old.slot, old.place)
        }
        makeRoom(length, isDenial: isDenial, now)
        guard let offset = take(length, isDenial: isDenial) else { return }
        let place = CacheIndex.Place(isDenial: isDenial, offset: offset)
        let entry = at(place)
        entry.byteCount = length
        entry.state = .live
        entry.storedAt = now
        entry.freshUntil = now &+ UInt64(term.seconds) &* 1000
        entry.lastHitAt = hits.lastAt
        entry.refreshAt = 0
        entry.hits = hits.count
        entry.hash = hash
        entry.floor = term.floor
        entry.ceiling = term.ceiling
        unsafe entry.write(packed)
        index.insert(hash, place)
        add(1, isDenial: isDenial)
    }

    mutating func noteDrop() { counts.drops &+= 1 }

    private mutating func add(_ count: Int, isDenial: Bool) {
        if isDenial { counts.denial.entries += count } else { counts.success.entries += count }
    }

    private mutating func take(_ length: Int, isDenial: Bool) -> Int? {
        isDenial ? denial.take(length) : success.take(length)
    }

    private mutating func remove(_ slot: Int, _ place: CacheIndex.Place) {
        at(place).state = .dead
        index.remove(slot)
        add(-1, isDenial: place.isDenial)
    }

    /// Drops the oldest until an entry fits, in number and in octets. Those that were asked for since are spared once:
    /// few at a time, because others wait for the lock.
    private mutating func makeRoom(_ length: Int, isDenial: Bool, _ now: UInt64) {
        let capacity = isDenial ? rules.denialCapacity : rules.successCapacity
        var spared = 0
        while true {
            let entries = isDenial ? counts.denial.entries : counts.success.entries
            if entries < capacity, hasRoom(length, isDenial: isDenial) { return }
            guard (isDenial ? denial.used : success.used) > 0 else { return }
            let offset = isDenial ? denial.dropOldest() : success.dropOldest()
            let place = CacheIndex.Place(isDenial: isDenial, offset: offset)
            let oldest = at(place)
            guard oldest.state != .dead else { continue }
            guard let slot = index.find(oldest.hash, where: { $0 == place })?.slot else { continue }
            if oldest.state == .touched, spared < 8, rules.isUsable(oldest, now) {
                spared += 1
                spare(oldest, slot, isDenial: isDenial)
            } else {
                index.remove(slot)
                add(-1, isDenial: isDenial)
                if isDenial { counts.denial.evictions &+= 1 } else { counts.success.evictions &+= 1 }
            }
        }
    }

    private func hasRoom(_ length: Int, isDenial: Bool) -> Bool {
        isDenial ? denial.hasRoom(length) : success.hasRoom(length)
    }

    /// Moves the entry that was the oldest to where the youngest goes: its own room is free, so it always fits.
    private mutating func spare(_ oldest: CacheEntry, _ slot: Int, isDenial: Bool) {
        guard let offset = take(oldest.byteCount, isDenial: isDenial) else {
            assertionFailure("no room for what was there")
            index.remove(slot)
            return add(-1, isDenial: isDenial)
        }
        let place = CacheIndex.Place(isDenial: isDenial, offset: offset)
        oldest.move(to: at(place))
        at(place).state = .live
        index.replace(slot, with: place)
    }
}

extension PackedReply.Notes {
    /// What belongs to the key.
    static let ofKey: PackedReply.Notes = [.wantsSignatures, .isUnchecked]
}

/// The hash of a whole key: the name's, mixed with type, DO and CD.
@inline(__always)
func keyHash(_ name: UInt32, _ type: RecordType, _ notes: PackedReply.Notes) -> UInt32 {
    var hash = NameHash(seed: UInt64(name), byteCount: Int(notes.intersection(.ofKey).rawValue))
    hash.mix(UInt64(type.rawValue) << 32)
    return hash.value
}
