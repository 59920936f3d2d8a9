import DNS
import LinuxIO
import NIOCore
import Synchronization

/// How the upstreams of one `forward` stand. All its event loops, and the workers that meet a query of the loop
/// guard, share it; the lock is held for a few comparisons.
final class UpstreamBoard: Sendable {
    private struct Standing {
        var health: UpstreamHealth
        var loopGuard = LoopGuard()
        /// When the upstream was last found not to understand OPT records.
        var plainSince: NIODeadline?
    }

    private struct State {
        var standings: [Standing]
        var turn = 0
        var allWereDown = false
    }

    /// Whom to ask, in this order, or why nobody.
    enum Choice: Equatable {
        case ask([Int])
        /// All are down: asked all the same, in any order.
        case askAnyway([Int])
        case nobody(ForwardFailure)
    }

    private let settings: ForwardSettings
    let names: [String]
    private let log: @Sendable (ForwardNotice) -> Void
    private let state: Mutex<State>

    init(_ settings: ForwardSettings, log: @escaping @Sendable (ForwardNotice) -> Void) {
        self.settings = settings
        self.log = log
        names = settings.upstreams.map(\.address.description)
        let fresh = Standing(health: UpstreamHealth(limit: settings.maxFails))
        state = Mutex(State(standings: settings.upstreams.map { _ in fresh }))
    }

    /// - Parameter random: decides the order where chance does.
    func choose(random: UInt64) -> Choice {
        state.withLock { state in
            let usable = state.standings.indices.filter { !state.standings[$0].loopGuard.isCut }
            guard !usable.isEmpty else { return .nobody(.loop(upstream: names[0])) }
            let healthy = usable.filter { !state.standings[$0].health.isDown }
            guard !healthy.isEmpty else {
                return settings.failsFast ? .nobody(.noneHealthy) : .askAnyway(shuffled(usable, by: random))
            }
            switch settings.policy {
            case .sequential: return .ask(healthy)
            case .random: return .ask(shuffled(healthy, by: random))
            case .roundRobin:
                state.turn = (state.turn + 1) % state.standings.count
                let start = state.turn % healthy.count
                return .ask(Array(healthy[start...] + healthy[..<start]))
            }
        }
    }
}

/// Each order is as likely as any other, but for a share that 2⁶⁴ makes negligible for fifteen.
private func shuffled(_ upstreams: [Int], by random: UInt64) -> [Int] {
    var order = upstreams
    var rest = random
    for index in stride(from: order.count - 1, to: 0, by: -1) {
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt64(index + 1))
        order.swapAt(index, Int(remainder))
        rest = quotient
    }
    return order
}

// MARK: - Health

extension UpstreamBoard {
    /// An answer other than SERVFAIL.
    func answered(_ upstream: Int) {
        update(upstream) { $0.answered() }
    }

    /// - Returns: the number of the probing to begin; nil when one goes on, or none is wanted.
    func failed(_ upstream: Int) -> UInt64? {
        guard case .probe(let number) = update(upstream, { $0.failed() }) else { return nil }
        return number
    }

    func probeFailed(_ upstream: Int, reason: String) {
        update(upstream) { $0.probeFailed(reason: reason) }
    }

    /// Whether probing goes on.
    func isProbing(_ upstream: Int, number: UInt64) -> Bool {
        state.withLock { $0.standings[upstream].health.probing == number }
    }

    @discardableResult
    private func update(
        _ upstream: Int, _ event: (inout UpstreamHealth) -> UpstreamHealth.Change
    ) -> UpstreamHealth.Change {
        let (change, allDown) = state.withLock { state in
            let change = event(&state.standings[upstream].health)
            let areAllDown = state.standings.allSatisfy(\.health.isDown)
            defer { state.allWereDown = areAllDown }
            return (change, areAllDown && !state.allWereDown)
        }
        switch change {
        case .wentDown(let reason): log(.down(upstream: names[upstream], reason: reason))
        case .cameUp: log(.up(upstream: names[upstream]))
        case .none, .probe: break
        }
        if allDown { log(.allDown) }
        return change
    }
}

// MARK: - EDNS

extension UpstreamBoard {
    /// How long an upstream is taken at its word: somebody may renew its software.
    private static let plainTime = TimeAmount.hours(1)

    /// It refused a question with an OPT record, and answered it without one (RFC 6891 §7).
    func lacksEDNS(_ upstream: Int, since now: NIODeadline) {
        state.withLock { $0.standings[upstream].plainSince = now }
    }

    /// Whether it is asked without an OPT record, so that not every question goes out twice.
    func isPlain(_ upstream: Int, now: NIODeadline) -> Bool {
        state.withLock { state in
            guard let since = state.standings[upstream].plainSince else { return false }
            return now - since < Self.plainTime
        }
    }
}

// MARK: - Loop guard

extension UpstreamBoard {
    /// A new round of the guard.
    ///
    /// - Returns: the tag to send to each upstream.
    func beginGuardRound() -> [LoopTag] {
        var generator = SystemRandomNumberGenerator()
        let tags = names.map { _ in LoopTag.random(using: &generator) }
        let restored = state.withLock { state in
            tags.indices.filter { state.standings[$0].loopGuard.begin(tags[$0]) == .restored }
        }
        for upstream in restored { log(.loopEnded(upstream: names[upstream])) }
        return tags
    }

    /// Not even probed: the probe would come to us.
    func isCut(_ upstream: Int) -> Bool { state.withLock { $0.standings[upstream].loopGuard.isCut } }

    /// Whether a tag seen at our own door is of this guard; its upstream is cut then.
    func seen(_ tag: LoopTag) -> Bool {
        let found = state.withLock { state -> (upstream: Int, change: LoopGuard.Change)? in
            for upstream in state.standings.indices {
                if let change = state.standings[upstream].loopGuard.seen(tag) { return (upstream, change) }
            }
            return nil
        }
        guard let found else { return false }
        if found.change == .cut {
            log(.loop(upstream: names[found.upstream], at: settings.upstreams[found.upstream].location))
        }
        return true
    }
}
