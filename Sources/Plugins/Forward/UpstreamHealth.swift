/// Whether one upstream is worth asking, judged by what happens anyway and by probes after a fault. Knows no socket.
///
/// Faults of ordinary queries alone never take it down: the last fault before that is a probe's. So a name that no
/// resolver can resolve harms nobody but those who ask for it.
struct UpstreamHealth: Equatable {
    enum Change: Equatable {
        case none
        /// Probe it now, and again until it answers or the number is no longer `probing`.
        case probe(number: UInt64)
        case wentDown(reason: String)
        case cameUp
    }

    /// Faults in a row that mean down; 0: never.
    let limit: UInt32
    private(set) var faultCount: UInt32 = 0
    /// The number of the probing that goes on.
    private(set) var probing: UInt64?
    private var probingCount: UInt64 = 0

    init(limit: UInt32) { self.limit = limit }

    var isDown: Bool { limit > 0 && faultCount >= limit }

    /// Any answer but SERVFAIL, to whatever question.
    mutating func answered() -> Change {
        let wasDown = isDown
        faultCount = 0
        probing = nil
        return wasDown ? .cameUp : .none
    }

    /// An ordinary query found no answer.
    mutating func failed() -> Change {
        guard limit > 0 else { return .none }
        faultCount = max(faultCount, min(faultCount + 1, limit - 1))
        guard probing == nil else { return .none }
        probingCount += 1
        probing = probingCount
        return .probe(number: probingCount)
    }

    mutating func probeFailed(reason: String) -> Change {
        guard limit > 0, !isDown else { return .none }
        faultCount += 1
        return isDown ? .wentDown(reason: reason) : .none
    }
}
