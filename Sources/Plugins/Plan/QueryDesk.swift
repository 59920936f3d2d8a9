public import DNS
public import LinuxIO

/// Where one worker asks its plan: its own hold on every table, renewed between batches when something was published.
///
/// One for each thread. While nothing is published, a query touches no reference count, no lock and no other thread's
/// cache lines.
public struct QueryDesk: ~Copyable {
    private let plan: QueryPlan
    /// The table behind each step, of all blocks in a row, and what generation it was.
    private var tables: [AnswerTable] = []
    private var generations: [UInt64] = []
    /// Where each block's steps begin in `tables`.
    private var starts: [Int] = []
    private let seed = AnswerTable.hashSeed
    private var turn: UInt32 = 0
    private var refusals = RefusalBudget()
    /// True when some block writes lines: only then a query's time is taken.
    private let isLogging: Bool

    init(_ plan: QueryPlan) {
        self.plan = plan
        isLogging = plan.blocks.contains { !$0.logs.isEmpty || $0.logsErrors }
        for block in plan.blocks {
            starts.append(tables.count)
            for case .zones(let published) in block.steps {
                generations.append(published.generation)
                tables.append(published.value)
            }
        }
    }

    /// Takes hold of what was published since the last look. Once a batch.
    @inline(__always)
    public mutating func refresh() {
        var index = 0
        for block in plan.blocks {
            for case .zones(let published) in block.steps {
                let generation = published.generation
                if generation != generations[index] {
                    tables[index] = published.value
                    generations[index] = generation
                }
                index &+= 1
            }
        }
    }

    /// First pass over a batch: reads the query, and looks where its answer lies so that the second pass finds it near.
    @inline(__always)
    public func read(_ message: inout MutableRawSpan, byteCount: Int) -> Query {
        Query.read(&message, byteCount: byteCount, seed: seed)
    }

    /// Answers the query at the front of `message` in its place.
    /// - Returns: the answer's byte count; 0 when nothing may be sent.
    @inline(__always)
    public mutating func answer(
        _ message: inout MutableRawSpan, queryByteCount: Int, transport: Transport, peer: () -> SocketAddress?
    ) -> Int {
        let query = read(&message, byteCount: queryByteCount)
        return answer(query, in: &message, queryByteCount: queryByteCount, transport: transport, peer: peer)
    }

    /// Second pass: answers a query that was read before.
    @inline(__always)
    public mutating func answer(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, transport: Transport,
        peer: () -> SocketAddress?
    ) -> Int {
        guard query.isOrdinary else { return refuse(query, in: &message) }
        guard let block = plan.zones.longest(for: query, in: &message), !plan.blocks[block].steps.isEmpty else {
            return byteCount(of: DNS.refuse(query, as: .refused, in: &message))
        }
        guard !isLogging else {
            return answerAndLog(query, block, in: &message, queryByteCount: queryByteCount, transport, peer)
        }
        return ask(query, block, in: &message, transport)
    }

    /// Hands the query to the block's steps, one after the other, until one does not pass it on.
    @inline(__always)
    private mutating func ask(_ query: Query, _ block: Int, in message: inout MutableRawSpan, _ transport: Transport)
        -> Int
    {
        turn &+= 1
        var passage = Outcome.Passage.outside
        let first = starts[block]
        for index in first..<(first &+ plan.blocks[block].steps.count) {
            let outcome = respond(to: query, in: &message, from: tables[index], limits: transport.limits, turn: turn)
            switch outcome {
            case .answered(let byteCount): return byteCount
            case .dropped: return 0
            case .passed(let how): passage = how == .fellThrough ? how : passage
            }
        }
        // Nobody here is asked about names outside; a name that was handed on and lost is a failure of the plan.
        let code: ResponseCode = passage == .fellThrough ? .serverFailure : .refused
        return byteCount(of: DNS.refuse(query, as: code, in: &message))
    }

    private mutating func refuse(_ query: Query, in message: inout MutableRawSpan) -> Int {
        guard !query.isDropped, refusals.take() else { return 0 }
        return byteCount(of: DNS.refuse(query, in: &message))
    }

    private func byteCount(of outcome: Outcome) -> Int {
        if case .answered(let byteCount) = outcome { return byteCount }
        return 0
    }

    // MARK: Log

    private mutating func answerAndLog(
        _ query: Query, _ block: Int, in message: inout MutableRawSpan, queryByteCount: Int, _ transport: Transport,
        _ peer: () -> SocketAddress?
    ) -> Int {
        let start = ContinuousClock.now
        let asked = LoggedQuery(query, in: message, byteCount: queryByteCount)
        let rule = plan.blocks[block].logs.first { $0.zones.longest(for: query, in: &message) != nil }
        let answerByteCount = ask(query, block, in: &message, transport)
        guard answerByteCount > 0, let peer = peer() else { return answerByteCount }
        let answer = LoggedAnswer(in: message, byteCount: answerByteCount)
        if let rule, rule.classes.contains(answer.class) {
            let fields = asked.fields(
                answer, from: peer, to: plan.server, over: transport, taking: ContinuousClock.now - start)
            plan.write("[INFO] " + rule.format.line(fields))
        }
        if plan.blocks[block].logsErrors, answer.code == .serverFailure, refusals.take() {
            plan.write(
                "[ERROR] plugin/errors: 2 \(asked.name) \(query.type): no answer: the catalog has not been loaded yet")
        }
        return answerByteCount
    }
}
