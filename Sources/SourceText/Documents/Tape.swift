/// The nodes and the text of one document, in two buffers that are filled again and again.
/// Every pointer of Documents/ lives here.
@safe struct Tape: ~Copyable {
    private(set) var nodeCount = 0
    private(set) var textCount = 0
    /// Says whether a `Value` still looks at the document that it was made from.
    private(set) var generation: UInt32 = 0
    /// Nodes that the aliases of this document stand for.
    var aliasExpansion = 0

    private var nodeBuffer: UnsafeMutableBufferPointer<DocumentNode>
    private var textBuffer: UnsafeMutableRawBufferPointer
    private let frameBuffer: UnsafeMutableBufferPointer<Frame>
    private(set) var depth = 0

    /// A mapping or sequence whose end has not come yet.
    struct Frame {
        var node: UInt32
        /// Keys and values, or elements, so far.
        var children: UInt32
        var isMapping: Bool
        var hasMerge: Bool
        /// `aliasExpansion` when it was opened.
        var aliasExpansion: Int
    }

    private static let firstNodes = 512
    private static let firstBytes = 16 << 10
    /// JSON reads eight bytes at once and may look this far behind the end.
    static let padding = 16

    init() {
        unsafe nodeBuffer = .allocate(capacity: Self.firstNodes)
        unsafe textBuffer = .allocate(byteCount: Self.firstBytes, alignment: 16)
        unsafe frameBuffer = .allocate(capacity: DocumentLimit.nesting)
    }

    deinit {
        unsafe nodeBuffer.deallocate()
        unsafe textBuffer.deallocate()
        unsafe frameBuffer.deallocate()
    }

    /// Forgets the document; gives memory back after an unusually big one.
    mutating func reset() {
        nodeCount = 0
        textCount = 0
        depth = 0
        aliasExpansion = 0
        generation &+= 1
        if residentBytes > DocumentLimit.residentBytes { shrink() }
    }

    /// Bytes of both buffers, used or not.
    var residentBytes: Int { unsafe nodeBuffer.count * MemoryLayout<DocumentNode>.stride + textBuffer.count }

    private mutating func shrink() {
        unsafe nodeBuffer.deallocate()
        unsafe textBuffer.deallocate()
        unsafe nodeBuffer = .allocate(capacity: Self.firstNodes)
        unsafe textBuffer = .allocate(byteCount: Self.firstBytes, alignment: 16)
    }

    // MARK: Nodes

    subscript(_ index: Int) -> DocumentNode {
        get {
            precondition(index < nodeCount)
            return unsafe nodeBuffer[index]
        }
        set {
            precondition(index < nodeCount)
            unsafe nodeBuffer[index] = newValue
        }
    }

    /// Puts a node behind the others.
    @inline(__always)
    mutating func append(_ node: DocumentNode) throws(DocumentProblem) {
        if unsafe nodeCount == nodeBuffer.count { try growNodes(at: node) }
        unsafe nodeBuffer[nodeCount] = node
        nodeCount += 1
    }

    /// The same for two.
    @inline(__always)
    mutating func append(_ first: DocumentNode, _ second: DocumentNode) throws(DocumentProblem) {
        guard unsafe nodeCount + 2 <= nodeBuffer.count else {
            try append(first)
            return try append(second)
        }
        unsafe nodeBuffer[nodeCount] = first
        unsafe nodeBuffer[nodeCount + 1] = second
        nodeCount += 2
    }

    @inline(never)
    private mutating func growNodes(at node: DocumentNode) throws(DocumentProblem) {
        guard nodeCount < DocumentLimit.nodes else {
            throw DocumentProblem(
                line: Int(node.line), column: Int(node.column),
                "the document has more than \(DocumentLimit.nodes) values: split it")
        }
        let larger = unsafe UnsafeMutableBufferPointer<DocumentNode>.allocate(capacity: nodeBuffer.count * 2)
        _ = unsafe larger.moveInitialize(fromContentsOf: nodeBuffer)
        unsafe nodeBuffer.deallocate()
        unsafe nodeBuffer = larger
    }

