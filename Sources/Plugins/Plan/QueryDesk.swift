public import DNS
public import LinuxIO

/// Where one worker asks its plan: its own hold on every table, renewed between batches when something was published.
///
/// One for each thread. While nothing is published, a query that a table answers touches no reference count, no lock
/// and no other thread's cache lines.
public struct QueryDesk: ~Copyable {
    let plan: QueryPlan
    let transport: Transport
    /// What the query path reads of the blocks and their steps: numbers and addresses, all steps in a row.
    var blocks: [DeskBlock] = []
    private(set) var keepers: [BlockKeeper] = []
    private(set) var steps: [DeskStep] = []
    /// Holds the table behind each view, and says of which generation it is.
    private(set) var tables: [HeldTable] = []
    /// What is counted of queries that meet no block.
    private var droppedCounters: BlockCounters?
    var dropped: CounterView? { droppedCounters?.view }
    var cookies: CookieSecrets
    private var cookieGeneration: UInt64
    private let isCounted: Bool
    /// A single block for the root holds every name.
    let holdsEverything: Bool
    /// Most plans have one.
    var shortcut: Shortcut?
    let shortcutLimits: AnswerLimits
    /// Somebody in this plan may know where an alias leads that leaves its own table.
    let leadsSomewhere: Bool
    private let seed = AnswerTable.hashSeed
    private var warmth: UInt64 = 0
    /// Counts queries: which record of a set comes first.
    var turn: UInt32 = 0
    /// When the queries at hand came.
    var moment = Moment.now
    /// Whose answer the last one was.
    var answerer = PluginIndex.server
    var refusals = RefusalBudget()
    /// What the log is to tell of the query at hand.
    var logged: LoggedQuery?
    /// Questions that we ask ourselves while we answer one.
    var depth = 0

    init(_ plan: QueryPlan, for transport: Transport) {
        self.plan = plan
        self.transport = transport
        holdsEverything = plan.blocks.map(\.zone) == [.root]
        shortcutLimits = plan.blocks.first?.options.limits(for: transport) ?? .udp
        leadsSomewhere = plan.leadsSomewhere
        // The generation first: what is published in between is then seen at the next look.
        cookieGeneration = plan.surroundings.cookies.generation
        cookies = plan.surroundings.cookies.value
        isCounted = plan.blocks.contains { $0.wayBack.isCounted }
        for block in plan.blocks { open(block) }
        if isCounted {
            droppedCounters = count(zone: MetricsRegistry.droppedZone)
        }
        shortcut = findShortcut()
    }

    private mutating func open(_ block: QueryPlan.Block) {
        let zone = block.zone.description
        var keeper = BlockKeeper(counted: block.wayBack.isCounted ? count(zone: zone) : nil)
        let desk = DeskBlock(
            block, limits: block.options.limits(for: transport), firstStep: steps.count, counters: keeper.counted?.view)
        for (index, step) in block.steps.enumerated() {
            switch step {
            case .zones(let published):
                let table = HeldTable(published)
                keeper.tables.append(tables.count)
                tables.append(table)
                steps.append(.zones(table.table.view))
            case .cache(let cache): steps.append(.cache(CacheView(cache), index))
            default: steps.append(.other(index))
            }
        }
        blocks.append(desk)
        keepers.append(keeper)
    }

    private func count(zone: String) -> BlockCounters {
        plan.surroundings.metrics.counters(
            server: MetricsRegistry.label(ofServer: plan.server), zone: zone, transport: transport,
            isIPv4: plan.server.address.isIPv4)
    }

    /// Takes hold of what was published since the last look, and looks at the clock. Once a batch, before its queries.
    public mutating func refresh() {
        moment = .now
        var index = 0
        var isNew = false
        for step in steps.indices {
            guard case .zones = steps[step] else { continue }
            if tables[index].refresh() {
                steps[step] = .zones(tables[index].table.view)
                isNew = true
            }
            index &+= 1
        }
        if isNew { shortcut = findShortcut() }
        let published = plan.surroundings.cookies
        if published.generation != cookieGeneration {
            cookieGeneration = published.generation
            cookies = published.value
        }
    }

    /// After the queries of a batch were answered: notes how long they took. They count alike.
    public mutating func settle() {
        guard isCounted else { return }
        let elapsed = Moment.now.nanoseconds &- moment.nanoseconds
        for index in blocks.indices { blocks[index].counters?.countBatch(nanoseconds: elapsed) }
    }

    /// First pass over a batch: reads the query; asks no table.
    @inline(__always)
    public func read(_ message: inout MutableRawSpan, byteCount: Int) -> Query {
        Query.read(&message, byteCount: byteCount, seed: seed, isStream: transport == .tcp)
    }

    /// The same, in the place of an older query.
    @inline(__always)
    public func read(_ query: inout Query, from message: inout MutableRawSpan, byteCount: Int) {
        query.read(&message, byteCount: byteCount, seed: seed, isStream: transport == .tcp)
    }

    /// Between the passes over a batch: has the memory come that the answers lie in. Only the first table's: it answers
    /// nearly everything where there are several, and the others would be asked for names that they do not have.
    public mutating func warm(_ queries: Span<Query>, count: Int) {
        guard count >= 4, let table = tables.first else { return }
        warmth &+= table.table.view.warm(queries, count: count)
    }

