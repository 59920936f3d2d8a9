/// Every way in which answering can end.
public enum Outcome: Equatable, Sendable {
    /// The first `byteCount` octets of the message are the answer.
    case answered(byteCount: Int)
    /// Nothing may be sent.
    case dropped
    /// Not ours: the plan's next step decides. The message is untouched.
    case passed(Passage)

    public enum Passage: Sendable {
        /// The name lies in none of the table's zones.
        case outside
        /// The zone does not have the name, and `fallthrough` hands it on.
        case fellThrough
    }
}
