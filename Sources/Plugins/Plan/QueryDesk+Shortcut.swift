public import DNS

/// The short way through a plan, which nearly all plans of a cluster have: one block holds every name, the first that it
/// asks is a table that was loaded, and nobody wants to see or change the answers.
struct Shortcut {
    let table: TableView
    let counters: CounterView?
}

extension QueryDesk {
    func findShortcut() -> Shortcut? {
        guard holdsEverything, let block = blocks.first, block.stepCount > 0, !block.isWatched else { return nil }
        guard case .zones(let table) = steps[block.firstStep], let held = tables.first else { return nil }
        // The long way tells the log why it fails.
        guard held.table.zones.allSatisfy(\.isReady) else { return nil }
        return Shortcut(table: table, counters: block.counters)
    }

    /// Answers a plain query of a name that the first table knows, or knows not to exist. It saves the walk over blocks
    /// and steps, 110 instructions of 1,000 a query.
    /// - Returns: the answer's byte count; 0 when the query must go the long way.
    @usableFromInline
    mutating func answerAtOnce(_ query: Query, in message: inout MutableRawSpan, queryByteCount: Int) -> Int {
        guard query.isPlain, let table = shortcut?.table else { return 0 }
        // The long way counts for itself.
        let next = turn &+ 1
        let outcome = respond(to: query, in: &message, from: table, limits: shortcutLimits, turn: next)
        let byteCount: Int
        switch outcome {
        case .answered(let count): byteCount = count
        case .leads(let count, _, _) where !leadsSomewhere: byteCount = count
        default: return 0
        }
        turn = next
        answerer = .kubernetes
        guard let counters = shortcut?.counters else { return byteCount }
        counters.countQuery(
            type: query.type.rawValue, byteCount: queryByteCount, wantsSignatures: query.wantsSignatures)
        counters.countAnswer(code: Int(message.responseCode), plugin: .kubernetes, byteCount: byteCount)
        return byteCount
    }
}
