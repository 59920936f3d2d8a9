/// Where one connection stands. Knows no socket and no clock: it is told what has arrived, and says what to do.
struct StreamState: Equatable {
    enum Phase: Equatable {
        /// Between messages.
        case idle
        /// Part of a message is here.
        case receiving
        /// Between messages, while some of them wait for answers from elsewhere.
        case waiting
        /// Too many wait, or as many as one connection may ask: nothing more is read until they are answered.
        case full
        /// Answers wait for the peer to read them; nothing more is read from it.
        case blocked
        /// Nothing is read or answered any more.
        case closed
    }

    enum Step: Equatable {
        /// A message lies behind the length in front: this many octets after the first two.
        case answer(byteCount: Int)
        /// Nothing lies behind the length in front: pass over its two octets.
        case skip
        /// Nothing to do until more arrives, or leaves.
        case wait
        /// Close once all answers have left.
        case finish
    }

    private(set) var phase = Phase.idle
    /// Messages whose answers come later, in any order (RFC 7766 §6.2.1.1).
    private(set) var waitingCount = 0
    private let mostWaiting: Int
    /// Nil: no limit.
    private var queriesLeft: Int?
    /// The peer sends nothing more, but may still read (RFC 7766 §6.2.3 leaves both ends free to close first).
    private var peerIsDone = false
    /// We take no further message than the one that has begun.
    private var isDraining = false

    init(mostWaiting: Int = 100, mostQueries: Int? = nil) {
        self.mostWaiting = mostWaiting
        queriesLeft = mostQueries
    }

    /// What to do with what has arrived.
    ///
    /// - Parameters:
    ///   - available: octets that are not cut yet.
    ///   - length: the first two of them (RFC 1035 §4.2.2); of no meaning while there are fewer.
    ///   - hasRoom: another answer may be queued.
    mutating func next(available: Int, length: UInt16, hasRoom: Bool) -> Step {
        if phase == .closed { return .wait }
        guard hasRoom else { return stop(in: .blocked) }
        guard waitingCount < mostWaiting else { return stop(in: .full) }
        guard queriesLeft != 0 else { return end(meanwhile: .full) }
        guard available > 0 else {
            if isDraining || peerIsDone { return end(meanwhile: .waiting) }
            return stop(in: waitingCount > 0 ? .waiting : .idle)
        }
        guard available >= 2, available >= 2 + Int(length) else {
            // The rest of this message will never come.
            return peerIsDone ? end(meanwhile: .waiting) : stop(in: .receiving)
        }
        guard length > 0 else { return .skip }
        queriesLeft = queriesLeft.map { $0 - 1 }
        return .answer(byteCount: Int(length))
    }

    /// The message that was to be answered has no answer yet.
    mutating func mustWait() { waitingCount += 1 }

    /// One of those that waited has its answer, or will have none.
    mutating func hasWaited() {
        assert(waitingCount > 0, "a query is answered once")
        waitingCount -= 1
    }

    /// Whether more may be read from the peer.
    var isReading: Bool { phase != .blocked && phase != .full && phase != .closed }

    mutating func peerHasFinished() { peerIsDone = true }

    mutating func drain() { isDraining = true }

    private mutating func stop(in newPhase: Phase) -> Step {
        phase = newPhase
        return .wait
    }

    /// Nothing more is taken: closes once everything that waits is answered.
    private mutating func end(meanwhile newPhase: Phase) -> Step {
        guard waitingCount == 0 else { return stop(in: newPhase) }
        phase = .closed
        return .finish
    }
}
