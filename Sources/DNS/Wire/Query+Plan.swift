// What a plan asks of a query besides its answer.

extension Query {
    /// Octets of the header and the question: what an answer begins with.
    public var beginningByteCount: Int { questionEnd }

    /// Room that every message needs at least for its answer over UDP.
    public static var leastRoom: Int { smallestRoom }

    /// The client sent a cookie, which `answerCookie` has not seen.
    @inline(__always)
    public var hasCookie: Bool {
        guard let options = edns?.options else { return false }
        return options.contains(.cookie)
    }
}
