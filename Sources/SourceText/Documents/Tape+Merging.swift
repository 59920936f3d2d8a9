// YAML 1.1 merge keys (yaml.org/type/merge.html): `<<: *defaults` adds the members that a mapping does not have itself.
// They are put behind the mapping's own members as aliases, once, so that no reader of a Value knows of merging.

extension Tape {
    /// Adds what the `<<` keys of the innermost open mapping name. Its own members win, then the first one named.
    mutating func mergeMembers(into mapping: Int) throws(DocumentProblem) {
        let end = nodeCount
        var known = Set<String>()
        var sources: [Int] = []
        var key = mapping + 1
        while key < end {
            let value = key + Int(self[key].span)
            if self[key].kind == .merge {
                try appendSources(at: value, to: &sources)
                // The pair itself is not a member.
                frame.children -= 2
            } else {
                known.insert(string(at: key))
            }
            key = value + Int(self[value].span)
        }
        for source in sources { try mergeMembers(of: source, known: &known) }
    }

    /// The mappings that the value of `<<` names: one, or a sequence of them.
    private func appendSources(at index: Int, to sources: inout [Int]) throws(DocumentProblem) {
        let node = self[target(of: index)]
        if node.kind == .mapping { return sources.append(target(of: index)) }
        let refusal = DocumentProblem(
            line: Int(self[index].line), column: Int(self[index].column),
            "'<<' needs a mapping, an alias of one, or a sequence of these")
        guard node.kind == .sequence else { throw refusal }
        var element = target(of: index) + 1
        for _ in 0..<node.length {
            guard self[target(of: element)].kind == .mapping else { throw refusal }
            sources.append(target(of: element))
            element += Int(self[element].span)
        }
    }

    private mutating func mergeMembers(of source: Int, known: inout Set<String>) throws(DocumentProblem) {
        let end = source + Int(self[source].span)
        var key = source + 1
        while key < end {
            let value = key + Int(self[key].span)
            if self[key].kind != .merge, known.insert(string(at: key)).inserted {
                let place = Place(line: Int(self[key].line), column: Int(self[key].column))
                try addAlias(of: key, at: place)
                try addAlias(of: value, at: place)
            }
            key = value + Int(self[value].span)
        }
    }

    /// The node itself, or what it is an alias of.
    func target(of index: Int) -> Int {
        let node = self[index]
        return node.kind == .alias ? Int(node.offset) : index
    }

    /// A key's text, for comparing; keys that are no scalars are all equal, since nobody can ask for them.
    private func string(at index: Int) -> String {
        let node = self[target(of: index)]
        guard node.kind != .mapping, node.kind != .sequence else { return "" }
        return unsafe String(decoding: text(of: node), as: UTF8.self)
    }
}
