/// Answers one query from one table: the only way from the network to the data, the same for every transport.
///
/// The query lies at the front of `message`, and the answer is written in its place: id and question stay where they
/// are, so that the client's spelling comes back byte for byte. No clock, no socket, no allocation.
/// - Parameters:
///   - query: what `Query.read` found in this message.
///   - message: room for the answer; at least 1,344 octets, 65,535 for TCP.
///   - turn: which record of a set comes first; the caller counts it up (round robin).
@inline(__always)
public func respond(
    to query: Query, in message: inout MutableRawSpan, from table: TableView, limits: AnswerLimits,
    turn: UInt32
) -> Outcome {
    unsafe message.withUnsafeMutableBytes { raw in
        guard let bytes = unsafe MessageBytes(raw) else { return .dropped }
        guard query.verdict == .ordinary else { return refuse(query, in: bytes, limits: limits) }
        let leaf = table.find(hash: query.hash, in: bytes, at: Query.headerByteCount, byteCount: query.nameByteCount)
        let byteCount = answerWhole(query, leaf, from: table, in: bytes, limits: limits, turn: turn)
        guard byteCount == 0 else { return .answered(byteCount: byteCount) }
        return respondAtLength(to: query, leaf, in: bytes, from: table, limits: limits, turn: turn)
    }
}

/// The way for everything that an answer may be.
@inline(never)
private func respondAtLength(
    to query: Query, _ leaf: Leaf?, in bytes: MessageBytes, from table: TableView, limits: AnswerLimits, turn: UInt32
) -> Outcome {
    var answer = Answer(to: query, in: bytes, limits: limits, turn: turn)
    guard let leaf else { return respondToUnlisted(query, from: table, with: &answer) }
    guard let set = leaf.set(query.type) else { return respondWithoutSet(query, leaf, from: table, with: &answer) }
    answer.add(set)
    return answer.finish(.noError)
}

/// The same for those who hold the table itself.
public func respond(
    to query: Query, in message: inout MutableRawSpan, from table: AnswerTable, limits: AnswerLimits, turn: UInt32
) -> Outcome {
    // The view alone would not keep the table.
    defer { extendLifetime(table) }
    return respond(to: query, in: &message, from: table.view, limits: limits, turn: turn)
}

/// The name exists, but not with this type: its CNAME, the zone's SOA, or NODATA.
private func respondWithoutSet(
    _ query: Query, _ leaf: Leaf, from table: TableView, with answer: inout Answer
) -> Outcome {
    if leaf.flags.contains(.alias), query.type == .a || query.type == .aaaa {
        return follow(leaf, query.type, in: table, with: &answer)
    }
    if query.type == .soa, leaf.flags.contains(.apex) || leaf.flags.contains(.host) {
        answer.addSOA(of: leaf, table, to: .answer)
        return answer.finish(.noError)
    }
    return answer.noData(leaf, table)
}

/// The name is not in the table: a computed one, or outside our zones, or it does not exist.
private func respondToUnlisted(
    _ query: Query, from table: TableView, with answer: inout Answer
) -> Outcome {
    let name = NamePlace(at: Query.headerByteCount, byteCount: query.nameByteCount)
    guard let (zone, apexAt) = table.zone(of: name, in: answer.bytes) else {
        guard let leaf = table.wildcard(for: name, in: answer.bytes) else { return .passed(.outside) }
        return respondFromWildcard(query, leaf, from: table, with: &answer)
    }
    guard zone.isReady else { return answer.finish(.serverFailure, authoritative: false, saying: .notReady) }
    if let found = table.compute(name, zone, apexAt: apexAt, in: answer.bytes) {
        if !answer.add(found, query.type, ttl: zone.ttl, owner: name.at) {
            answer.addSOA(of: zone, apexAt: apexAt, to: .authority)
        }
        return answer.finish(.noError)
    }
    if zone.fallsThrough(answer.bytes, name) { return .passed(.fellThrough) }
    answer.addSOA(of: zone, apexAt: apexAt, to: .authority)
    return answer.finish(.nameError)
}

private func respondFromWildcard(
    _ query: Query, _ leaf: Leaf, from table: TableView, with answer: inout Answer
) -> Outcome {
    guard let set = leaf.set(query.type) else { return respondWithoutSet(query, leaf, from: table, with: &answer) }
    answer.add(set)
    return answer.finish(.noError)
}
