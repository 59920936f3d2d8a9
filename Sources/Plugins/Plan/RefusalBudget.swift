import LinuxIO

/// How many error answers one worker sends a second: enough for every honest mistake, too few to be somebody's weapon.
struct RefusalBudget {
    static let perSecond = 1000
    private var left = perSecond
    /// Nanoseconds of the monotonic clock. Not an `Instant`: a type whose size is the library's business makes all fields
    /// behind it in the desk be looked for at run time.
    private var windowStart = Moment.now.nanoseconds

    /// False when this second's error answers are used up.
    mutating func take() -> Bool {
        let now = Moment.now.nanoseconds
        if now &- windowStart >= 1_000_000_000 {
            windowStart = now
            left = Self.perSecond
        }
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}