    /// Answers the query at the front of `message` in its place.
    /// - Parameters:
    ///   - peer: who asked; read only by those who need it.
    ///   - later: where the answer goes if the query must wait; asked for once, and only then.
    /// - Returns: the answer's byte count; 0 when nothing may be sent, or not yet.
    @inline(__always)
    public mutating func answer(
        _ message: inout MutableRawSpan, queryByteCount: Int, peer: () -> SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        let query = read(&message, byteCount: queryByteCount)
        return answer(query, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
    }

    /// Second pass: answers a query that was read before.
    @inlinable
    @inline(__always)
    public mutating func answer(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, peer: () -> SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        let byteCount = answerAtOnce(query, in: &message, queryByteCount: queryByteCount)
        guard byteCount == 0 else { return byteCount }
        return answerAtLength(query, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
    }

    /// The way for everything.
    @inline(never)
    @usableFromInline
    mutating func answerAtLength(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, peer: () -> SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        guard query.isPlain || (query.isOrdinary && !query.hasCookie) else {
            return answerOddity(query, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
        }
        let place = holdsEverything ? 0 : plan.zones.longest(for: query, in: &message)
        guard let block = place, blocks[block].stepCount > 0 else {
            return refuseOutsider(query, in: &message, queryByteCount: queryByteCount)
        }
        guard !blocks[block].isWatched else {
            return answerWatched(query, block, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
        }
        return answerCounted(query, block, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
    }

    /// The ordinary way: the block's steps, its counters, and a line for what failed.
    @inline(__always)
    mutating func answerCounted(
        _ query: Query, _ block: Int, in message: inout MutableRawSpan, queryByteCount: Int,
        peer: () -> SocketAddress?, later: () -> any ReturnAddress
    ) -> Int {
        blocks[block].countQuery(query, byteCount: queryByteCount)
        let limits = blocks[block].limits
        let byteCount = ask(query, block, in: &message, limits: limits, peer: peer, later: later)
        guard byteCount > 0 else { return 0 }
        let code = message.responseCode
        blocks[block].countAnswer(code, answerer, byteCount: byteCount)
        if code == Self.serverFailure { complain(query, block, in: message) }
        return byteCount
    }

    /// RCODE 2 as a header has it.
    private static var serverFailure: UInt8 { 2 }

    /// The way with a line in the log, or with answers that change their shape before they leave.
    @inline(never)
    mutating func answerWatched(
        _ query: Query, _ block: Int, in message: inout MutableRawSpan, queryByteCount: Int,
        peer: () -> SocketAddress?, later: () -> any ReturnAddress
    ) -> Int {
        let asked = LoggedQuery(query, in: message, byteCount: queryByteCount)
        logged = asked
        defer { logged = nil }
        blocks[block].countQuery(query, byteCount: queryByteCount)
        let limits = blocks[block].limits
        let start = Moment.now.nanoseconds
        let whole = ask(query, block, in: &message, limits: limits, peer: peer, later: later)
        guard whole > 0 else { return 0 }
        let byteCount = plan.blocks[block].wayBack.reshape(&message, byteCount: whole)
        let answer = LoggedAnswer(in: message, byteCount: byteCount)
        blocks[block].countAnswer(message.responseCode, answerer, byteCount: byteCount)
        if let peer = peer() {
            plan.log(
                asked, answer, block, from: peer, over: transport,
                taking: .nanoseconds(Moment.now.nanoseconds &- start))
        }
        if answer.code == .serverFailure { complain(query, block, in: message) }
        return byteCount
    }

    @inline(never)
    private func complain(_ query: Query, _ block: Int, in message: borrowing MutableRawSpan) {
        guard plan.blocks[block].wayBack.errors != nil else { return }
        plan.complain(query.name(in: message) ?? .root, query.type, block, reason(for: block))
    }

    /// Why a query of this block failed: for the log.
    private func reason(for block: Int) -> String {
        guard keepers[block].tables.allSatisfy({ tables[$0].table.zones.allSatisfy(\.isReady) }) else {
            return "the catalog has not been loaded yet"
        }
        return answerer == .cache
            ? "the upstreams failed a moment ago"
            : "the name fell through, and no other plugin of this server block answers it"
    }

    /// Hands the query to the block's steps, one after the other, until one does not pass it on.
    @inline(__always)
    mutating func ask(
        _ query: Query, _ block: Int, in message: inout MutableRawSpan, limits: AnswerLimits,
        peer: () -> SocketAddress?, later: () -> any ReturnAddress
    ) -> Int {
        turn &+= 1
        var passage = Outcome.Passage.outside
        let first = blocks[block].firstStep
        for index in first..<(first &+ blocks[block].stepCount) {
            switch steps[index] {
            case .zones(let table):
                let outcome = respond(to: query, in: &message, from: table, limits: limits, turn: turn)
                switch outcome {
                case .answered(let byteCount):
                    answerer = .kubernetes
                    return byteCount
                case .dropped: return 0
                case .passed(let how): passage = how == .fellThrough ? how : passage
                case .leads(let byteCount, let target, let length):
                    answerer = .kubernetes
                    guard leadsSomewhere else { return byteCount }
                    let alias = Alias(byteCount: byteCount, target: target, targetByteCount: length)
                    return follow(alias, of: query, block, in: &message, limits: limits, peer: peer, later: later)
                }
            case .cache(let cache, let step):
                let found = look(in: cache, step, query, block, in: &message, limits: limits)
                if let byteCount = found { return byteCount }
            case .other(let step):
                if let byteCount = take(step, query, block, in: &message, limits: limits, peer: peer, later: later) {
                    return byteCount
                }
            }
        }
        // Nobody here is asked about names outside; a name that was handed on and lost is a failure of the plan.
        answerer = .server
        let code: ResponseCode = passage == .fellThrough ? .serverFailure : .refused
        let explanation: ExtendedError? = code == .refused ? .notAuthoritative : nil
        return refuse(query, as: code, saying: explanation, block, in: &message)
    }
}
