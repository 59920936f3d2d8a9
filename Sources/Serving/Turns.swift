/// Lets the long steps of an actor go one after the other, in the order in which they were asked for.
struct Turns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Returns: false if the turn is ours at once.
    mutating func mustWait() -> Bool {
        defer { isTaken = true }
        return isTaken
    }

    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) { waiting.append(continuation) }

    mutating func pass() {
        guard !waiting.isEmpty else {
            isTaken = false
            return
        }
        waiting.removeFirst().resume()
    }
}
