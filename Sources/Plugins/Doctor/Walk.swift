/// Where a word stands on the way of a query.
enum Station: Hashable {
    /// May answer it; the number says when its turn comes.
    case answers(Int)
    /// Sees what was answered.
    case wayBack
    /// Decides how the server works, not what it answers.
    case beside

    /// The words that may answer, in the order in which a query meets them, whatever the Corefile's order. `PlanMaker`
    /// builds by the same.
    static let answering = ["local", "any", "chaos", "kubernetes", "cache", "forward", "whoami"]

    private static let returning: Set = ["prometheus", "errors", "log", "loadbalance", "minimal", "nsid", "bufsize"]

    init(of word: String) {
        if let turn = Self.answering.firstIndex(of: word) {
            self = .answers(turn)
        } else {
            self = Self.returning.contains(word) ? .wayBack : .beside
        }
    }
}
