// How the readers write a document down: in the order of the text, each container closed before its parent.

extension Tape {
    /// What the readers say about a node before its content.
    struct Place {
        var line: Int
        var column: Int
    }

    /// True where the next node is the key of a mapping.
    var expectsKey: Bool { depth > 0 && frame.isMapping && frame.children & 1 == 0 }

    /// True when a whole value stands on the tape.
    var isComplete: Bool { depth == 0 && nodeCount > 0 }

    @inline(__always)
    mutating func addScalar(
        _ kind: NodeKind, at place: Place, offset: UInt32, length: Int
    ) throws(DocumentProblem) {
        try add(node(kind, at: place, span: 1, offset: offset, length: length))
    }

    /// A scalar of a line.
    struct Scalar {
        let kind: NodeKind
        let column: Int
        let start: Int
        let end: Int

        @inline(__always)
        init(_ kind: NodeKind, column: Int, start: Int, end: Int) {
            self.kind = kind
            self.column = column
            self.start = start
            self.end = end
        }
    }

    /// Adds a key and its value, both of one line.
    @inline(__always)
    mutating func addScalars(_ key: Scalar, _ value: Scalar, line: Int) throws(DocumentProblem) {
        countChild()
        countChild()
        try append(node(key, line), node(value, line))
    }

    @inline(__always)
    private func node(_ scalar: Scalar, _ line: Int) -> DocumentNode {
        node(
            scalar.kind, at: Place(line: line, column: scalar.column), span: 1,
            offset: UInt32(truncatingIfNeeded: scalar.start), length: scalar.end - scalar.start)
    }

    mutating func open(_ kind: NodeKind, at place: Place) throws(DocumentProblem) {
        guard depth < DocumentLimit.nesting else {
            throw DocumentProblem(
                line: place.line, column: place.column,
                "values are nested more than \(DocumentLimit.nesting) levels deep")
        }
        let index = UInt32(truncatingIfNeeded: nodeCount)
        try add(node(kind, at: place, span: 0, offset: 0, length: 0))
        push(
            Frame(
                node: index, children: 0, isMapping: kind == .mapping, hasMerge: false,
                aliasExpansion: aliasExpansion))
    }

    mutating func close() throws(DocumentProblem) {
        let index = Int(frame.node)
        if frame.hasMerge { try mergeMembers(into: index) }
        let closed = pop()
        let span = nodeCount - index
        let expanded = span + aliasExpansion - closed.aliasExpansion
        var node = self[index]
        node.span = UInt32(truncatingIfNeeded: span)
        node.offset = UInt32(truncatingIfNeeded: expanded)
        node.length = closed.isMapping ? closed.children / 2 : closed.children
        self[index] = node
    }

    /// Adds a node that stands for an earlier, closed one.
    mutating func addAlias(of target: Int, at place: Place) throws(DocumentProblem) {
        let node = self[target]
        guard node.span > 0 else {
            throw DocumentProblem(
                line: place.line, column: place.column,
                "this alias stands inside the value that it stands for")
        }
        try countExpansion(of: node, at: place)
        // A chain of aliases would make every look a walk.
        let end = node.kind == .alias ? node.offset : UInt32(truncatingIfNeeded: target)
        try add(self.node(.alias, at: place, span: 1, offset: end, length: 0))
    }

    /// Adds up what aliases stand for, and stops a document that makes billions of a few lines.
    mutating func countExpansion(of node: DocumentNode, at place: Place) throws(DocumentProblem) {
        let isContainer = node.kind == .mapping || node.kind == .sequence
        aliasExpansion += isContainer ? Int(node.offset) : 1
        guard aliasExpansion <= DocumentLimit.aliasExpansion else {
            throw DocumentProblem(
                line: place.line, column: place.column,
                "the aliases of this document stand for more than \(DocumentLimit.aliasExpansion) values")
        }
    }

    @inline(__always)
    private mutating func add(_ node: DocumentNode) throws(DocumentProblem) {
        countChild()
        try append(node)
    }

    @inline(__always)
    private func node(_ kind: NodeKind, at place: Place, span: UInt32, offset: UInt32, length: Int) -> DocumentNode {
        DocumentNode(
            kind: kind, line: UInt32(truncatingIfNeeded: place.line),
            column: UInt32(truncatingIfNeeded: place.column), span: span, offset: offset,
            length: UInt32(truncatingIfNeeded: length))
    }
}
