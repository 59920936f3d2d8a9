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

/// What the directives of one server block say, before its addresses are known.
struct BlockSettings {
    let zones: [String]
    /// Every word of the block, each once.
    var words: Set<String> = []
    /// nil without `bind`.
    var addresses: [BoundAddress]?
    var kubernetes: KubernetesSettings?
    var errors: ErrorsSettings?
    var log: [LogRule] = []
    var ready: ReadySettings?
    var health: HealthSettings?
    var forward: [ForwardSettings] = []
    var cache: CacheSettings?
    var prometheus: PrometheusSettings?
    var loop: LoopSettings?
    var reload: ReloadSettings?
    var loadbalance: LoadBalanceSettings?
    var bufsize: BufsizeSettings?
    var timeouts: TimeoutSettings?
    var nsid: NSIDSettings?
    var chaos: ChaosSettings?
    var cancel: CancelSettings?
    var multisocket: MultisocketSettings?
    /// The words `any`, `minimal`, `whoami` and `local` stand in the block.
    var flags: BlockFlags = []

    init(zones: [String]) {
        self.zones = zones
    }
}
