// Compiled together with the files of Sources/DNS as one module (run.sh), so that checks inside are seen too.

/// Any bytes as a query, over UDP, TCP and TLS, against a table with every kind of answer and by the small answers that
/// need none. Every answer must be a message.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWire(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start = unsafe start, count > 0 else { return 0 }
    let input = unsafe UnsafeBufferPointer(start: start, count: min(count, 4096))
    for limits in [AnswerLimits.udp, sayingAll(.udp(atMost: 700)), .tcp, sayingAll(.tcp)] {
        // The first octet is the turn; the rest is the query.
        let turn = UInt32(input[0])
        answer(Array(input.dropFirst()), limits) { query, message in
            respond(to: query, in: &message, from: table, limits: limits, turn: turn)
        }
        answer(Array(input.dropFirst()), limits) { query, message in
            small(query, in: &message, limits, turn: turn)
        }
    }
    return 0
}

/// One query in dirty memory, its cookie answered; `body` gives the outcome.
private func answer(
    _ input: [UInt8], _ limits: AnswerLimits, _ body: (Query, inout MutableRawSpan) -> Outcome
) {
    let room = limits.countsUDPSize ? 1344 : 65535
    let query = Array(input.prefix(room))
    var bytes = [UInt8](repeating: 0xa5, count: room)
    bytes.replaceSubrange(0..<query.count, with: query)
    var span = bytes.mutableSpan
    var message = unsafe span.mutableBytes
    var read = Query.read(
        &message, byteCount: query.count, seed: AnswerTable.hashSeed, isStream: !limits.countsUDPSize)
    _ = read.answerCookie(with: secrets, peer: (1, 2, query.count % 2 == 0), now: 0x0102_0304)
    let outcome = body(read, &message)
    if case .leads(_, let at, let byteCount) = outcome {
        precondition(aliasTarget(in: message, at: at, byteCount: byteCount) != nil, "an alias that leads to no name")
    }
    check(outcome, bytes, query: query, limits, hasEDNS: read.edns != nil)
}

private func small(
    _ query: Query, in message: inout MutableRawSpan, _ limits: AnswerLimits, turn: UInt32
) -> Outcome {
    switch turn % 5 {
    case 0: answerAny(query, in: &message, limits: limits)
    case 1: answerText(query, [[97], Array(repeating: 98, count: 300)], in: &message, limits: limits)
    case 2: answerWhoami(query, peer: (1, 2, turn > 99), port: 3, in: &message, limits: limits)
    case 3: refuse(query, as: .refused, saying: .notReady.saying("up"), in: &message, limits: limits)
    default: answerLocal(query, in: &message, limits: limits)
    }
}

private let secrets = CookieSecrets(current: CookieSecret(1, 2), previous: CookieSecret(3, 4))
private let id = ServerID(Array(repeating: 120, count: ServerID.longest))

/// Everything that an answer can say, even where it never is said.
private func sayingAll(_ limits: AnswerLimits) -> AnswerLimits {
    var all = limits
    all.nsid = id?.view
    all.keepalive = 300
    all.isEncrypted = true
    return all
}

private func check(_ outcome: Outcome, _ bytes: [UInt8], query: [UInt8], _ limits: AnswerLimits, hasEDNS: Bool) {
    switch outcome {
    case .dropped: precondition(query.count < 12 || query[2] & 0x80 != 0, "a query dropped")
    case .passed: precondition(bytes.starts(with: query), "a query changed on its way")
    case .answered(let count), .leads(let count, _, _):
        precondition(count >= 12 && count <= limits.byteCount, "an answer of \(count) octets")
        precondition(hasEDNS || !limits.countsUDPSize || count <= 512, "\(count) octets without EDNS")
        precondition(
            bytes[0] == query[0] && bytes[1] == query[1] && bytes[2] & 0x80 != 0, "not the answer to this query")
        precondition(isMessage(bytes[..<count]), "an answer that is no message")
    }
}

private let table: AnswerTable = {
    var builder = AnswerTableBuilder()
    func add(
        _ owner: String, _ sets: [[Rdata]] = [], zone: Int = 0, glue: [(String, Rdata)] = [],
        kind: OwnerRecords.Kind = .ordinary, isApex: Bool = false
    ) {
        guard let name = Name(owner) else { return }
        let additional = glue.compactMap { owner, data in Name(owner).flatMap { RecordSet($0, ttl: 5, [data]) } }
        let records = OwnerRecords(
            name, sets.compactMap { RecordSet(name, ttl: 5, $0) }, additional: additional, kind: kind)
        builder.set(records, zone: zone, isApex: isApex)
    }
    func target(_ name: String) -> Name { Name(name) ?? .root }
    let web = "w.n.svc.c"
    let ports: [Rdata] = (0..<40).map { .srv(priority: 0, weight: 1, port: $0, target: target(web)) }
    add("c", [[.ns(target("ns.dns.elsewhere"))]], glue: (0..<60).map { ("ns.dns.elsewhere", .a($0)) }, isApex: true)
    add("svc.c")
    add("n.svc.c")
    add("_t._tcp.\(web)", [ports, [.a(1), .a(2)]], glue: [(web, .a(1)), (web, .a(2)), (web, .aaaa(high: 1, low: 2))])
    add(web, [(0..<90).map { .a($0) }, ports, [.aaaa(high: 1, low: 2)], [.txt([[1, 2, 3]])]], glue: [(web, .a(1))])
    add("n.pod.c", kind: .podNamespace)
    for step in 0..<12 { add("\(step).n.svc.c", [[.cname(target(step == 11 ? web : "\(step + 1).n.svc.c"))]]) }
    add("l.n.svc.c", [[.cname(target("l.n.svc.c"))]])
    add("p.n.svc.c", [[.cname(target("1-2-3-4.n.pod.c"))]])
    add("h.n.svc.c", [[.cname(target("x.w"))]])
    add("g.n.svc.c", [[.cname(target("nobody.c"))]])
    add("o.n.svc.c", [[.cname(target("www.out"))]])
    add("f.n.svc.c", [[.cname(target("x.f.v"))]])
    add("1-2-3-4.n.pod.v", [[.a(1)]], zone: 1)
    add("1.r", [[.ptr(target("a.c")), .ptr(target("b.c"))]], zone: 2)
    add("*.w", [[.a(1), .a(2)]], zone: 3, kind: .host)
    add("*.q", [[.cname(target("x.w"))]], zone: 3, kind: .host)
    func zone(_ apex: String, _ pods: ZoneDescription.Pods = .disabled, to: [Name] = []) -> ZoneDescription {
        ZoneDescription(apex: target(apex), serial: Serial(rawValue: 1), ttl: 5, pods: pods, fallthroughZones: to)
    }
    return builder.compile(zones: [
        zone("c", .insecure), zone("v", .verified, to: [target("f.v")]), zone("r"),
        ZoneDescription(apex: .root, serial: Serial(rawValue: 1), ttl: 5, isHosts: true),
    ])
}()
