/// One document as a flat tape of nodes, and the text of its scalars. A reader fills it again and again: in the steady
/// state no document allocates. Not Sendable: one task reads with it.
@safe public final class Document {
    let tape: UnsafeMutablePointer<Tape>

    public init() {
        unsafe tape = .allocate(capacity: 1)
        unsafe tape.initialize(to: Tape())
    }

    deinit {
        unsafe tape.deinitialize(count: 1)
        unsafe tape.deallocate()
    }

    /// Bytes that the buffers hold at the moment.
    public var residentByteCount: Int { unsafe tape.pointee.residentBytes }

    /// The value that the whole document is; nil before anything was read.
    var root: Value? {
        guard unsafe tape.pointee.isComplete else { return nil }
        return unsafe Value(tape, 0)
    }
}
