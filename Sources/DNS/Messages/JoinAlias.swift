/// Joins an answer of ours that ends in a CNAME with what was found for its target: a stub resolver fails on a CNAME that
/// stands alone.
///
/// The message becomes one answer: our CNAMEs, the response's answer, its authority when it denies (RFC 2308 §2.1), and
/// the code of the last step (RFC 6604 §3). Names are written anew, so that every pointer is right in its new place. When
/// the target could not be resolved (SERVFAIL, REFUSED, …) the CNAMEs stay alone, with NOERROR.
/// - Parameters:
///   - query: what the client asked, read from this message.
///   - byteCount: octets of the answer of ours, which lies in front; its last CNAME has an uncompressed target.
///   - response: what was found for that target.
/// - Returns: always `.answered`.
public func joinAlias(
    _ query: Query, in message: inout MutableRawSpan, byteCount: Int, with response: Response, limits: AnswerLimits,
    ttl: TTLRule = .unchanged, saying explanation: ExtendedError? = nil
) -> Outcome {
    let outcome = unsafe message.withUnsafeMutableBytes { raw -> Outcome?? in
        guard let bytes = unsafe MessageBytes(raw) else { return nil }
        return response.withReply { reply -> Outcome? in
            var walk = FinishedRecords(bytes, byteCount: byteCount)
            guard let target = walk.lastAlias(), bytes.isLiteral(reply.name, at: target) else { return nil }
            let answer = Answer(to: query, in: bytes, at: walk.at, limits: limits, turn: 0)
            return join(answer, walk.answerCount, reply, response, targetAt: target, ttl: ttl, saying: explanation)
        }
    }
    return (outcome ?? nil) ?? .answered(byteCount: byteCount)
}

private func join(
    _ begun: Answer, _ aliasCount: Int, _ reply: PackedReply, _ response: Response, targetAt: Int, ttl: TTLRule,
    saying explanation: ExtendedError?
) -> Outcome? {
    var answer = begun
    let isResolved = response.code == .noError || response.code == .nameError
    guard isResolved || explanation != nil else { return nil }
    let flags = answer.bytes.load16(at: 2)
    var join = AliasJoin(answer, reply, targetAt: targetAt, ttl: ttl, answerCount: aliasCount)
    if isResolved { join.copy(needsAuthority: reply.kind != .success || response.question.wantsSignatures) }
    join.done.byteCount = join.end - answer.end
    answer.adopt(join.done, isCut: join.done.isCut || (isResolved && response.isTruncated))
    let outcome = answer.finish(
        isResolved ? response.code : .noError, authoritative: flags & Header.authoritative != 0, saying: explanation)
    let available = reply.flags & Header.recursionAvailable
    answer.bytes.store16(answer.bytes.load16(at: 2) | available, at: 2)
    return outcome
}

/// Writes the records of a reply behind the aliases that lead to it.
private struct AliasJoin {
    private let bytes: MessageBytes
    private let reply: PackedReply
    /// Where the reply's question lies in this message: at the end of the last alias.
    private let targetAt: Int
    private let ttl: TTLRule
    private let limit: Int
    private(set) var end: Int
    var done = FittingRecords()
    /// Labels of the reply that lie in this message too: where there, where here.
    private var known = InlineArray<64, (there: UInt16, here: UInt16)>(repeating: (0, 0))
    private var knownCount = 0

    init(_ answer: Answer, _ reply: PackedReply, targetAt: Int, ttl: TTLRule, answerCount: Int) {
        bytes = answer.bytes
        limit = answer.limit
        end = answer.end
        self.reply = reply
        self.targetAt = targetAt
        self.ttl = ttl
        done.answerCount = answerCount
    }

    /// Whole records, as many as fit.
    mutating func copy(needsAuthority: Bool) {
        for index in 0..<reply.answerCount {
            guard copy(recordAt: index) else {
                done.isCut = true
                return
            }
            done.answerCount += 1
        }
        guard needsAuthority else { return }
        for index in 0..<reply.authorityCount {
            guard copy(recordAt: reply.answerCount + index) else {
                done.isCut = true
                return
            }
            done.authorityCount += 1
        }
    }

