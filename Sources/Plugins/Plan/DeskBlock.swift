import DNS

/// What the query path knows of a server block: no references, so that a look at it counts none.
struct DeskBlock {
    let firstStep: Int
    let stepCount: Int
    let limits: AnswerLimits
    /// Something is to be done with the answers of this block besides counting and sending them.
    let isWatched: Bool
    let counters: CounterView?

    init(_ block: QueryPlan.Block, limits: AnswerLimits, firstStep: Int, counters: CounterView?) {
        self.firstStep = firstStep
        self.limits = limits
        self.counters = counters
        stepCount = block.steps.count
        isWatched = !block.wayBack.logs.isEmpty || block.wayBack.reshapes
    }

    @inline(__always)
    func countQuery(_ query: Query, byteCount: Int) {
        counters?.countQuery(
            type: query.type.rawValue, byteCount: byteCount, wantsSignatures: query.wantsSignatures)
    }

    @inline(__always)
    func countAnswer(_ code: UInt8, _ answerer: PluginIndex, byteCount: Int) {
        counters?.countAnswer(code: Int(code), plugin: answerer, byteCount: byteCount)
    }
}

/// What a server block needs besides: asked on slow ways only.
struct BlockKeeper {
    /// Holds what the block's `counters` points to.
    let counted: BlockCounters?
    /// The tables of its steps.
    var tables: [Int] = []
}

/// What the query path knows of a step.
enum DeskStep {
    case zones(TableView)
    case cache(CacheView, Int)
    /// The index among the block's own steps.
    case other(Int)
}

/// A table, and of which generation it is.
struct HeldTable {
    private let published: Published<AnswerTable>
    private var generation: UInt64
    private(set) var table: AnswerTable

    init(_ published: Published<AnswerTable>) {
        self.published = published
        // The generation first: a table that is published in between is then seen at the next look.
        generation = published.generation
        table = published.value
    }

    /// True when there was a newer one.
    mutating func refresh() -> Bool {
        let newest = published.generation
        guard newest != generation else { return false }
        generation = newest
        table = published.value
        return true
    }
}
