import SourceText

extension Reading {
    /// What the words of a block mean together: each that can do nothing beside the others is told.
    mutating func check(_ block: Corefile.Block, _ settings: BlockSettings) {
        if !block.directives.contains(where: { $0.name.text == "forward" }) {
            let words = [
                ("cache", "it keeps the answers of forward; the names of kubernetes are answered from memory anyway"),
                ("loop", "it watches the servers of forward"),
            ]
            for (word, reason) in words {
                guard let directive = block.directives.first(where: { $0.name.text == word }) else { continue }
                warning(
                    directive.name,
                    "\(word) has no effect without forward in this server block: \(reason). Remove the line")
            }
        }
        for (index, forward) in settings.forward.enumerated() { check(forward, at: index, of: settings.forward) }
    }

    /// Whether a line of `forward` is ever asked, and whether something follows it that it hands on to.
    private mutating func check(_ forward: ForwardSettings, at index: Int, of lines: [ForwardSettings]) {
        let earlier = lines[..<index].first { earlier in
            guard earlier.nextCodes.isEmpty, !earlier.nextOnNoData, earlier.except.isEmpty else { return false }
            return !forward.from.isEmpty
                && forward.from.allSatisfy { zone in earlier.from.contains { isZone(zone, within: $0) } }
        }
        if let earlier {
            let zones = listed(forward.from, joinedBy: "and")
            let place = "the forward at line \(earlier.location.line)"
            warn(forward.location, "this line is never asked: \(place) takes every name of \(zones). Put it above")
        }
        let follows = lines[(index + 1)...].contains { later in
            later.from.contains { one in forward.from.contains { isZone($0, within: one) || isZone(one, within: $0) } }
        }
        if !forward.nextCodes.isEmpty || forward.nextOnNoData, !follows {
            warn(forward.location, "next has no effect here: no forward line for the same names follows")
        }
    }

    /// One Corefile is looked at by one clock.
    mutating func checkReloads(_ blocks: [ServerBlock]) {
        guard let first = blocks.lazy.compactMap(\.reload).first else { return }
        var told: Set<SourceLocation> = []
        for reload in blocks.compactMap(\.reload) {
            guard reload.interval != first.interval || reload.jitter != first.jitter else { continue }
            guard told.insert(reload.location).inserted else { continue }
            warn(
                reload.location,
                "the times of this reload do not count; those of line \(first.location.line) are for the whole Corefile"
            )
        }
    }

    private mutating func warn(_ place: SourceLocation, _ text: String) {
        diagnostics.append(Diagnostic(.warning, at: place, text))
    }
}