    private mutating func copy(recordAt index: Int) -> Bool {
        let before = (end, knownCount)
        if write(recordAt: index) { return true }
        (end, knownCount) = before
        return false
    }

    private mutating func write(recordAt index: Int) -> Bool {
        let owner = index == 0 ? reply.bodyOffset : reply.bodyOffset + reply.end(ofRecord: index - 1)
        let fixed = reply.bodyOffset + reply.place(ofRecord: index)
        let recordEnd = reply.bodyOffset + reply.end(ofRecord: index)
        guard writeName(owner, compresses: true), end + 10 <= limit else { return false }
        let type = UInt16(reply.octet(at: fixed)) << 8 | UInt16(reply.octet(at: fixed + 1))
        bytes.store16(type, at: end)
        bytes.store16(1, at: end + 2)
        bytes.store32(ttl.shown(reply.ttl(atPlace: fixed - reply.bodyOffset)), at: end + 4)
        end += 10
        let data = end
        guard writeData(RecordShape.of(type), from: fixed + 10, to: recordEnd) else { return false }
        bytes.store16(UInt16(end - data), at: data - 2)
        return true
    }

    private mutating func writeData(_ shape: RecordShape, from start: Int, to recordEnd: Int) -> Bool {
        var at = start + shape.prefix
        for _ in 0..<shape.textCount { at += 1 + Int(reply.octet(at: at)) }
        guard write(from: start, byteCount: at - start) else { return false }
        for _ in 0..<shape.nameCount {
            guard writeName(at, compresses: shape.isCompressed) else { return false }
            at = reply.endOfName(at: at)
        }
        return write(from: at, byteCount: recordEnd - at)
    }

    private mutating func write(from source: Int, byteCount: Int) -> Bool {
        guard end + byteCount <= limit else { return false }
        reply.copyBody(from: source - reply.bodyOffset, byteCount: byteCount, to: bytes, at: end)
        end += byteCount
        return true
    }

    /// Writes the name that the reply has at `start`: labels up to the first that is known here.
    private mutating func writeName(_ start: Int, compresses: Bool) -> Bool {
        var at = start
        while true {
            while reply.octet(at: at) >= 0xc0 {
                at = Int(reply.octet(at: at) & 0x3f) << 8 | Int(reply.octet(at: at + 1))
            }
            let length = Int(reply.octet(at: at))
            if length > 0, compresses, let here = here(of: at) {
                guard end + 2 <= limit else { return false }
                bytes.store16(0xc000 | UInt16(here), at: end)
                end += 2
                return true
            }
            guard end + length + 1 <= limit else { return false }
            note(at)
            for index in 0...length { bytes.store8(reply.octet(at: at + index), at: end + index) }
            end += length + 1
            if length == 0 { return true }
            at += length + 1
        }
    }

    /// Where a label of the reply lies in this message, if a pointer can lead there.
    private func here(of there: Int) -> Int? {
        let offset = there - Query.headerByteCount
        if offset < reply.nameByteCount { return targetAt + offset < 0x4000 ? targetAt + offset : nil }
        for index in 0..<knownCount where known[index].there == UInt16(there) { return Int(known[index].here) }
        return nil
    }

    private mutating func note(_ there: Int) {
        guard end < 0x4000, knownCount < known.count, there - Query.headerByteCount >= reply.nameByteCount else {
            return
        }
        known[knownCount] = (UInt16(there), UInt16(end))
        knownCount += 1
    }
}

extension PackedReply {
    /// Where the first record begins in a message.
    fileprivate var bodyOffset: Int { Query.headerByteCount + nameByteCount + 4 }

    fileprivate func endOfName(at offset: Int) -> Int {
        var at = offset
        while (1...63).contains(octet(at: at)) { at += Int(octet(at: at)) + 1 }
        return octet(at: at) == 0 ? at + 1 : at + 2
    }
}

extension MessageBytes {
    /// Whether the octets at `offset` are this name (lower case), without a pointer.
    fileprivate func isLiteral(_ name: Name, at offset: Int) -> Bool {
        guard offset + name.wire.count <= room else { return false }
        for index in name.wire.indices where lowered(self[offset + index]) != name.wire[index] { return false }
        return true
    }
}
