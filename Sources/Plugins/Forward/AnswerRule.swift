import DNS

/// What the options `failover`, `next` and `next_on_nodata` make of an answer.
struct AnswerRule {
    let failover: [ResponseCode]
    let next: [ResponseCode]
    let nextOnNoData: Bool

    init(_ settings: ForwardSettings) {
        failover = settings.failoverCodes
        next = settings.nextCodes
        nextOnNoData = settings.nextOnNoData
    }

    /// Another upstream may know better: always after SERVFAIL, which says something about the upstream only.
    func wantsAnother(after response: Response) -> Bool {
        response.code == .serverFailure || failover.contains(response.code)
    }

    /// The next `forward` of the block is asked.
    func leadsOn(_ response: Response) -> Bool {
        next.contains(response.code) || (nextOnNoData && response.code == .noError && response.answerCount == 0)
    }
}
