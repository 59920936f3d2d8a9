import DNS
import NIOCore

/// One question to one upstream, over whatever transports it takes, and who wants to know the answer.
final class Exchange {
    enum Purpose {
        /// Of a client's query.
        case attempt(Flight)
        case probe(number: UInt64)
        /// Of the loop guard: nobody waits for the answer.
        case tag
    }

    let serial: UInt64
    let question: Question
    let upstream: Int
    let purpose: Purpose
    let began: NIODeadline
    var transport: ForwardCounts.Transport
    /// What the answer must repeat; another one for each datagram or stream.
    var id: UInt16 = 0
    /// The socket that the answer is awaited on.
    var line: Line?
    /// Without an OPT record, which the upstream does not understand.
    var isPlain = false
    /// It has just said so.
    var isSecondPlain = false
    /// The pooled connection was closed before it answered.
    var needsFreshLine = false

    init(
        serial: UInt64, _ question: Question, to upstream: Int, by transport: ForwardCounts.Transport,
        for purpose: Purpose, now: NIODeadline
    ) {
        self.serial = serial
        self.question = question
        self.upstream = upstream
        self.transport = transport
        self.purpose = purpose
        began = now
    }

    /// Probes may go without recursion; clients' queries never do.
    func message(isRecursive: Bool) -> [UInt8] {
        // Lengths tell an observer what was asked (RFC 8467 §4.1).
        let block = transport == .tls && !isPlain ? 128 : nil
        return question.query(id: id, edns: !isPlain, paddedTo: block, isRecursive: isRecursive)
    }
}

/// One question of clients under way: whoever asks the same meanwhile waits with them.
final class Flight {
    struct Waiter {
        let done: @Sendable (ForwardResult) -> Void
        /// Called in front of all `done` of a flight; only that of the first waiter is.
        var once: (@Sendable (ForwardResult) -> Void)?
        /// Counted among the clients that wait.
        let isCounted: Bool
    }

    let serial: UInt64
    let question: Question
    let prefersTCP: Bool
    /// It ends `ForwardLimits.whole` later, whatever has happened.
    let began: NIODeadline
    var plan: AttemptPlan
    var waiters: [Waiter]
    /// The questions that are listened for, oldest first.
    var exchanges: [Exchange] = []
    /// The best answer so far, if none was good.
    var kept: (response: Response, upstream: Int)?
    var hasEnded = false

    init(
        serial: UInt64, _ question: Question, prefersTCP: Bool, plan: AttemptPlan, _ waiter: Waiter, now: NIODeadline
    ) {
        self.serial = serial
        began = now
        self.question = question
        self.prefersTCP = prefersTCP
        self.plan = plan
        waiters = [waiter]
    }
}
