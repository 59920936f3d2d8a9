import DNS
import LinuxIO

/// A query that waits for others: all that is needed to answer it later, on any thread.
struct WaitingQuery: Sendable {
    let query: Query
    /// What others are asked.
    let question: Question
    /// Begins the answer: the query's header and question, or a finished answer of ours that ends in an alias.
    private let beginning: [UInt8]
    private let plan: QueryPlan
    private let block: Int
    private let transport: Transport
    /// Asked by ourselves, for the target of an alias: nothing is logged, counted or reshaped.
    private let isInside: Bool
    let client: any ReturnAddress
    /// Nanoseconds of `Moment`.
    private let start: UInt64
    private let turn: UInt32
    private let counters: BlockCounters?
    /// What the log tells of it; nil where nothing is logged.
    private let logged: LoggedQuery?
    /// Lets one answer pass, where time may run out before others answer (`cancel`).
    private let gate: OneAnswer?

    init(
        _ query: Query, _ question: Question, beginning: [UInt8], plan: QueryPlan, block: Int, transport: Transport,
        isInside: Bool, client: any ReturnAddress, start: UInt64, turn: UInt32, counters: BlockCounters?,
        logged: LoggedQuery?
    ) {
        self.query = query
        self.question = question
        self.beginning = beginning
        self.plan = plan
        self.block = block
        self.transport = transport
        self.isInside = isInside
        self.client = client
        self.start = start
        self.turn = turn
        self.counters = counters
        self.logged = logged
        gate = isInside || plan.blocks[block].options.shortPatience == nil ? nil : OneAnswer()
    }

    private var limits: AnswerLimits { isInside ? .tcp : plan.blocks[block].options.limits(for: transport) }
    /// The cache that this question's answers belong into.
    private var cache: PlannedCache? { plan.cache(of: block).flatMap { $0.holds(question.name) ? $0 : nil } }
    /// The answer begins with a CNAME of ours.
    private var isAlias: Bool { beginning.count > query.beginningByteCount }
    private var room: Int { isInside || transport == .tcp ? 65535 : Query.leastRoom }
}

// MARK: - Asking

extension WaitingQuery {
    /// Where `cancel` says how long: an answer is sent when the time is over, whoever is still asked.
    func limitPatience() {
        guard let gate, let patience = plan.blocks[block].options.shortPatience else { return }
        gate.expire(after: patience) {
            guard !isAlias else { return join(nil) }
            if !finishStale() { finish(.unreachable(upstream: "no upstream", reason: "answered within \(patience)")) }
        }
    }

    func ask(_ forward: PlannedForward, _ step: Int) {
        forward.forwarder.ask(
            question, prefersTCP: transport == .tcp, once: { result in keep(result) },
            done: { result in take(result, from: step) })
    }

    private func keep(_ result: ForwardResult) {
        cache?.keep(result, for: question)
    }

    /// What the forwarder found out, on one of its threads.
    private func take(_ result: ForwardResult, from step: Int) {
        switch result {
        case .answered(let response, let upstream):
            if response.kind == .failure, finishStale() { return }
            finish(response, upstream)
        case .next(let response, let upstream):
            // The next `forward` of the block may know better.
            guard let (step, forward) = plan.forward(for: question.name, block, behind: step) else {
                cache?.keep(response)
                if response.kind == .failure, finishStale() { return }
                return finish(response, upstream)
            }
            ask(forward, step)
        case .failed(let failure):
            if !finishStale() { finish(failure) }
        }
    }
}

// MARK: - Finishing

extension WaitingQuery {
    private func finish(_ response: Response, _ upstream: String) {
        let reason = response.kind == .failure ? "\(upstream) answers \(response.code)" : nil
        send(by: .forward, upstream, because: reason) { message in
            let ttl = cache?.ttl(of: response) ?? .unchanged
            return render(
                response, to: query, in: &message, limits: limits, turn: turn, ttl: ttl, saying: response.explanation)
        }
    }

    private func finish(_ failure: ForwardFailure) {
        let code: ResponseCode = failure == .tooMany ? .refused : .serverFailure
        send(by: .forward, because: failure.explanation.text) { message in
            refuse(query, as: code, saying: ExtendedError(failure), in: &message, limits: limits)
        }
    }

    /// An answer past its end, where `serve_stale` has one.
    private func finishStale() -> Bool {
        guard let cache, cache.servesStale else { return false }
        var found = false
        send(by: .cache) { message in
            let outcome = cache.answers.answerStale(
                query, in: &message, limits: limits, turn: turn, now: Moment.now.milliseconds)
            guard case .answered(let byteCount, _) = outcome else { return .dropped }
            found = true
            return .answered(byteCount: byteCount)
        }
        return found
    }

    /// The answer to the target of our alias; nil when there is none.
    func join(_ response: Response?) {
        if !isInside, response?.kind == .failure {
            plan.complain(question.name, question.type, block, response?.explanation?.text ?? "the target failed")
        }
        send(by: .kubernetes) { message in
            guard let response else { return .answered(byteCount: beginning.count) }
            return joinAlias(
                query, in: &message, byteCount: beginning.count, with: response, limits: limits,
                saying: response.explanation)
        }
    }

    /// Sends what `write` makes of the beginning; `.dropped` sends nothing and leaves the query waiting.
    private func send(
        by plugin: PluginIndex, _ upstream: String? = nil, because reason: String? = nil,
        _ write: (inout MutableRawSpan) -> Outcome
    ) {
        var isDropped = false
        let wayBack = plan.blocks[block].wayBack
        let answer = unsafe [UInt8](unsafeUninitializedCapacity: max(room, beginning.count)) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            unsafe raw.copyBytes(from: beginning)
            var message = unsafe MutableRawSpan(_unsafeBytes: raw)
            guard case .answered(let byteCount) = write(&message) else {
                isDropped = true
                return
            }
            count = isInside ? byteCount : wayBack.reshape(&message, byteCount: byteCount)
        }
        guard !isDropped, gate?.pass() ?? true else { return }
        if !isInside { note(answer, by: plugin, upstream, because: reason) }
        client.send(answer)
    }

    /// Counts and logs.
    private func note(_ answer: [UInt8], by plugin: PluginIndex, _ upstream: String?, because reason: String?) {
        let elapsed = Moment.now.nanoseconds &- start
        guard let told = LoggedAnswer(answer) else { return }
        counters?.countLateAnswer(
            code: Int(told.code.rawValue), plugin: plugin, byteCount: answer.count, nanoseconds: elapsed)
        if let logged {
            plan.log(
                logged, told, block, from: client.peer, over: transport, taking: .nanoseconds(elapsed), by: upstream)
        }
        if told.code == .serverFailure { plan.complain(question.name, query.type, block, reason ?? "no answer") }
    }
}

extension ExtendedError {
    fileprivate init(_ failure: ForwardFailure) {
        let (code, text) = failure.explanation
        self = ExtendedError(code, "").saying(text)
    }
}
