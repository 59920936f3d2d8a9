/// All nodes of a document where they lie, for who walks them once and knows what comes: two loads a node, no call.
/// `Value` is the ordinary way, which follows aliases and knows what is null.
///
/// Valid inside the closure that it was given to.
@safe public struct NodeList {
    @usableFromInline let nodes: UnsafePointer<DocumentNode>
    @usableFromInline let nodeCount: Int
    @usableFromInline let octets: UnsafeRawPointer
    @usableFromInline let octetCount: Int

    init(_ nodes: UnsafePointer<DocumentNode>, _ nodeCount: Int, text: UnsafeRawPointer, _ octetCount: Int) {
        unsafe self.nodes = unsafe nodes
        self.nodeCount = nodeCount
        unsafe octets = unsafe text
        self.octetCount = octetCount
    }

    @inlinable @inline(__always)
    public subscript(_ index: Int) -> DocumentNode {
        precondition(index >= 0 && index < nodeCount)
        return unsafe nodes[index]
    }

    /// The text of a scalar as written, escapes and quotes resolved.
    @inlinable @inline(__always)
    public func text(of node: DocumentNode) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: start(of: node), count: Int(node.length))
    }

    @inlinable @inline(__always)
    func start(of node: DocumentNode) -> UnsafeRawPointer {
        precondition(Int(node.offset) + Int(node.length) <= octetCount)
        return unsafe octets + Int(node.offset)
    }

    /// Whether the text of a scalar is this one. The literal is compared as words that the compiler knows.
    @inlinable @inline(__always)
    public func isText(_ node: DocumentNode, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard Int(node.length) == count else { return false }
        return unsafe Bytes.areEqual(start(of: node), UnsafeRawPointer(text.utf8Start), count: count)
    }

    /// True for a scalar that is a string; false for an alias too.
    @inlinable @inline(__always)
    public func isString(_ node: DocumentNode) -> Bool {
        switch node.kind {
        case .string: return true
        case .plain: return unsafe Self.isPlainString(text(of: node))
        default: return false
        }
    }

    /// True for a scalar that is null; false for an alias too.
    @inlinable @inline(__always)
    public func isNull(_ node: DocumentNode) -> Bool {
        switch node.kind {
        case .null: return true
        case .plain where node.length <= 4: return unsafe Self.isPlainNull(text(of: node))
        default: return false
        }
    }

    @usableFromInline
    static func isPlainNull(_ text: UnsafeRawBufferPointer) -> Bool { unsafe PlainScalar.isNull(text) }

    @usableFromInline
    static func isPlainString(_ text: UnsafeRawBufferPointer) -> Bool { unsafe PlainScalar.kind(of: text) == .string }
}

extension Value {
    /// Shows all nodes of the document, and which of them this value is.
    public func withNodes<Result, Failure: Error>(
        _ body: (NodeList, _ index: Int) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        _ = node
        return try body(unsafe tape.pointee.list, Int(index))
    }
}
