import DNS
import SourceText
import Testing

@testable import Plugins

@Suite struct AttemptPlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var order = [0, 1]
        var limit: UInt32 = 0
        let events: [AttemptPlan.Event]
        /// The first is that of the beginning.
        let steps: [AttemptPlan.Step]
    }

    static func refused(_ upstream: Int) -> AttemptPlan.Event { .failed(upstream: upstream, reason: "refused") }
    static func silent(_ upstream: Int) -> AttemptPlan.Event { .silent(upstream: upstream, reason: "silent") }

    static let cases = [
        Case(
            testDescription: "a fault leads on at once, and is not repeated", events: [refused(0), refused(1)],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .giveUp(upstream: 1, reason: "refused")]),
        Case(
            testDescription: "beside a silent one the next is asked, then each again",
            events: [.slow, .slow, .slow, .slow],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .ask(upstream: 0), .ask(upstream: 1), .wait]),
        Case(
            testDescription: "alone, it is asked twice", order: [3], events: [.slow, silent(3), silent(3)],
            steps: [.ask(upstream: 3), .ask(upstream: 3), .wait, .giveUp(upstream: 3, reason: "silent")]),
        Case(
            testDescription: "all say SERVFAIL: the last one counts",
            events: [.unhappy(upstream: 0), .unhappy(upstream: 1)],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .giveKept]),
        Case(
            testDescription: "SERVFAIL beside silence waits, and is better than nothing",
            events: [.slow, .unhappy(upstream: 1), silent(0), silent(0)],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .ask(upstream: 0), .wait, .giveKept]),
        Case(
            testDescription: "no more than the limit", limit: 1, events: [.slow, refused(0)],
            steps: [.ask(upstream: 0), .wait, .giveUp(upstream: 0, reason: "refused")]),
        Case(
            testDescription: "what made room is not waited for", events: [.slow, .dropped, refused(1), refused(0)],
            steps: [
                .ask(upstream: 0), .ask(upstream: 1), .wait, .ask(upstream: 0), .giveUp(upstream: 0, reason: "refused"),
            ]),
        Case(
            testDescription: "no socket for anybody", events: [.noRoom(upstream: 0), .noRoom(upstream: 1)],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .giveUpWithoutRoom]),
        Case(
            testDescription: "no socket for one: the next is asked, and is to blame",
            events: [.noRoom(upstream: 0), refused(1)],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .giveUp(upstream: 1, reason: "refused")]),
        Case(
            testDescription: "no socket beside one that is listened to",
            events: [.slow, .noRoom(upstream: 1), silent(0), .slow, refused(1), silent(0)],
            steps: [
                .ask(upstream: 0), .ask(upstream: 1), .wait, .ask(upstream: 0), .ask(upstream: 1), .wait,
                .giveUp(upstream: 0, reason: "silent"),
            ]),
        Case(
            testDescription: "no socket after SERVFAIL: that is given",
            events: [.unhappy(upstream: 0), .noRoom(upstream: 1)],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .giveKept]),
        Case(
            testDescription: "at the end what was kept is given", events: [.unhappy(upstream: 0), .expired],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .giveKept]),
        Case(
            testDescription: "the end comes whatever is open", events: [silent(0), .expired],
            steps: [.ask(upstream: 0), .ask(upstream: 1), .giveUp(upstream: 0, reason: "silent")]),
    ]

    @Test(arguments: cases) func leads(_ c: Case) {
        var plan = AttemptPlan(order: c.order, limit: c.limit)
        var steps = [plan.begin()]
        for event in c.events { steps.append(plan.next(event)) }
        #expect(steps == c.steps)
    }

    @Test func anAnswerThatIsKeptEndsBetterThanNothing() {
        var plan = AttemptPlan(order: [0], limit: 1)
        _ = plan.begin()
        plan.keep()
        #expect(plan.next(.failed(upstream: 0, reason: "refused")) == .giveKept)
    }
}

@Suite struct UpstreamHealthTests {
    @Test func faultsOfQueriesAloneTakeNothingDown() {
        var health = UpstreamHealth(limit: 2)
        #expect(health.failed() == .probe(number: 1))
        for _ in 0..<10 { #expect(health.failed() == .none) }
        #expect(!health.isDown)
        #expect(health.probeFailed(reason: "silent") == .wentDown(reason: "silent"))
        #expect(health.probeFailed(reason: "silent") == .none)
        #expect(health.isDown)
    }

    @Test func anAnswerMendsAndEndsTheProbing() {
        var health = UpstreamHealth(limit: 1)
        #expect(health.failed() == .probe(number: 1))
        #expect(health.answered() == .none)
        #expect(health.probing == nil)
        #expect(health.failed() == .probe(number: 2))
        #expect(health.probeFailed(reason: "refused") == .wentDown(reason: "refused"))
        #expect(health.answered() == .cameUp)
        #expect(!health.isDown)
    }

    @Test func withoutALimitNothingIsProbed() {
        var health = UpstreamHealth(limit: 0)
        #expect(health.failed() == .none)
        #expect(health.probeFailed(reason: "silent") == .none)
        #expect(!health.isDown)
    }
}

@Suite struct LoopGuardTests {
    static let tags = (0..<9).map { LoopTag(high: UInt64($0), low: 0xfedc_ba98_7654_3210) }

    @Test func aTagIsReadBackInAnyCase() throws {
        let tag = LoopTag(high: 0xabc, low: .max)
        let zone = try #require(Name("example.org."))
        let name = try #require(tag.name(in: zone))
        #expect(name.description == "0000000000000abc.ffffffffffffffff.example.org.")
        let spelt = try #require(Name("0000000000000ABC.FFFFFFFFFFFFFFFF."))
        #expect(LoopTag(spelt) == tag)
    }

    @Test(arguments: [
        "www.example.org.", ".", "0000000000000abc.", "0000000000000abc.ffffffffffffffxx.",
        "+000000000000abc.ffffffffffffffff.",
    ])
    func otherNamesHaveNone(_ text: String) throws {
        let name = try #require(Name(text))
        #expect(LoopTag(name) == nil)
    }

    @Test func twoQuietRoundsRestore() {
        var loopGuard = LoopGuard()
        #expect(loopGuard.begin(Self.tags[0]) == .none)
        #expect(loopGuard.seen(Self.tags[7]) == nil)
        #expect(loopGuard.seen(Self.tags[0]) == .cut)
        #expect(loopGuard.seen(Self.tags[0]) == LoopGuard.Change.none)
        #expect(loopGuard.begin(Self.tags[1]) == .none)
        #expect(loopGuard.begin(Self.tags[2]) == .none)
        #expect(loopGuard.seen(Self.tags[1]) == LoopGuard.Change.none, "a late one counts too")
        #expect(loopGuard.begin(Self.tags[3]) == .none)
        #expect(loopGuard.begin(Self.tags[4]) == .none)
        #expect(loopGuard.isCut)
        #expect(loopGuard.begin(Self.tags[5]) == .restored)
        #expect(!loopGuard.isCut)
    }
}
