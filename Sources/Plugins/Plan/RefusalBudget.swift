/// How many error answers one worker sends a second: enough for every honest mistake, too few to be somebody's weapon.
struct RefusalBudget {
    static let perSecond = 1000
    private var left = perSecond
    private var windowStart = ContinuousClock.now

    /// False when this second's error answers are used up. The clock is read only then.
    mutating func take() -> Bool {
        if left == 0 {
            let now = ContinuousClock.now
            guard now - windowStart >= .seconds(1) else { return false }
            windowStart = now
            left = Self.perSecond
        }
        left -= 1
        return true
    }
}