    // MARK: Open containers

    /// The innermost open container; only while `depth > 0`.
    var frame: Frame {
        get {
            precondition(depth > 0)
            return unsafe frameBuffer[depth - 1]
        }
        set {
            precondition(depth > 0)
            unsafe frameBuffer[depth - 1] = newValue
        }
    }

    /// The innermost open container has one child more.
    @inline(__always)
    mutating func countChild() {
        if depth > 0 { unsafe frameBuffer[depth - 1].children += 1 }
    }

    mutating func push(_ frame: Frame) {
        precondition(depth < DocumentLimit.nesting)
        unsafe frameBuffer[depth] = frame
        depth += 1
    }

    mutating func pop() -> Frame {
        let last = frame
        depth -= 1
        return last
    }

    // MARK: Text

    /// Copies bytes behind the text; answers where they begin.
    mutating func appendText(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let start = textCount
        reserveText(start + bytes.count)
        if let source = bytes.baseAddress, let target = unsafe textBuffer.baseAddress {
            unsafe (target + start).copyMemory(from: source, byteCount: bytes.count)
        }
        textCount = start + bytes.count
        return UInt32(truncatingIfNeeded: start)
    }

    /// Makes room for `count` bytes of text and zero bytes behind them.
    private mutating func reserveText(_ count: Int) {
        let needed = count + Self.padding
        guard unsafe needed > textBuffer.count else { return }
        let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(needed, textBuffer.count * 2), alignment: 16)
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: textBuffer[..<textCount]))
        unsafe textBuffer.deallocate()
        unsafe textBuffer = larger
    }

    /// The whole text with `padding` zero bytes behind it, for a reader that works in place.
    mutating func textWithPadding() -> UnsafeMutableRawBufferPointer {
        let end = textCount + Self.padding
        for index in textCount..<end { unsafe textBuffer[index] = 0 }
        return unsafe UnsafeMutableRawBufferPointer(rebasing: textBuffer[..<end])
    }

    /// The text of a scalar; empty for every other node.
    func text(of node: DocumentNode) -> UnsafeRawBufferPointer {
        let start = Int(node.offset)
        let end = start + Int(node.length)
        precondition(end <= textCount)
        return unsafe UnsafeRawBufferPointer(rebasing: textBuffer[start..<end])
    }
}

// MARK: Looking

extension Tape {
    /// Everything where it lies; not to be kept.
    var list: NodeList {
        guard let nodes = unsafe nodeBuffer.baseAddress, let text = unsafe textBuffer.baseAddress else {
            preconditionFailure("both buffers have room from the start")
        }
        return unsafe NodeList(nodes, nodeCount, text: text, textCount)
    }

    /// Where the value of the last member with that key stands, or an alias of it; nil if the mapping has none.
    func member(of mapping: Int, _ key: StaticString) -> Int? {
        var found: Int?
        var at = mapping + 1
        let end = mapping + Int(self[mapping].span)
        while at < end {
            let node = self[at]
            let value = at + Int(node.span)
            if isKey(node, key) { found = value }
            at = value + Int(self[value].span)
        }
        return found
    }

    @inline(__always)
    private func isKey(_ node: DocumentNode, _ key: StaticString) -> Bool {
        switch node.kind {
        // `<<` names members that are there themselves.
        case .merge: false
        case .alias: isScalar(self[Int(node.offset)], key)
        default: isScalar(node, key)
        }
    }

    /// True for a scalar with exactly this text.
    @inline(__always)
    func isScalar(_ node: DocumentNode, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard Int(node.length) == count, node.kind != .mapping, node.kind != .sequence else { return false }
        guard let bytes = unsafe self.text(of: node).baseAddress else { return count == 0 }
        return unsafe Bytes.areEqual(bytes, UnsafeRawPointer(text.utf8Start), count: count)
    }
}
