/// Follows CNAMEs inside the table: a stub resolver fails on a bare CNAME, so its target is answered with it.
///
/// Each CNAME is sent once. The end decides the code: data, NODATA or NXDOMAIN with the SOA of the target's zone. A target
/// that is not ours to judge is left to the caller (`Outcome.leads`).
func follow(_ leaf: Leaf, _ type: RecordType, in table: TableView, with answer: inout Answer) -> Outcome {
    var leaf = leaf
    var owner = Query.headerByteCount
    var seen = InlineArray<10, UInt>(repeating: 0)
    for step in seen.indices {
        guard let alias = leaf.set(.cname), let target = answer.addAlias(alias, owner: owner) else {
            return answer.finish(.noError)
        }
        seen[step] = leaf.place
        owner = target.at
        guard let next = table.find(target, in: answer.bytes) ?? table.wildcard(for: target, in: answer.bytes) else {
            return endUnlisted(target, type, in: table, with: &answer)
        }
        if let set = next.set(type) {
            answer.add(set, owner: owner)
            return answer.finish(.noError)
        }
        guard next.flags.contains(.alias) else {
            let zone = table.zone(next.zone)
            let isHost = next.flags.contains(.host)
            let apexAt = isHost ? target.at : target.at + target.byteCount - zone.apexByteCount
            answer.addSOA(of: zone, apexAt: apexAt, to: .authority)
            return answer.finish(.noError)
        }
        // A loop: each CNAME once.
        for index in 0...step where seen[index] == next.place { return answer.finish(.noError) }
        leaf = next
    }
    return answer.finish(.noError)
}

/// The target is not in the table: computed, or missing. What is missing does not exist when it lies in one of our zones,
/// unless the zone hands such names on; outside them it is not ours to judge.
private func endUnlisted(
    _ target: NamePlace, _ type: RecordType, in table: TableView, with answer: inout Answer
) -> Outcome {
    guard let (zone, apexAt) = table.zone(of: target, in: answer.bytes) else { return answer.lead(to: target) }
    guard zone.isReady else { return answer.finish(.serverFailure, authoritative: false, saying: .notReady) }
    if let found = table.compute(target, zone, apexAt: apexAt, in: answer.bytes) {
        if !answer.add(found, type, ttl: zone.ttl, owner: target.at) {
            answer.addSOA(of: zone, apexAt: apexAt, to: .authority)
        }
        return answer.finish(.noError)
    }
    if zone.fallsThrough(answer.bytes, target) { return answer.lead(to: target) }
    answer.addSOA(of: zone, apexAt: apexAt, to: .authority)
    return answer.finish(.nameError)
}

extension Answer {
    /// The CNAMEs so far are an answer; the last one's target is for others to resolve.
    fileprivate mutating func lead(to target: NamePlace) -> Outcome {
        guard case .answered(let byteCount) = finish(.noError) else { return .dropped }
        return .leads(byteCount: byteCount, targetAt: target.at, targetByteCount: target.byteCount)
    }
}
