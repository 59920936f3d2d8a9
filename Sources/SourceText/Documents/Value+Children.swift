extension Value {
    /// The number of members or elements; 0 for a scalar.
    public var count: Int { isContainer ? Int(node.length) : 0 }

    /// The member of this mapping with that key, the last one if the key is repeated; nil if there is none or this is
    /// no mapping. Keys are compared as written, merged ones (`<<`) included.
    public subscript(_ key: StaticString) -> Value? {
        guard isMapping, let found = unsafe tape.pointee.member(of: Int(index), key) else { return nil }
        return unsafe Value(tape, found)
    }

    /// The pairs of a mapping in the order of the text, merged ones last; empty for everything else.
    public var members: Members { Members(self) }

    /// The elements of a sequence; empty for everything else.
    public var elements: Elements { Elements(self) }

    @safe public struct Members: Sequence, IteratorProtocol {
        private let tape: UnsafeMutablePointer<Tape>
        private var at: Int
        private let end: Int

        fileprivate init(_ value: Value) {
            let node = value.node
            unsafe tape = unsafe value.tape
            at = Int(value.index) + 1
            end = node.kind == .mapping ? Int(value.index) + Int(node.span) : 0
        }

        public mutating func next() -> (key: Value, value: Value)? {
            while at < end {
                let key = at
                let node = unsafe tape.pointee[key]
                let value = key + Int(node.span)
                at = value + Int(unsafe tape.pointee[value].span)
                if node.kind != .merge { return unsafe (Value(tape, key), Value(tape, value)) }
            }
            return nil
        }
    }

    @safe public struct Elements: Sequence, IteratorProtocol {
        private let tape: UnsafeMutablePointer<Tape>
        private var at: Int
        private let end: Int

        fileprivate init(_ value: Value) {
            let node = value.node
            unsafe tape = unsafe value.tape
            at = Int(value.index) + 1
            end = node.kind == .sequence ? Int(value.index) + Int(node.span) : 0
        }

        public mutating func next() -> Value? {
            guard at < end else { return nil }
            let element = at
            at += Int(unsafe tape.pointee[element].span)
            return unsafe Value(tape, element)
        }
    }
}
