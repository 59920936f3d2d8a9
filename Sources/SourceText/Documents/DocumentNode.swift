/// What a node of the tape is. Plain scalars and numbers get their type when someone asks for it: most are never asked.
@frozen public enum NodeKind: UInt8, Sendable {
    case mapping, sequence
    /// A YAML scalar without quotes: its text decides what it is.
    case plain
    /// A quoted or block scalar, or a JSON string.
    case string
    /// A JSON number.
    case number
    case `true`, `false`, null
    /// Stands for the node at `offset`, which is never an alias itself.
    case alias
    /// The plain YAML key `<<`.
    case merge
}

/// One node of a document, 24 bytes. Children follow their parent at once, in the order of the text.
@frozen public struct DocumentNode: Sendable {
    public internal(set) var kind: NodeKind
    /// Counted from 1 in the file.
    var line: UInt32
    /// Counted from 1 in characters.
    var column: UInt32
    /// The number of nodes of this subtree, with the node itself; 0 while a container is still open.
    public internal(set) var span: UInt32
    /// Scalar: first byte in the text. Alias: index of the target. Container: `span` with every alias expanded.
    public internal(set) var offset: UInt32
    /// Scalar: byte count. Container: number of members or elements.
    public internal(set) var length: UInt32
}
