/// Names sorted into groups; most groups have one.
struct NameGroups: Sendable {
    private enum Group: Sendable {
        case one(String)
        /// Two or more, sorted.
        case many([String])
    }

    /// By namespace and by name of the group.
    private var groups: [String: [String: Group]] = [:]

    /// The names of a group, sorted.
    subscript(group: ObjectName) -> [String] {
        switch groups[group.namespace]?[group.name] {
        case nil: []
        case .one(let name): [name]
        case .many(let names): names
        }
    }

    func contains(_ group: ObjectName) -> Bool { groups[group.namespace]?[group.name] != nil }

    mutating func insert(_ name: String, into group: ObjectName) {
        var names = take(group)
        let index = names.firstIndex { $0 >= name } ?? names.endIndex
        if index == names.endIndex || names[index] != name { names.insert(name, at: index) }
        put(names, group)
    }

    mutating func remove(_ name: String, from group: ObjectName) {
        var names = take(group)
        names.removeAll { $0 == name }
        put(names, group)
    }

    /// Takes the group out, so that its array is changed in place.
    private mutating func take(_ group: ObjectName) -> [String] {
        switch groups[group.namespace]?.removeValue(forKey: group.name) {
        case nil: []
        case .one(let name): [name]
        case .many(let names): names
        }
    }

    private mutating func put(_ names: [String], _ group: ObjectName) {
        switch names.count {
        case 0: if groups[group.namespace]?.isEmpty == true { groups[group.namespace] = nil }
        case 1: groups[group.namespace, default: [:]][group.name] = .one(names[0])
        default: groups[group.namespace, default: [:]][group.name] = .many(names)
        }
    }
}
