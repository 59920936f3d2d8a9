public import ClusterCatalog
public import DNS
public import SourceText

/// The only owner of the last good state of one catalog: takes what a source delivers, publishes what is answered.
///
/// Nothing is answered from a half-filled store: until the first load is complete, what arrives is kept aside.
public actor Registry {
    /// The table that workers answer from.
    public nonisolated let table: Published<AnswerTable>
    /// How the catalog stands, for pages and logs.
    public nonisolated let status: Published<RegistryStatus>
    public nonisolated let settings: ClusterSettings
    private let zones: ClusterZones
    private var waiting = CatalogChange()
    /// Tables that were served. Each stays until nobody else holds it, so that no worker pays for freeing it: a change
    /// leaves some hundred pages behind, a large one all.
    private var retired: [AnswerTable] = []

    public init(_ settings: ClusterSettings, firstSerial: UInt32 = 1) {
        self.settings = settings
        zones = ClusterZones(settings, firstSerial: firstSerial)
        table = Published(zones.table)
        status = Published(RegistryStatus())
    }

    public nonisolated var isReady: Bool { status.value.isReady }

    /// Makes one delivery of the source one new snapshot; nothing different, nothing published.
    @discardableResult
    public func apply(_ update: CatalogUpdate) -> ZoneChange {
        guard update.isComplete else {
            waiting.updates += update.change.updates
            note(update, isReady: false)
            return ZoneChange()
        }
        let change = zones.apply(takeWaiting(and: update.change))
        if let new = change.table {
            retired.append(table.value)
            table.replace(new)
        }
        freeRetired()
        note(update, isReady: true)
        return change
    }

    /// Mostly nothing waits: a first load is not copied for that.
    private func takeWaiting(and change: CatalogChange) -> CatalogChange {
        guard !waiting.isEmpty else { return change }
        defer { waiting = CatalogChange() }
        // One update for a key: the last word counts.
        var seen: Set<ObjectKey> = []
        let last = (waiting.updates + change.updates).reversed().filter { seen.insert($0.key).inserted }
        return CatalogChange(updates: last.reversed())
    }

    /// Workers let go of a table soon after the next one is there. None takes hold of it again.
    private func freeRetired() {
        for index in retired.indices.reversed() where isKnownUniquelyReferenced(&retired[index]) {
            retired.remove(at: index)
        }
    }

    var currentZones: ClusterZones { zones }

    /// Every record that is answered, with the object that it comes from.
    public func records() -> [SourcedRecords] { zones.records() }

    private func note(_ update: CatalogUpdate, isReady: Bool) {
        var new = RegistryStatus()
        new.isReady = isReady || status.value.isReady
        new.diagnostics = update.diagnostics
        new.staleSince = update.staleSince
        new.nameCount = zones.table.nameCount
        new.serial = zones.serials.map(\.rawValue).max() ?? 0
        status.replace(new)
    }
}

/// How a catalog stands now.
public struct RegistryStatus: Sendable {
    /// True from the first complete load on.
    public var isReady = false
    /// Everything that is wrong with the input now; each was said once in the log.
    public var diagnostics: [Diagnostic] = []
    /// Since when answers have been older than the input, because the input cannot be used; nil when they are not.
    public var staleSince: ContinuousClock.Instant?
    public var nameCount = 0
    /// Generation of the content: the highest serial of its zones.
    public var serial: UInt32 = 0

    public init() {}
}
