/// Says no without asking any table: for malformed queries, other classes, and names that no step answers.
/// - Parameters:
///   - code: what is said to a query in good order. What reading decided stands: a response stays unanswered, and a
///     broken question is not repeated.
///   - explanation: why, for clients that speak EDNS (RFC 8914).
public func refuse(
    _ query: Query, as code: ResponseCode, saying explanation: ExtendedError? = nil, in message: inout MutableRawSpan,
    limits: AnswerLimits = .udp
) -> Outcome {
    var refused = query
    if query.isOrdinary { refused.refuse(code) }
    return refuse(refused, saying: query.isOrdinary ? explanation : nil, in: &message, limits: limits)
}

/// The query's own refusal, decided while it was read; a query for a cookie alone gets it here (RFC 7873 §5.4).
public func refuse(
    _ query: Query, saying explanation: ExtendedError? = nil, in message: inout MutableRawSpan,
    limits: AnswerLimits = .udp
) -> Outcome {
    unsafe message.withUnsafeMutableBytes { raw in
        guard let bytes = unsafe MessageBytes(raw) else { return .dropped }
        return refuse(query, saying: explanation, in: bytes, limits: limits)
    }
}

func refuse(
    _ query: Query, saying explanation: ExtendedError? = nil, in bytes: MessageBytes, limits: AnswerLimits
) -> Outcome {
    switch query.verdict {
    case .dropped: return .dropped
    case .refusedBare: return refuseBare(query, in: bytes)
    case .cookieAlone:
        // Without secrets there is nothing to answer.
        guard query.edns?.options.contains(.answersCookie) == true else { return refuseBare(query, in: bytes) }
        var answer = Answer(to: query, in: bytes, at: Query.headerByteCount, limits: limits, turn: 0)
        let outcome = answer.finish(.noError, authoritative: false)
        bytes.store16(0, at: 4)
        return outcome
    case .ordinary, .refused:
        var answer = Answer(to: query, in: bytes, limits: limits, turn: 0)
        return answer.finish(query.refusal, authoritative: false, saying: explanation)
    }
}

/// A header alone: what stood behind it could not be read.
private func refuseBare(_ query: Query, in bytes: MessageBytes) -> Outcome {
    bytes.store16(bytes.load16(at: 2) & Header.repeated | Header.response | query.refusal.rawValue & 15, at: 2)
    bytes.store64(0, at: 4)
    return .answered(byteCount: Query.headerByteCount)
}
