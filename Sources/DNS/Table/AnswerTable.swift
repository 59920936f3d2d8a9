/// What a server knows, compiled and frozen: owner name → rendered answers, for all zones of one plan step.
///
/// Written once by `AnswerTableBuilder`, then only read, by any number of threads. A table made from another shares
/// every index page and arena chunk that did not change.
@safe public final class AnswerTable: Sendable {
    let pages: [IndexPage]
    let arena: Arena
    let seed: UInt64
    /// Owner names, empty non-terminals included.
    public let nameCount: Int
    public let zones: [ZoneDescription]

    /// What the query path reads. Whoever keeps a view must hold the table as long.
    public let view: TableView
    let wildcardCount: Int

    init(
        pages: [IndexPage], arena: Arena, seed: UInt64, nameCount: Int, zones: [ZoneDescription], wildcardCount: Int
    ) {
        precondition(!pages.isEmpty && zones.count <= 255)
        self.pages = pages
        self.arena = arena
        self.seed = seed
        self.nameCount = nameCount
        self.zones = zones
        self.wildcardCount = wildcardCount
        view = TableView(pages, arena, zones, seed: seed, hasWildcards: wildcardCount > 0)
    }

    deinit { view.deallocate() }

    /// A table of zones that hold nothing, for the time before the first load.
    public convenience init(emptyWith zones: [ZoneDescription]) {
        self.init(
            pages: [IndexPage()], arena: Arena(), seed: NameHash.seed, nameCount: 0, zones: zones, wildcardCount: 0)
    }

    /// The seed that `Query.read` must hash with: one for all tables of a process.
    public static var hashSeed: UInt64 { NameHash.seed }
}
