// Equal elements, counted once. A handful, which is the usual number, is compared; more are hashed.

private let handful = 16

/// Each element once, in the order of first appearance.
func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
    guard elements.count > handful else {
        guard elements.indices.contains(where: { elements[..<$0].contains(elements[$0]) }) else { return elements }
        var kept: [Element] = []
        for element in elements where !kept.contains(element) { kept.append(element) }
        return kept
    }
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
}

/// The number of each element's key among the distinct keys, which count in the order of first appearance.
func ordinals<Element, Key: Hashable>(of elements: [Element], by key: (Element) -> Key) -> [Int] {
    guard elements.count > handful else {
        var distinct: [Key] = []
        distinct.reserveCapacity(elements.count)
        return elements.map { element in
            let key = key(element)
            if let known = distinct.firstIndex(of: key) { return known }
            distinct.append(key)
            return distinct.count - 1
        }
    }
    var ordinals: [Key: Int] = [:]
    return elements.map { element in
        let key = key(element)
        if let known = ordinals[key] { return known }
        ordinals[key] = ordinals.count
        return ordinals.count - 1
    }
}
