public import DNS
import LinuxIO

/// A line of `forward` at work: which names it takes, and who asks for them.
public final class PlannedForward: Sendable {
    var forwarder: Forwarder { lease.forwarder }
    private let lease: ForwarderLease
    private let from: [Name]
    private let except: [Name]

    public init(_ settings: ForwardSettings, _ lease: ForwarderLease) {
        self.lease = lease
        from = settings.from.compactMap { Name($0) }
        except = settings.except.compactMap { Name($0) }
    }

    func holds(_ name: Name) -> Bool {
        from.contains { name.isWithin($0) } && !except.contains { name.isWithin($0) }
    }
}

/// A `cache` at work: below which names it keeps answers.
public final class PlannedCache: Sendable {
    let answers: AnswerCache
    private let zones: ZoneList?
    private let names: [Name]
    /// An answer past its end is better than none.
    let servesStale: Bool

    public init(_ settings: CacheSettings, _ answers: AnswerCache) {
        self.answers = answers
        names = settings.zones.compactMap { Name($0) }
        zones = names.isEmpty ? nil : ZoneList(names)
        servesStale = settings.stale != nil
    }

    func holds(_ query: Query, in message: inout MutableRawSpan) -> Bool {
        zones.map { $0.longest(for: query, in: &message) != nil } ?? true
    }

    @inline(__always)
    func answer(
        _ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits, turn: UInt32, now: UInt64
    ) -> CacheOutcome {
        guard holds(query, in: &message) else { return .miss }
        return answers.answer(query, in: &message, limits: limits, turn: turn, now: now)
    }

    func holds(_ name: Name) -> Bool { names.isEmpty || names.contains { name.isWithin($0) } }

    /// Keeps what came of a question, a failure too: what nobody could answer is not asked again at once (RFC 9520 §3.1).
    func keep(_ result: ForwardResult, for question: Question) {
        switch result {
        case .answered(let response, _): keep(response)
        case .failed(.unreachable): keep(Response(failure: .serverFailure, to: question))
        // Another `forward` has the last word.
        case .next, .failed: break
        }
    }

    func keep(_ response: Response) {
        answers.keep(
            response, for: response.question, now: Moment.now.milliseconds, date: Moment.secondsSince1970)
    }

    /// How the TTLs of an answer are shown to the one who asked first: as the next ones will see them.
    func ttl(of response: Response) -> TTLRule { answers.ttl(of: response, date: Moment.secondsSince1970) }
}

extension QueryPlan {
    /// The first `forward` of a block behind a step that takes the name.
    func forward(for name: Name, _ block: Int, behind step: Int) -> (step: Int, forward: PlannedForward)? {
        for (index, candidate) in blocks[block].steps.enumerated().dropFirst(step + 1) {
            if case .forward(let forward) = candidate, forward.holds(name) { return (index, forward) }
        }
        return nil
    }

    /// The cache of a block, which stands in front of its `forward`.
    func cache(of block: Int) -> PlannedCache? {
        for case .cache(let cache) in blocks[block].steps { return cache }
        return nil
    }

    /// Asks for an answer again that many clients want, before it is too old for them.
    @inline(never)
    func refresh(_ question: Question, _ block: Int, behind step: Int) {
        guard let cache = cache(of: block), let (step, forward) = forward(for: question.name, block, behind: step)
        else { return }
        forward.forwarder.refresh(question) { [self] result in
            switch result {
            case .answered(let response, _): cache.keep(response)
            case .next(let response, _):
                guard self.forward(for: question.name, block, behind: step) != nil else { return cache.keep(response) }
                refresh(question, block, behind: step)
            case .failed: break
            }
        }
    }
}
