import DNS
import LinuxIO

extension QueryDesk {
    /// A query with a cookie, one that is no ordinary question, or a message that deserves no answer.
    @inline(never)
    mutating func answerOddity(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, peer: () -> SocketAddress?,
        later: () -> any ReturnAddress
    ) -> Int {
        guard !query.isDropped else { return 0 }
        var query = query
        let isProven = answerCookie(of: &query, peer: peer)
        if query.isOrdinary {
            let place = plan.zones.longest(for: query, in: &message)
            guard let block = place, blocks[block].stepCount > 0 else {
                return refuseOutsider(query, in: &message, queryByteCount: queryByteCount, isProven: isProven)
            }
            return blocks[block].isWatched
                ? answerWatched(query, block, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
                : answerCounted(query, block, in: &message, queryByteCount: queryByteCount, peer: peer, later: later)
        }
        if let byteCount = answerChaos(query, in: &message, queryByteCount: queryByteCount) { return byteCount }
        dropped?.countQuery(type: query.type.rawValue, byteCount: queryByteCount, wantsSignatures: false)
        guard isProven || refusals.take() else { return 0 }
        let isTransfer = query.type == .axfr || query.type == .ixfr
        let byteCount = sent(DNS.refuse(query, saying: isTransfer ? .prohibited : nil, in: &message))
        dropped?.countAnswer(code: Int(message.responseCode), plugin: .server, byteCount: byteCount)
        return byteCount
    }

    /// Makes the cookie of the answer.
    /// - Returns: whether the client's cookie proves that its address is its own.
    private func answerCookie(of query: inout Query, peer: () -> SocketAddress?) -> Bool {
        guard query.hasCookie, let address = peer()?.address else { return false }
        return query.answerCookie(with: cookies, peer: address.words, now: Moment.secondsSince1970) == .valid
    }

    /// Names of the server in class CH, where a block has `chaos`; nil where none has.
    private mutating func answerChaos(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int
    ) -> Int? {
        guard query.isChaos, let block = plan.zones.longest(for: query, in: &message) else { return nil }
        for case .chaos(let answers) in plan.blocks[block].steps {
            guard let outcome = answers.answer(query, in: &message, limits: blocks[block].limits) else { return nil }
            blocks[block].countQuery(query, byteCount: queryByteCount)
            let byteCount = sent(outcome)
            blocks[block].countAnswer(message.responseCode, .chaos, byteCount: byteCount)
            return byteCount
        }
        return nil
    }

    /// No block has this name.
    mutating func refuseOutsider(
        _ query: Query, in message: inout MutableRawSpan, queryByteCount: Int, isProven: Bool = false
    ) -> Int {
        dropped?.countQuery(
            type: query.type.rawValue, byteCount: queryByteCount, wantsSignatures: query.wantsSignatures)
        guard isProven || refusals.take() else { return 0 }
        let byteCount = sent(DNS.refuse(query, as: .refused, saying: .notAuthoritative, in: &message))
        dropped?.countAnswer(code: Int(ResponseCode.refused.rawValue), plugin: .server, byteCount: byteCount)
        return byteCount
    }

    /// An error answer to a query of this block; 0 when this second's are used up.
    mutating func refuse(
        _ query: Query, as code: ResponseCode, saying explanation: ExtendedError? = nil, _ block: Int,
        in message: inout MutableRawSpan
    ) -> Int {
        guard refusals.take() else { return 0 }
        return sent(DNS.refuse(query, as: code, saying: explanation, in: &message, limits: blocks[block].limits))
    }

    func sent(_ outcome: Outcome) -> Int {
        switch outcome {
        case .answered(let byteCount), .leads(let byteCount, _, _): byteCount
        case .dropped, .passed: 0
        }
    }
}

extension MutableRawSpan {
    /// The response code in the header of a finished answer.
    @inline(__always)
    var responseCode: UInt8 { unsafe bytes.unsafeLoad(fromByteOffset: 3, as: UInt8.self) & 15 }
}

extension IPAddress {
    /// In host order; IPv4 in the lower half of `low`.
    var words: (high: UInt64, low: UInt64, isIPv4: Bool) {
        isIPv4 ? (0, UInt64(v4), true) : (v6.high, v6.low, false)
    }
}
