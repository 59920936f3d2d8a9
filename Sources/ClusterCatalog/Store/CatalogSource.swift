public import SourceText

/// Where objects come from: files and folders, a real cluster, or an array in a test.
public protocol CatalogSource: Sendable {
    /// Delivers the first load and then every change, one after the other, until the task is cancelled.
    ///
    /// Throws only where nothing can be delivered at all; input that goes bad later is reported in the updates.
    func run(_ deliver: @Sendable (CatalogUpdate) async -> Void) async throws
}

/// One delivery of a source: what changed, and how the source stands now.
public struct CatalogUpdate: Sendable {
    /// One snapshot to the next; may be empty where only the diagnostics changed.
    public var change: CatalogChange
    /// Every problem that holds now, sorted by place; not only the new ones.
    public var diagnostics: [Diagnostic]
    /// False until everything that was asked for could be read once. It stays true then.
    public var isComplete: Bool
    /// Since when something of the input has been bad, so that older objects are answered from; nil while all is good.
    public var staleSince: ContinuousClock.Instant?
    /// When the source first knew of the change; nil where it cannot say, as on the first load.
    public var noticedAt: ContinuousClock.Instant?
    /// How many objects of kinds that a catalog does not hold were passed over, by `apiVersion` and kind: `apps/v1
    /// Deployment`.
    public var ignoredKinds: [String: Int]
    /// Facts of this step that are worth a line in the log.
    public var notices: [CatalogNotice]

    public init(
        change: CatalogChange = CatalogChange(), diagnostics: [Diagnostic] = [], isComplete: Bool = true,
        staleSince: ContinuousClock.Instant? = nil, ignoredKinds: [String: Int] = [:], notices: [CatalogNotice] = []
    ) {
        self.change = change
        self.diagnostics = diagnostics
        self.isComplete = isComplete
        self.staleSince = staleSince
        self.ignoredKinds = ignoredKinds
        self.notices = notices
    }
}

/// What happened on the way to an update, for whoever writes the log.
public enum CatalogNotice: Hashable, Sendable {
    /// Files were read: how many, their size, how many pieces (documents or list elements) of them were parsed.
    case read(files: Int, byteCount: Int, parsedPieces: Int)
    /// The kernel dropped events; everything was looked through instead.
    case eventsLost
    /// The path gives no events, so that changes are found only by looking every so often; the reason comes from the
    /// kernel.
    case noEvents(path: String, reason: String)
    /// A path that the operator named is not there (yet, or any more).
    case rootMissing(path: String)
    /// A path that was missing can be read again.
    case rootReturned(path: String)
}
