/// One label of an object.
public struct Label: Hashable, Sendable {
    public var key: String
    public var value: String

    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

/// The labels of an object, or the selector of a Service: pairs, sorted by key, each key once.
///
/// Objects have few labels: a sorted array is smaller and faster than a dictionary. No labels take no memory.
public struct Labels: Hashable, Sendable {
    private var pairs: [Label]

    public init() { pairs = [] }

    /// The last of equal keys counts.
    public init(_ labels: some Sequence<Label>) {
        pairs = []
        for label in labels { set(label) }
    }

    /// Of pairs that are sorted already, each key once.
    init(sorted pairs: [Label]) { self.pairs = pairs }

    private mutating func set(_ label: Label) {
        // Manifests mostly list their labels in order.
        guard let last = pairs.last, last.key >= label.key else { return pairs.append(label) }
        let index = pairs.firstIndex { $0.key >= label.key } ?? pairs.endIndex
        if pairs[index].key == label.key {
            pairs[index].value = label.value
        } else {
            pairs.insert(label, at: index)
        }
    }

    public subscript(key: String) -> String? {
        pairs.first { $0.key == key }?.value
    }

    /// Whether `other` has every pair of this one: how the selector of a Service chooses Pods.
    public func areAll(in other: Labels) -> Bool {
        pairs.allSatisfy { other[$0.key] == $0.value }
    }
}

extension Labels: RandomAccessCollection {
    public var startIndex: Int { pairs.startIndex }
    public var endIndex: Int { pairs.endIndex }
    public subscript(index: Int) -> Label { pairs[index] }
}

extension Labels: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.lazy.map { Label(key: $0.0, value: $0.1) })
    }
}

extension Labels: CustomStringConvertible {
    /// `app=web,tier=front`.
    public var description: String { pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }
}
