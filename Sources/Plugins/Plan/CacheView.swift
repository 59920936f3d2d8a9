import DNS

/// A cache as the query path has it: workers that all counted references to it would fight for that count.
///
/// Valid as long as somebody holds the plan that the cache belongs to.
@safe struct CacheView {
    private let cache: Unmanaged<PlannedCache>

    init(_ cache: PlannedCache) { unsafe self.cache = Unmanaged.passUnretained(cache) }

    @inline(__always)
    func answer(
        _ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits, turn: UInt32, now: UInt64
    ) -> CacheOutcome {
        unsafe cache._withUnsafeGuaranteedRef { cache in
            cache.answer(query, in: &message, limits: limits, turn: turn, now: now)
        }
    }
}
