/// How the TTLs of an answer are shown.
public struct TTLRule: Sendable, Equatable {
    /// Seconds that have passed since it was fresh.
    public var age: UInt32 = 0
    /// TTLs below are raised, TTLs above are lowered, before the age counts.
    public var floor: UInt32 = 0
    public var ceiling: UInt32 = .max

    public init(age: UInt32 = 0, floor: UInt32 = 0, ceiling: UInt32 = .max) {
        self.age = age
        self.floor = floor
        self.ceiling = ceiling
    }

    /// As the upstream said.
    public static let unchanged = TTLRule()

    @inline(__always)
    func shown(_ ttl: UInt32) -> UInt32 {
        let bounded = min(max(ttl, floor), ceiling)
        return bounded > age ? bounded &- age : 0
    }
}

/// Hands an upstream's answer to a client: in the place of the query, behind the client's own question.
///
/// RA is set; AD only for a client that set AD or DO (RFC 6840 §5.8); RD and CD come back as the client sent them. What
/// does not fit goes as whole records from the end: additional ones without a word, others with TC (RFC 2181 §9).
/// A code of the hop between us and the upstream (BADVERS and above) is a SERVFAIL to the client.
/// - Parameters:
///   - query: what `Query.read` found in this message, for the question that the response answers.
///   - turn: which address of a set comes first.
///   - isAuthoritative: the AA bit; nil hands on the upstream's.
public func render(
    _ response: Response, to query: Query, in message: inout MutableRawSpan, limits: AnswerLimits, turn: UInt32,
    ttl: TTLRule = .unchanged, isAuthoritative: Bool? = nil, saying explanation: ExtendedError? = nil
) -> Outcome {
    let outcome = unsafe message.withUnsafeMutableBytes { raw -> Outcome? in
        guard let bytes = unsafe MessageBytes(raw) else { return nil }
        return response.withReply { reply in
            render(
                reply, to: query, in: bytes, limits: limits, turn: turn, ttl: ttl,
                isAuthoritative: isAuthoritative ?? response.isAuthoritative, saying: explanation)
        }
    }
    return outcome ?? .dropped
}

/// The same for a reply wherever it lies. No allocation.
func render(
    _ reply: PackedReply, to query: Query, in bytes: MessageBytes, limits: AnswerLimits, turn: UInt32, ttl: TTLRule,
    isAuthoritative: Bool, saying explanation: ExtendedError?
) -> Outcome {
    precondition(reply.nameByteCount == query.nameByteCount && reply.type == query.type)
    let asked = bytes.load16(at: 2)
    var answer = Answer(to: query, in: bytes, limits: limits, turn: turn)
    let start = answer.end
    let needsAuthority = reply.kind != .success || query.wantsSignatures
    let fitting = reply.fitting(answer.limit - start, needsAuthority: needsAuthority)
    reply.copyBody(byteCount: fitting.byteCount, to: bytes, at: start)
    if ttl != .unchanged {
        for index in 0..<fitting.recordCount {
            let place = reply.place(ofRecord: index)
            bytes.store32(ttl.shown(reply.ttl(atPlace: place)), at: start &+ place &+ 4)
        }
    }
    for index in 0..<reply.runCount { reply.rotate(reply.run(index), by: turn, fitting, in: bytes, start: start) }
    answer.adopt(fitting, isCut: fitting.isCut || reply.flags & Header.truncated != 0)
    let code = reply.code.rawValue > 15 ? ResponseCode.serverFailure : reply.code
    let outcome = answer.finish(code, authoritative: isAuthoritative, saying: explanation)
    var flags = bytes.load16(at: 2) | Header.recursionAvailable
    let showsAuthenticated = asked & Header.authenticated != 0 || query.wantsSignatures
    if showsAuthenticated { flags |= reply.flags & Header.authenticated }
    bytes.store16(flags, at: 2)
    return outcome
}

/// How much of a reply goes into a message.
struct FittingRecords {
    var byteCount = 0
    var answerCount = 0
    var authorityCount = 0
    var additionalCount = 0
    /// More than additional records are missing.
    var isCut = false

    var recordCount: Int { answerCount &+ authorityCount &+ additionalCount }
}

extension PackedReply {
    /// Whole records from the front, in at most `room` octets.
    @inline(__always)
    fileprivate func fitting(_ room: Int, needsAuthority: Bool) -> FittingRecords {
        guard bodyByteCount > room else {
            return FittingRecords(
                byteCount: bodyByteCount, answerCount: answerCount, authorityCount: authorityCount,
                additionalCount: additionalCount)
        }
        return cut(to: room, needsAuthority: needsAuthority)
    }

    private func cut(to room: Int, needsAuthority: Bool) -> FittingRecords {
        var kept = FittingRecords()
        for index in 0..<recordCount {
            let end = end(ofRecord: index)
            guard end <= room else {
                kept.isCut = index < answerCount || (needsAuthority && index < answerCount + authorityCount)
                break
            }
            kept.byteCount = end
            if index < answerCount {
                kept.answerCount += 1
            } else if index < answerCount + authorityCount {
                kept.authorityCount += 1
            } else {
                kept.additionalCount += 1
            }
        }
        return kept
    }

    /// Writes the addresses of a run in their turn: only the data moves, so owners and pointers stay.
    @inline(__always)
    fileprivate func rotate(
        _ run: (first: Int, count: Int), by turn: UInt32, _ fitting: FittingRecords, in bytes: MessageBytes, start: Int
    ) {
        let shift = Int(turn % UInt32(truncatingIfNeeded: run.count))
        guard shift > 0 else { return }
        for index in 0..<max(0, min(run.count, fitting.answerCount &- run.first)) {
            let target = place(ofRecord: run.first &+ index) &+ 10
            let other = index &+ shift
            let source = place(ofRecord: run.first &+ (other < run.count ? other : other &- run.count)) &+ 10
            let length = end(ofRecord: run.first &+ index) &- target
            copyBody(from: source, byteCount: length, to: bytes, at: start &+ target)
        }
    }
}
