/// A look at one node of a `Document`: 16 bytes, no reference counted. It is valid inside the closure that it was given
/// to; a look after the document was read into again stops the program.
@safe public struct Value {
    /// As the API server reads YAML: YAML 1.1 scalars, quoted ones always strings.
    public enum Kind: Hashable, Sendable {
        case mapping, sequence, string, integer, float, boolean, null
    }

    let tape: UnsafeMutablePointer<Tape>
    let index: Int32
    private let generation: UInt32

    /// The value at `index`, or what it is an alias of.
    init(_ tape: UnsafeMutablePointer<Tape>, _ index: Int) {
        unsafe self.tape = unsafe tape
        self.index = Int32(truncatingIfNeeded: unsafe tape.pointee.target(of: index))
        generation = unsafe tape.pointee.generation
    }

    var node: DocumentNode {
        precondition(unsafe tape.pointee.generation == generation, "a Value outlived its document")
        return unsafe tape.pointee[Int(index)]
    }

    /// Counted from 1 in the file. An aliased value stands where its anchor stands.
    public var line: Int { Int(node.line) }

    /// Counted from 1 in characters of the line.
    public var column: Int { Int(node.column) }

    public var kind: Kind {
        let node = node
        switch node.kind {
        case .mapping: return .mapping
        case .sequence: return .sequence
        case .string: return .string
        case .true, .false: return .boolean
        case .null: return .null
        case .number: return unsafe JSONNumber.kind(of: tape.pointee.text(of: node))
        case .plain, .merge, .alias: return unsafe PlainScalar.kind(of: tape.pointee.text(of: node))
        }
    }

    public var isMapping: Bool { node.kind == .mapping }
    public var isSequence: Bool { node.kind == .sequence }

    /// Most scalars show with their first byte that they are not null.
    public var isNull: Bool {
        let node = node
        switch node.kind {
        case .mapping, .sequence, .string, .number, .true, .false: return false
        case .null: return true
        case .plain, .merge, .alias: return unsafe PlainScalar.isNull(tape.pointee.text(of: node))
        }
    }

    var isContainer: Bool { node.kind == .mapping || node.kind == .sequence }
}
