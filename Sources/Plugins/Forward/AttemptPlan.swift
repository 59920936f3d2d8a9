/// Which upstream one query asks next, and when it is over. Knows no socket and no clock.
///
/// Each upstream in turn; the next one at once after a fault, and beside the silent ones when the wait grows long.
/// Those that stay silent are asked a second time, for a datagram may be lost; those that said something are not.
struct AttemptPlan {
    enum Event: Equatable {
        /// The youngest question has waited long enough for another one to be asked beside it.
        case slow
        /// Refused, reset, not to be trusted: asking this upstream again is of no use.
        case failed(upstream: Int, reason: String)
        /// Listened to for as long as it may take.
        case silent(upstream: Int, reason: String)
        /// SERVFAIL, or a code of `failover`: an answer, unless somebody else has a better one.
        case unhappy(upstream: Int)
        /// The question was given up to make room for a younger one.
        case dropped
        /// There is no socket left to ask with, which says nothing about the upstream.
        case noRoom(upstream: Int)
        /// The whole query has taken as long as it may.
        case expired
    }

    enum Step: Equatable {
        case ask(upstream: Int)
        case wait
        /// The answer that was kept for want of a better one.
        case giveKept
        case giveUp(upstream: Int, reason: String)
        /// Nobody could be asked at all.
        case giveUpWithoutRoom
    }

    /// Upstreams in the order in which they are asked.
    private let order: [Int]
    private let limit: Int
    /// The next place in `order`, which is walked twice.
    private var position = 0
    private var askedCount = 0
    /// Those of them for which there was no socket.
    private var unsentCount = 0
    /// Questions that are listened for.
    private(set) var openCount = 0
    /// One bit for each upstream that is not asked again.
    private var spent: UInt64 = 0
    private var hasKept = false
    private var last: (upstream: Int, reason: String)

    /// - Parameters:
    ///   - order: not empty.
    ///   - limit: upstreams asked at most; 0: twice as many as there are.
    init(order: [Int], limit: UInt32) {
        precondition(!order.isEmpty, "nobody to ask")
        self.order = order
        self.limit = limit == 0 ? 2 * order.count : Int(limit)
        last = (order[0], "has not answered")
    }

    mutating func begin() -> Step { askNext() ?? .wait }

    /// An answer that is better than none stands ready, without a word about its upstream.
    mutating func keep() { hasKept = true }

    mutating func next(_ event: Event) -> Step {
        switch event {
        case .slow: return askNext() ?? .wait
        case .failed(let upstream, let reason):
            spent |= 1 << UInt64(upstream)
            last = (upstream, reason)
            openCount -= 1
        case .silent(let upstream, let reason):
            last = (upstream, reason)
            openCount -= 1
        case .unhappy(let upstream):
            spent |= 1 << UInt64(upstream)
            hasKept = true
            openCount -= 1
        case .dropped:
            openCount -= 1
            return .wait
        case .noRoom(let upstream):
            openCount -= 1
            unsentCount += 1
            // Sockets may come free while others are listened to.
            guard openCount == 0 else { return .wait }
            spent |= 1 << UInt64(upstream)
        case .expired: return end
        }
        if let step = askNext() { return step }
        return openCount > 0 ? .wait : end
    }

    private var end: Step {
        if hasKept { return .giveKept }
        return unsentCount == askedCount ? .giveUpWithoutRoom : .giveUp(upstream: last.upstream, reason: last.reason)
    }

    private mutating func askNext() -> Step? {
        guard askedCount < limit else { return nil }
        while position < 2 * order.count {
            let upstream = order[position % order.count]
            position += 1
            guard spent & 1 << UInt64(upstream) == 0 else { continue }
            askedCount += 1
            openCount += 1
            return .ask(upstream: upstream)
        }
        return nil
    }
}
