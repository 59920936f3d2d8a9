public import DNS
public import NIOCore
public import SourceText
import Synchronization

// The way of a query to others:
//   Forwarder       from any thread to the event loop of the question
//   ForwardLoop     one event loop: Flight (a question and who waits for it) → Exchange (one upstream asked) → Line (a
//                   socket, from the LinePool); TimerQueue
//   AttemptPlan     which upstream next, and when to stop; AnswerRule: what an answer's code means for that
//   UpstreamBoard   shared by the loops: UpstreamHealth and LoopGuard of each upstream, and the notices
// Plan, rule, health, guard and queue are values that know no socket.

/// Asks the upstreams of one `forward`. Each question lives on one event loop of the group, found by its hash, so that
/// equal ones meet there.
public final class Forwarder: Sendable {
    private struct Member: Sendable {
        let eventLoop: any EventLoop
        let loop: NIOLoopBoundBox<ForwardLoop>
        let counts: CountsBox

        func guardLoops(every interval: TimeAmount) -> RepeatedTask {
            let loop = loop
            return eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: interval) { _ in
                loop.value.beginGuardRound()
            }
        }
    }

    private let shared: ForwardShared
    private let members: [Member]
    private let guarding = Mutex<RepeatedTask?>(nil)
    private let rejected = Atomic<UInt64>(0)

    /// More would only split the sockets into smaller pools.
    private static let loopLimit = 4

    /// - Parameters:
    ///   - group: outlives this; `stop` is called before it ends.
    ///   - log: called from any thread, once for each change.
    /// - Throws: what is wrong with the files of `tls`.
    public convenience init(
        _ settings: ForwardSettings, on group: any EventLoopGroup, log: @escaping @Sendable (ForwardNotice) -> Void
    ) throws(Diagnostic) {
        try self.init(settings, limits: ForwardLimits(settings), on: group, log: log)
    }

    init(
        _ settings: ForwardSettings, limits: ForwardLimits, on group: any EventLoopGroup,
        log: @escaping @Sendable (ForwardNotice) -> Void
    ) throws(Diagnostic) {
        let eventLoops = Array(group.makeIterator().prefix(Self.loopLimit))
        let shared = try ForwardShared(settings, limits: limits, loopCount: eventLoops.count, log: log)
        self.shared = shared
        members = eventLoops.map { eventLoop in
            let counts = CountsBox(names: shared.board.names)
            let loop = ForwardLoop(shared, on: eventLoop, counts: counts)
            return Member(
                eventLoop: eventLoop, loop: .makeBoxSendingValue(loop, eventLoop: eventLoop), counts: counts)
        }
    }

    // MARK: Asking

    /// Asks, or waits with others who asked the same.
    ///
    /// - Parameters:
    ///   - prefersTCP: the client came by TCP; `prefer_udp` overrides it.
    ///   - once: called before anyone's `done`, and for one of those who wait together only: for what is done with an
    ///     answer however many asked.
    ///   - done: called once, on an event loop of the group, within 5 s.
    public func ask(
        _ question: Question, prefersTCP: Bool = false, once: (@Sendable (ForwardResult) -> Void)? = nil,
        done: @escaping @Sendable (ForwardResult) -> Void
    ) {
        let limit = Int(shared.settings.maxConcurrent)
        let waiting = shared.waitingCount.add(1, ordering: .relaxed).newValue
        guard limit == 0 || waiting <= limit else {
            shared.waitingCount.subtract(1, ordering: .relaxed)
            rejected.add(1, ordering: .relaxed)
            return refuse(question, .tooMany, done)
        }
        hand(question, prefersTCP, Flight.Waiter(done: done, once: once, isCounted: true))
    }

    /// The same for an answer that is not yet missed: it counts for nobody, and gives way when half of the places are
    /// taken.
    public func refresh(_ question: Question, done: @escaping @Sendable (ForwardResult) -> Void) {
        let limit = Int(shared.settings.maxConcurrent)
        let isBusy =
            (limit > 0 && shared.waitingCount.load(ordering: .relaxed) * 2 >= limit)
            || shared.lineCount.load(ordering: .relaxed) * 2 >= shared.limits.lineLimit
        guard !isBusy else { return refuse(question, .tooMany, done) }
        hand(question, false, Flight.Waiter(done: done, once: nil, isCounted: false))
    }

    private func hand(_ question: Question, _ prefersTCP: Bool, _ waiter: Flight.Waiter) {
        let member = member(for: question)
        let loop = member.loop
        member.eventLoop.execute { loop.value.ask(question, prefersTCP: prefersTCP, waiter) }
    }

    private func refuse(
        _ question: Question, _ failure: ForwardFailure, _ done: @escaping @Sendable (ForwardResult) -> Void
    ) {
        member(for: question).eventLoop.execute { done(.failed(failure)) }
    }

    private func member(for question: Question) -> Member { members[Int(question.hash) % members.count] }

    // MARK: Around it

    /// Looks for queries that come back to us, at once and then twice a minute. Called when our own door is open:
    /// before that, nothing could come back. Again, it changes nothing; nor does it without `loop` in the block.
    public func beginGuarding() {
        guard shared.settings.guardsLoops, let member = members.first else { return }
        guarding.withLock { guarding in
            guard guarding == nil, !shared.isStopping.load(ordering: .relaxed) else { return }
            guarding = member.guardLoops(every: shared.limits.guardInterval)
        }
    }

    /// Whether a name asked for at our own door is a tagged query of this forwarder's loop guard. Its upstream leads
    /// back to us then, and is not asked until that ends. Any thread; of use for HINFO questions only.
    public func isOwnProbe(_ name: Name) -> Bool {
        guard shared.settings.guardsLoops, let tag = LoopTag(name) else { return false }
        return shared.board.seen(tag)
    }

    /// Tests do not wait for its time.
    func beginGuardRound() async {
        guard let member = members.first else { return }
        let loop = member.loop
        do { try await member.eventLoop.submit { loop.value.beginGuardRound() }.get() } catch {
            preconditionFailure("a round of the guard does not fail: \(error)")
        }
    }

    public var counts: ForwardCounts {
        var sum = ForwardCounts(names: shared.board.names)
        sum.rejected = rejected.load(ordering: .relaxed)
        for member in members { sum.add(member.counts.current) }
        return sum
    }

    /// Takes no new query, waits for those under way (5 s at most), and closes every socket.
    public func stop() async {
        shared.isStopping.store(true, ordering: .relaxed)
        guarding.withLock { $0.take() }?.cancel()
        for member in members {
            let promise = member.eventLoop.makePromise(of: Void.self)
            let loop = member.loop
            member.eventLoop.execute { loop.value.stop(promise) }
            do { try await promise.futureResult.get() } catch {
                preconditionFailure("stopping does not fail: \(error)")
            }
        }
    }
}
