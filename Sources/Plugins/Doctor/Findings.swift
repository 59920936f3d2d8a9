import SourceText

/// What is wrong inside one server block.
func findings(in block: WrittenBlock) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for server in block.servers {
        found += unanswered(block, server) + leaks(block, server) + unreached(server)
    }
    return found
}

private func warning(_ place: SourceLocation, _ text: String) -> Diagnostic { Diagnostic(.warning, at: place, text) }

/// A block in which nothing answers, and which serves no pages either.
private func unanswered(_ block: WrittenBlock, _ server: ServerBlock) -> [Diagnostic] {
    guard server.health == nil, server.ready == nil, server.prometheus == nil else { return [] }
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
    server.forward.compactMap { forward in
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

extension ForwardSettings {
    /// Whether names at and below the zone are asked here.
    func takes(_ zone: String) -> Bool {
        from.contains { isZone(zone, within: $0) } && !except.contains { isZone(zone, within: $0) }
    }
}

/// The zone that lies inside the other; nil if none does.
func narrower(_ one: String, _ other: String) -> String? {
    if isZone(one, within: other) { return one }
    return isZone(other, within: one) ? other : nil
}
