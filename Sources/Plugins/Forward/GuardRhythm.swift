/// When the loop guard looks: soon after the start, when our own door may not be open yet, then ever less often.
struct GuardRhythm: Equatable {
    /// Ticks between two rounds at the end.
    let longestPause: Int
    private var tick = 0
    private var next = 0
    private var pause = 1

    init(longestPause: Int) {
        precondition(longestPause >= 1, "a guard that never looks")
        self.longestPause = longestPause
    }

    /// Whether this tick begins a round: the first one, the one after it, then after 2, 4, 8… ticks.
    mutating func isDue() -> Bool {
        defer { tick += 1 }
        guard tick == next else { return false }
        next += pause
        pause = min(pause * 2, longestPause)
        return true
    }
}
