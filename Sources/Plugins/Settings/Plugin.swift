import SourceText

/// A word of the Corefile: what it is for, how it is written and, if this version has it, how it is read.
public struct Plugin: Sendable {
    /// An option in the block of a plugin.
    public struct Option: Hashable, Sendable {
        /// "ttl SECONDS"; for a refused option its name.
        public var line: String
        /// For a refused option: what to do without it.
        public var meaning: String
        public var isSupported: Bool
    }

    typealias Read =
        @Sendable (_ directive: Corefile.Directive, _ block: inout BlockSettings, _ reading: inout Reading) -> Void

    public let word: String
    /// "kubernetes [ZONES…]"
    public let line: String
    /// A sentence; for a refused plugin what to do without it.
    public let meaning: String
    public let options: [Option]
    public var isSupported: Bool { read != nil }
    /// For a plugin whose line is accepted and does nothing: why that is so. Half a sentence.
    public let note: String?
    let isRepeatable: Bool
    let read: Read?

    /// A plugin that this version has.
    init<Settings>(
        _ word: String, _ arguments: String, _ meaning: String, isRepeatable: Bool = false,
        note: String? = nil, options: [Property<Settings>], read: @escaping Read
    ) {
        self.word = word
        self.line = arguments.isEmpty ? word : "\(word) \(arguments)"
        self.note = note
        self.meaning = meaning
        self.isRepeatable = isRepeatable
        self.options = options.map { Option(line: $0.line, meaning: $0.meaning, isSupported: $0.syntax != nil) }
        self.read = read
    }

    private init(refused word: String, _ remedy: String) {
        self.word = word
        line = word
        meaning = remedy
        options = []
        note = nil
        isRepeatable = true
        read = nil
    }

    /// A plugin of CoreDNS that this version does not have, and what to do instead.
    static func refused(_ word: String, _ remedy: String) -> Plugin { Plugin(refused: word, remedy) }
}

/// What the directives of one server block say, before its zones and addresses are known.
///
/// A word's settings are those of the `ServerBlock` that they become: `settings.cache` is `settings.said.cache`.
@dynamicMemberLookup
struct BlockSettings {
    let zones: [String]
    /// nil without `bind`.
    var addresses: [BoundAddress]?
    /// What is said of the block, whatever its port.
    private(set) var said: ServerBlock

    init(zones: [String], at location: SourceLocation) {
        self.zones = zones
        said = ServerBlock(zones: [], listen: [], at: location)
    }

    subscript<Value>(dynamicMember word: WritableKeyPath<ServerBlock, Value>) -> Value {
        get { said[keyPath: word] }
        set { said[keyPath: word] = newValue }
    }
}
