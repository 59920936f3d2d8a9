import DNS

/// The empty non-terminals between the names of a zone and its apex, counted by what lies directly below them, so that
/// they come and go with the last name (RFC 8020).
struct NameTree {
    private var childCounts: [Name: Int] = [:]

    /// Counts a name that was not there; the nodes above it that thereby begin to exist.
    mutating func add(_ name: Name, apex: Name) -> [Name] {
        var appeared: [Name] = []
        var node = name
        while let parent = node.parent, parent.wire.count > apex.wire.count {
            childCounts[parent, default: 0] += 1
            guard childCounts[parent] == 1 else { break }
            appeared.append(parent)
            node = parent
        }
        return appeared
    }

    /// Counts a name as gone; the nodes above it that thereby cease to exist.
    mutating func remove(_ name: Name, apex: Name) -> [Name] {
        var vanished: [Name] = []
        var node = name
        while let parent = node.parent, parent.wire.count > apex.wire.count, let count = childCounts[parent] {
            guard count == 1 else {
                childCounts[parent] = count - 1
                break
            }
            childCounts[parent] = nil
            vanished.append(parent)
            node = parent
        }
        return vanished
    }
}
