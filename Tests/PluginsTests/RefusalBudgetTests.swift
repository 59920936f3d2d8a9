import Testing

@testable import Plugins

/// Error answers are no weapon: a worker sends a thousand a second.
@Suite struct RefusalBudgetTests {
    @Test func aThousandASecond() {
        var budget = RefusalBudget()
        let start = ContinuousClock.now
        let granted = (0..<5000).count { _ in budget.take() }
        // However slow the machine: each second that began allows one thousand more.
        let seconds = Int((ContinuousClock.now - start).components.seconds) + 1
        #expect(granted >= 1000 && granted <= min(5000, 1000 * (seconds + 1)))
        #expect(seconds > 3 || granted < 5000)
    }
}
