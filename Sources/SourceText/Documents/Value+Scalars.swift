extension Value {
    /// The text of a string; nil if this is anything else, a plain `yes` or `80` included.
    public var string: String? { kind == .string ? text : nil }

    /// A whole number that fits into 64 bits, else nil. A YAML float without a fraction (`8e1`) counts, as it does for
    /// the API server.
    public var integer: Int? {
        let node = node
        switch node.kind {
        case .number: return unsafe JSONNumber.integer(of: tape.pointee.text(of: node))
        case .plain: return unsafe PlainScalar.integer(of: tape.pointee.text(of: node))
        default: return nil
        }
    }

    /// `true` and `false`; for a plain YAML scalar also `yes`, `no`, `on`, `off`, `y` and `n`.
    public var boolean: Bool? {
        let node = node
        switch node.kind {
        case .true: return true
        case .false: return false
        case .plain: return unsafe PlainScalar.boolean(of: tape.pointee.text(of: node))
        default: return nil
        }
    }

    /// The text of any scalar as written, escapes and quotes resolved; empty for a mapping or sequence.
    public var text: String {
        unsafe withBytes { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
    }

    /// True for a scalar with exactly this text; makes no String.
    public func equals(_ text: StaticString) -> Bool {
        unsafe tape.pointee.isScalar(node, text)
    }

    /// The text of any scalar as UTF-8; no bytes for a mapping or sequence. The bytes must not leave the closure.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard !isContainer else { return try unsafe body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return try unsafe body(tape.pointee.text(of: node))
    }
}
