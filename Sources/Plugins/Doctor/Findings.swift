import SourceText

/// What is wrong inside one server block.
func findings(in block: WrittenBlock) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for server in block.servers {
        found += unanswered(block, server) + leaks(block, server) + unreached(server) + idleWords(block, server)
    }
    return found
}

private func warning(_ place: SourceLocation, _ text: String) -> Diagnostic { Diagnostic(.warning, at: place, text) }

/// A block in which nothing answers.
private func unanswered(_ block: WrittenBlock, _ server: ServerBlock) -> [Diagnostic] {
    let answers = Set(Station.answering).subtracting(["cache"])
    let words = block.written.directives.map(\.name.text)
    // A word that is refused might be the one that answers.
    guard words.allSatisfy({ !answers.contains($0) && PluginList.plugin($0)?.isSupported == true }) else { return [] }
    return [
        warning(
            server.location,
            "no word of this block answers, so every query gets REFUSED; add one such as forward, or remove the block")
    ]
}

/// Names that the cluster does not have, and that leave it.
private func leaks(_ block: WrittenBlock, _ server: ServerBlock) -> [Diagnostic] {
    guard let kubernetes = server.kubernetes, !server.forward.isEmpty else { return [] }
    let leaking = kubernetes.forwardZones.filter { zone in
        kubernetes.fallthroughZones.contains { isZone(zone, within: $0) }
            && server.forward.contains { $0.takes(zone) }
    }
    guard !leaking.isEmpty else { return [] }
    let option = block.directives("kubernetes").flatMap { $0.block ?? [] }.last { $0.name.text == "fallthrough" }
    let reverse = kubernetes.reverseZones.isEmpty ? "remove it" : "write \"fallthrough in-addr.arpa ip6.arpa\""
    return [
        warning(
            option?.location ?? kubernetes.location,
            "names that do not exist in \(listed(leaking, joinedBy: "and")) go on to forward, so each typing slip and step of a "
                + "search list leaves the cluster and waits for others; \(reverse)")
    ]
}

/// Lines of forward that no query comes to.
private func unreached(_ server: ServerBlock) -> [Diagnostic] {
    server.forward.enumerated().compactMap { index, forward in
        if let earlier = server.forward[..<index].first(where: { $0.leavesNothing(for: forward) }) {
            return warning(
                forward.location,
                "no query comes here: forward at line \(earlier.location.line) has taken them; remove one, or give that one "
                    + "\"next\"")
        }
        guard let kubernetes = server.kubernetes, !forward.from.isEmpty else { return nil }
        let scopes = server.zones.flatMap { zone in forward.from.compactMap { narrower(zone, $0) } }
        let isTaken = scopes.allSatisfy { scope in
            kubernetes.zones.contains { isZone(scope, within: $0) }
                && !kubernetes.fallthroughZones.contains { narrower(scope, $0) != nil }
        }
        guard !scopes.isEmpty, isTaken else { return nil }
        return warning(
            forward.location,
            "no query comes here: kubernetes answers for every name of \(listed(scopes, joinedBy: "and")); remove the line"
        )
    }
}

/// Words that have nothing to do.
private func idleWords(_ block: WrittenBlock, _ server: ServerBlock) -> [Diagnostic] {
    // Where forward could not be read, that is what is wrong.
    guard server.forward.isEmpty == block.directives("forward").isEmpty else { return [] }
    var found: [Diagnostic] = []
    if server.forward.isEmpty {
        if let cache = server.cache {
            let text =
                "cache has nothing to keep: no forward stands behind it, and our own zones are compiled; remove the line"
            found.append(warning(cache.location, text))
        }
        if let loop = server.loop {
            found.append(
                warning(loop.location, "loop has nothing to guard: this block forwards nothing; remove the line"))
        }
    } else if server.loop == nil, let forward = server.forward.first {
        found.append(
            warning(
                forward.location, "forward without loop: queries that come back to this server run in circles; add loop"
            ))
    }
    return found
}

extension ForwardSettings {
    /// Whether names at and below the zone are asked here.
    func takes(_ zone: String) -> Bool {
        from.contains { isZone(zone, within: $0) } && !except.contains { isZone(zone, within: $0) }
    }

    /// Whether this line, which comes first, takes all that the other is for.
    fileprivate func leavesNothing(for other: ForwardSettings) -> Bool {
        guard nextCodes.isEmpty, !nextOnNoData, !other.from.isEmpty else { return false }
        return other.from.allSatisfy { zone in takes(zone) && !except.contains { isZone($0, within: zone) } }
    }
}

/// The zone that lies inside the other; nil if none does.
func narrower(_ one: String, _ other: String) -> String? {
    if isZone(one, within: other) { return one }
    return isZone(other, within: one) ? other : nil
}
