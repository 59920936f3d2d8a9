import Synchronization

/// What upstreams said, for every worker and every transport.
///
/// Parts of it ("shards") stand under locks of their own, held for as long as one answer takes to render. A hit is
/// written straight from the cache's memory behind the client's question: no allocation, no reference counted.
/// The clock is the caller's: milliseconds that never go back, and for signatures seconds since 1970.
@safe public final class AnswerCache: Sendable {
    private let limits: CacheLimits
    nonisolated(unsafe) private let cells: UnsafeMutableRawPointer
    private let shardCount: Int

    /// A lock, and on the next cache line the shard that is touched under it only. Cells begin two lines apart, which is
    /// what processors fetch: workers at different shards never meet.
    private static var shardOffset: Int { 64 }
    private static var stride: Int { (shardOffset + MemoryLayout<CacheShard>.size + 127) / 128 * 128 }

    public init(_ limits: CacheLimits) {
        self.limits = limits
        // A small half would lose too much to shards that fill unevenly.
        let smaller = [limits.success.capacity, limits.denial.capacity].filter { $0 > 0 }.min() ?? 0
        shardCount = smaller < 1024 ? 1 : 16
        unsafe cells = .allocate(byteCount: shardCount * Self.stride, alignment: 128)
        let rules = CacheRules(limits, shardCount: shardCount)
        for index in 0..<shardCount {
            unsafe lock(index).initialize(to: Mutex(()))
            unsafe place(index).initialize(to: CacheShard(rules))
        }
    }

    @inline(__always)
    private func lock(_ index: Int) -> UnsafeMutablePointer<Mutex<Void>> {
        unsafe (cells + index * Self.stride).assumingMemoryBound(to: Mutex<Void>.self)
    }

    @inline(__always)
    private func place(_ index: Int) -> UnsafeMutablePointer<CacheShard> {
        unsafe (cells + index * Self.stride + Self.shardOffset).assumingMemoryBound(to: CacheShard.self)
    }

    deinit {
        for index in 0..<shardCount {
            unsafe place(index).deinitialize(count: 1)
            unsafe lock(index).deinitialize(count: 1)
        }
        unsafe cells.deallocate()
    }

    /// The upper bits choose the shard; the lower ones are the index's.
    @inline(__always)
    private func shard(_ hash: UInt32) -> Int { Int(hash >> 28) & (shardCount &- 1) }

    /// Answers a query that lies at the front of `message`, if it can. No allocation.
    /// - Parameters:
    ///   - turn: which address of a set comes first.
    ///   - now: milliseconds of the monotonic clock.
    public func answer(
        _ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits, turn: UInt32, now: UInt64
    ) -> CacheOutcome {
        answer(query, in: &message, limits: limits, turn: turn, now: now, takesStale: false)
    }

    /// The same for a query whose upstream did not answer: an expired answer is taken too, if `serve_stale` has one.
    public func answerStale(
        _ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits, turn: UInt32, now: UInt64
    ) -> CacheOutcome {
        answer(query, in: &message, limits: limits, turn: turn, now: now, takesStale: true)
    }

    @inline(__always)
    private func answer(
        _ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits, turn: UInt32, now: UInt64,
        takesStale: Bool
    ) -> CacheOutcome {
        guard query.isOrdinary else { return .miss }
        return unsafe message.withUnsafeMutableBytes { raw in
            guard let bytes = unsafe MessageBytes(raw) else { return .miss }
            var notes: PackedReply.Notes = []
            if query.wantsSignatures { notes.insert(.wantsSignatures) }
            if bytes.load16(at: 2) & Header.checkingDisabled != 0 { notes.insert(.isUnchecked) }
            let hash = keyHash(query.hash, query.type, notes)
            let key = CacheShard.Key(query: query, message: bytes, hash: hash, notes: notes)
            let index = shard(hash)
            return unsafe lock(index).pointee.withLock { _ in
                unsafe place(index).pointee.answer(key, limits: limits, turn: turn, now: now, takesStale: takesStale)
            }
        }
    }

    /// Keeps a response under its question, by the limits. A failure never takes the place of an answer that is still
    /// good.
    /// - Parameters:
    ///   - question: what was asked; the response's own.
    ///   - now: milliseconds of the monotonic clock.
    ///   - date: seconds since 1970: what has expired signatures is not kept. Without it no signature is looked at.
    public func keep(_ response: Response, for question: Question, now: UInt64, date: UInt32? = nil) {
        guard question == response.question else { return }
        guard !limits.isDisabled(response) else { return }
        let term = limits.term(of: response, date: date)
        unsafe response.packed.withUnsafeBytes { packed in
            guard let start = packed.baseAddress else { return }
            let reply = unsafe PackedReply(start)
            let index = shard(keyHash(reply.hash, reply.type, reply.notes))
            unsafe lock(index).pointee.withLock { _ in
                if let term {
                    unsafe place(index).pointee.keep(packed, reply, term, now: now)
                } else if response.freshFor == nil {
                    unsafe place(index).pointee.noteDrop()
                }
            }
        }
    }

    /// How the TTLs of a response are shown to the one who asked first: as the next ones will see them.
    public func ttl(of response: Response, date: UInt32? = nil) -> TTLRule {
        guard let term = limits.term(of: response, date: date) else { return .unchanged }
        return TTLRule(floor: term.floor, ceiling: term.ceiling)
    }

    /// Read at a scrape: each shard is locked for a moment.
    public var counts: CacheCounts {
        var sum = CacheCounts()
        for index in 0..<shardCount {
            let counts = unsafe lock(index).pointee.withLock { _ in unsafe place(index).pointee.counts }
            sum.add(counts)
        }
        return sum
    }
}

extension CacheCounts {
    fileprivate mutating func add(_ other: CacheCounts) {
        success.add(other.success)
        denial.add(other.denial)
        misses &+= other.misses
        prefetches &+= other.prefetches
        servedStale &+= other.servedStale
        drops &+= other.drops
    }
}

extension CacheCounts.Part {
    fileprivate mutating func add(_ other: CacheCounts.Part) {
        entries += other.entries
        hits &+= other.hits
        evictions &+= other.evictions
    }
}
