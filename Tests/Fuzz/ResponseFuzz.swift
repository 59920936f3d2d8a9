// Compiled together with the files of Sources/DNS as one module (run.sh), so that checks inside are seen too.

/// Any bytes as the records of an upstream's answer: what is taken for one is handed on, kept, joined and reshaped, over
/// UDP and TCP. Every answer must be a message within its limits that we would take for an answer ourselves.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzResponse(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start = unsafe start, count >= 6 else { return 0 }
    let input = Array(unsafe UnsafeBufferPointer(start: start, count: min(count, 4096)))
    // Whatever comes first: the whole input as a message.
    _ = Response(reading: input, to: target)
    // Turn, flags, three counts; then records.
    let turn = UInt32(input[0])
    let header: [UInt8] = [0, 7, input[1] | 0x80, input[2], 0, 1, 0, input[3], 0, input[4], 0, input[5]]
    let bytes = header + target.name.wire + [0, 1, 0, 1] + input.dropFirst(6)
    guard let response = Response(reading: bytes, to: target) else { return 0 }
    for isTCP in [false, true] {
        for query in [plain, edns] { handOn(response, to: query, isTCP: isTCP, turn: turn) }
    }
    return 0
}

private func handOn(_ response: Response, to query: [UInt8], isTCP: Bool, turn: UInt32) {
    let limits = isTCP ? AnswerLimits.tcp : .udp
    let direct = answer(query, limits) { asked, message in
        render(response, to: asked, in: &message, limits: limits, turn: turn, ttl: TTLRule(age: 3)).byteCount ?? 0
    }
    check(direct, limits, to: target)
    let cache = AnswerCache(small)
    let question = Question(name: target.name, type: target.type, wantsSignatures: false)
    cache.keep(response, for: question, now: 1, date: 1)
    let kept = answer(query, limits) { asked, message in
        guard
            case .answered(let count, _) = cache.answer(
                asked, in: &message, limits: limits, turn: turn, now: 2000)
        else { return 0 }
        return count
    }
    if !kept.isEmpty { check(kept, limits, to: target) }
    let alias = Array(query[..<12]) + owner.name.wire + query[(12 + target.name.wire.count)...]
    let joined = answer(alias, limits) { asked, message in
        let first = respond(to: asked, in: &message, from: table, limits: limits, turn: 0)
        return joinAlias(asked, in: &message, byteCount: first.byteCount ?? 0, with: response, limits: limits).byteCount
            ?? 0
    }
    check(joined, limits, to: owner)
    let reshaped = answer(query, limits) { asked, message in
        let outcome = render(response, to: asked, in: &message, limits: limits, turn: turn)
        let count = stripToAnswer(&message, byteCount: outcome.byteCount ?? 0)
        preferAddresses(of: ranges, in: &message, byteCount: count)
        return count
    }
    check(reshaped, limits, to: target)
}

private func answer(_ query: [UInt8], _ limits: AnswerLimits, _ body: (Query, inout MutableRawSpan) -> Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xa5, count: limits.countsUDPSize ? 1280 : 65535)
    bytes.replaceSubrange(0..<query.count, with: query)
    var span = bytes.mutableSpan
    var message = unsafe span.mutableBytes
    let read = Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed)
    precondition(read.isOrdinary)
    let count = body(read, &message)
    return Array(bytes[..<count])
}

private func check(_ answer: [UInt8], _ limits: AnswerLimits, to question: Question) {
    precondition(answer.count >= 12 && answer.count <= limits.byteCount, "an answer of \(answer.count) octets")
    precondition(isMessage(answer[...]), "an answer that is no message")
    precondition(Response(reading: answer, to: question) != nil, "an answer that we would not take")
}

private let target = Question(name: Name("www.example.com") ?? .root, type: .a)
private let owner = Question(name: Name("alias.zone") ?? .root, type: .a)
private let plain = target.query(id: 7, edns: false)
private let edns = target.query(id: 7)
private let ranges = [AddressRange(high: 0, low: 0xc000_0200, isIPv4: true, prefixLength: 25)]
private let small: CacheLimits = {
    var limits = CacheLimits()
    limits.success.capacity = 4
    limits.denial.capacity = 4
    return limits
}()
private let table: AnswerTable = {
    var builder = AnswerTableBuilder()
    if let alias = RecordSet(owner.name, ttl: 5, [.cname(target.name)]) {
        builder.set(OwnerRecords(owner.name, [alias]), zone: 0)
    }
    return builder.compile(zones: [ZoneDescription(apex: Name("zone") ?? .root, serial: Serial(rawValue: 1), ttl: 5)])
}()
