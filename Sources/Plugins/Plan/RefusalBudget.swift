/// How many error answers one worker sends a second: enough for every honest mistake, too few to be somebody's weapon.
struct RefusalBudget {
    static let perSecond = 1000
    private var left = perSecond
    private var windowStart = ContinuousClock.now

    /// False when this second's error answers are used up.
    mutating func take() -> Bool {
        let now = ContinuousClock.now
        if now - windowStart >= .seconds(1) {
            windowStart = now
            left = Self.perSecond
        }
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}
