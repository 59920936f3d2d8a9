/// Where one connection stands. Knows no socket and no clock: it is told what has arrived, and says what to do.
struct StreamState: Equatable {
    enum Phase: Equatable {
        /// Between messages.
        case idle
        /// Part of a message is here.
        case receiving
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
    /// The peer sends nothing more, but may still read (RFC 7766 §6.2.3 leaves both ends free to close first).
    private var peerIsDone = false
    /// We take no further message than the one that has begun.
    private var isDraining = false

    /// What to do with what has arrived.
    ///
    /// - Parameters:
    ///   - available: octets that are not cut yet.
    ///   - length: the first two of them (RFC 1035 §4.2.2); of no meaning while there are fewer.
    ///   - hasRoom: another answer may be queued.
    mutating func next(available: Int, length: UInt16, hasRoom: Bool) -> Step {
        if phase == .closed { return .wait }
        guard hasRoom else { return stop(in: .blocked) }
        guard available > 0 else { return isDraining || peerIsDone ? finish() : stop(in: .idle) }
        guard available >= 2, available >= 2 + Int(length) else {
            // The rest of this message will never come.
            return peerIsDone ? finish() : stop(in: .receiving)
        }
        return length == 0 ? .skip : .answer(byteCount: Int(length))
    }

    mutating func peerHasFinished() { peerIsDone = true }

    mutating func drain() { isDraining = true }

    private mutating func stop(in newPhase: Phase) -> Step {
        phase = newPhase
        return .wait
    }

    private mutating func finish() -> Step {
        phase = .closed
        return .finish
    }
}
