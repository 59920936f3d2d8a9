public import DNS
public import LinuxIO

/// Where one worker asks its plan: its own hold on every table, renewed between batches when something was published.
///
/// One for each thread. While nothing is published, a query touches no reference count, no lock and no other thread's
/// cache lines.
public struct QueryDesk: ~Copyable {
    private let plan: QueryPlan
    /// What the query path reads: numbers and addresses, one for each step of all blocks in a row.
    private var views: [TableView] = []
    /// Holds the table behind each view, and says of which generation it is.
    private var tables: [AnswerTable] = []
    private var generations: [UInt64] = []
    private var blocks: [Block] = []
    /// A single block for the root holds every name.
    private let holdsEverything: Bool
    private let seed = AnswerTable.hashSeed
    private var turn: UInt32 = 0
    private var refusals = RefusalBudget()
    private var complaints = RefusalBudget()

    /// What the query path needs to know of a server block.
    private struct Block {
        var firstStep: Int
        var stepCount: Int
        var writing: Writing
    }

    private enum Writing { case nothing, failures, queries }

    init(_ plan: QueryPlan) {
        self.plan = plan
        holdsEverything = plan.blocks.map(\.zone) == [.root]
        for block in plan.blocks {
            let writing: Writing = block.logs.isEmpty ? block.logsErrors ? .failures : .nothing : .queries
            blocks.append(Block(firstStep: tables.count, stepCount: block.steps.count, writing: writing))
            for case .zones(let published) in block.steps {
                // The generation first: a table that is published in between is then seen at the next look.
                generations.append(published.generation)
                tables.append(published.value)
            }
        }
        views = tables.map(\.view)
    }

    /// Takes hold of what was published since the last look. Once a batch.
    public mutating func refresh() {
        var index = 0
        for block in plan.blocks {
            for case .zones(let published) in block.steps {
                let generation = published.generation
                if generation != generations[index] {
                    tables[index] = published.value
                    views[index] = tables[index].view
                    generations[index] = generation
                }
                index &+= 1
            }
        }
    }

    /// First pass over a batch: reads the query; asks no table.
    @inline(__always)
    public func read(_ message: inout MutableRawSpan, byteCount: Int) -> Query {
        Query.read(&message, byteCount: byteCount, seed: seed)
    }

    /// Answers the query at the front of `message` in its place.
    /// - Parameters:
    ///   - peer: who asked; read only by those who need it.
    ///   - later: where the answer goes if the query must wait; asked for once, and only then.
    /// - Returns: the answer's byte count; 0 when nothing may be sent, or not yet.
    @inline(__always)
    public mutating func answer(
        _ message: inout MutableRawSpan, queryByteCount: Int, transport: Transport, peer: () -> SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        let query = read(&message, byteCount: queryByteCount)
        return answer(
            query, in: &message, queryByteCount: queryByteCount, transport: transport, peer: peer, later: later)
    }

    /// Second pass: answers a query that was read before.
    @inline(__always)
    public mutating func answer(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, transport: Transport,
        peer: () -> SocketAddress?, later: () -> any ReturnAddress
    ) -> Int {
        guard query.isOrdinary else { return refuse(query, in: &message) }
        let place = holdsEverything ? 0 : plan.zones.longest(for: query, in: &message)
        guard let block = place, blocks[block].stepCount > 0 else {
            return refuse(query, as: .refused, in: &message)
        }
        switch blocks[block].writing {
        case .nothing: return ask(query, block, in: &message, transport)
        case .failures:
            let answerByteCount = ask(query, block, in: &message, transport)
            if answerByteCount > 0, message.hasCodeServerFailure() { complain(query, block, in: message) }
            return answerByteCount
        case .queries:
            return answerAndLog(query, block, in: &message, queryByteCount: queryByteCount, transport, peer)
        }
    }

    /// Hands the query to the block's steps, one after the other, until one does not pass it on.
    @inline(__always)
    private mutating func ask(_ query: Query, _ block: Int, in message: inout MutableRawSpan, _ transport: Transport)
        -> Int
    {
        turn &+= 1
        var passage = Outcome.Passage.outside
        let first = blocks[block].firstStep
        for index in first..<(first &+ blocks[block].stepCount) {
            let outcome = respond(to: query, in: &message, from: views[index], limits: transport.limits, turn: turn)
            switch outcome {
            case .answered(let byteCount): return byteCount
            case .dropped: return 0
            case .passed(let how): passage = how == .fellThrough ? how : passage
            }
        }
        // Nobody here is asked about names outside; a name that was handed on and lost is a failure of the plan.
        let code: ResponseCode = passage == .fellThrough ? .serverFailure : .refused
        return refuse(query, as: code, in: &message)
    }

    private mutating func refuse(_ query: Query, as code: ResponseCode, in message: inout MutableRawSpan) -> Int {
        refusals.take() ? byteCount(of: DNS.refuse(query, as: code, in: &message)) : 0
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
        if plan.blocks[block].logsErrors, answer.code == .serverFailure { complain(query, block, in: message) }
        return answerByteCount
    }

    private mutating func complain(_ query: Query, _ block: Int, in message: borrowing MutableRawSpan) {
        guard complaints.take() else { return }
        let name = query.name(in: message)?.description ?? "."
        plan.write("[ERROR] plugin/errors: 2 \(name) \(query.type): \(reason(for: block))")
    }

    /// Why a query of this block failed: for the log.
    private func reason(for block: Int) -> String {
        let mine = tables[blocks[block].firstStep...].prefix(blocks[block].stepCount)
        guard mine.allSatisfy({ $0.zones.allSatisfy(\.isReady) }) else { return "the catalog has not been loaded yet" }
        return "the name fell through, and no other plugin of this server block answers it"
    }
}

extension MutableRawSpan {
    /// Whether the answer's code is SERVFAIL.
    @inline(__always)
    fileprivate borrowing func hasCodeServerFailure() -> Bool {
        unsafe bytes.unsafeLoad(fromByteOffset: 3, as: UInt8.self) & 15 == UInt8(ResponseCode.serverFailure.rawValue)
    }
}
