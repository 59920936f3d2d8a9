import DNS
import LinuxIO

extension QueryDesk {
    /// Hands the query to a step that is no table.
    /// - Returns: nil when the step passes it on; else the answer's byte count, 0 when it comes later or never.
    @inline(never)
    mutating func take(
        _ step: Int, _ query: Query, _ block: Int, in message: inout MutableRawSpan, limits: AnswerLimits,
        peer: () -> SocketAddress?, later: () -> any ReturnAddress
    ) -> Int? {
        switch plan.blocks[block].steps[step] {
        case .zones, .cache, .chaos: return nil
        case .local(let names):
            let kind = localName(of: query, in: &message)
            let outcome = answerLocal(query, in: &message, limits: limits)
            if case .passed = outcome { return nil }
            if kind == .searchedLocalhost || kind == .belowLocalhost { names.noteSearched() }
            return answered(outcome, by: .local)
        case .any:
            guard query.type == .any else { return nil }
            return answered(answerAny(query, in: &message, limits: limits), by: .any)
        case .whoami:
            guard let peer = peer() else { return nil }
            let outcome = answerWhoami(
                query, peer: peer.address.words, port: peer.port, in: &message, limits: limits)
            return answered(outcome, by: .whoami)
        case .forward(let forward):
            return hand(query, to: forward, step, block, in: &message, later: later)
        }
    }

    private mutating func answered(_ outcome: Outcome, by plugin: PluginIndex) -> Int {
        answerer = plugin
        return sent(outcome)
    }

    /// A hit is answered here and now; who waits for a fresh one is not our client.
    mutating func look(
        in cache: CacheView, _ step: Int, _ query: Query, _ block: Int, in message: inout MutableRawSpan,
        limits: AnswerLimits
    ) -> Int? {
        let outcome = cache.answer(query, in: &message, limits: limits, turn: turn, now: moment.milliseconds)
        guard case .answered(let byteCount, let wantsRefresh) = outcome else { return nil }
        answerer = .cache
        // The question still stands in front of the answer.
        if wantsRefresh { refresh(query, in: message, block, behind: step) }
        return byteCount
    }

    /// Out of the way of all other hits.
    @inline(never)
    private func refresh(_ query: Query, in message: borrowing MutableRawSpan, _ block: Int, behind step: Int) {
        plan.refresh(Question(query, in: message), block, behind: step)
    }

    /// The answer comes later, by the forwarder's hand.
    private mutating func hand(
        _ query: Query, to forward: PlannedForward, _ step: Int, _ block: Int, in message: inout MutableRawSpan,
        later: () -> any ReturnAddress
    ) -> Int? {
        let question = Question(query, in: message)
        guard forward.holds(question.name) else { return nil }
        if query.type == .hinfo, forward.forwarder.isOwnProbe(question.name) {
            answerer = .server
            return refuse(query, as: .refused, block, in: &message)
        }
        let waiting = WaitingQuery(
            query, question, beginning: message.prefix(query.beginningByteCount), plan: plan, block: block,
            transport: transport,
            isInside: depth > 0, client: later(), start: moment.nanoseconds, turn: turn,
            counters: keepers[block].counted, logged: depth > 0 ? nil : logged)
        waiting.limitPatience()
        waiting.ask(forward, step)
        return 0
    }
}
