import LinuxIO
import SourceText

/// Everything the folder knows, and one step of its work. One thread uses it; it never waits.
///
///   note            takes events in and finds out which files to read, which folders to look through (+Events)
///   step            looks through (+Listing), reads (+Reading), decides about what is gone (+Retention),
///                   and says what changed (+Report)
final class FolderState {
    let settings: CatalogFolder.Settings
    let surroundings: (any FolderSurroundings)?
    var roots: [Root]
    var records: [FileRecord?] = []
    var indexes: [String: Int32] = [:]
    var ledger = ObjectLedger()
    /// Places in `records` that are free once the step's changes were taken.
    var freedIndexes: [Int32] = []
    /// Files whose pieces were replaced in this step.
    var rereadFiles: [FileRecord] = []

    // What is to be done.
    /// Files to read in the next step, with the root that they belong to.
    var dirtyFiles: [String: Int] = [:]
    /// Roots to look through in the next step, and whether what is found there is surely complete.
    var dirtyRoots: [Int: Trust] = [:]
    /// Files that somebody writes, with the time to read them even if he does not close them.
    var writing: [String: Writing] = [:]
    /// How often this step has looked through everything that is marked.
    var round = 0
    var firstEvent: ContinuousClock.Instant?
    var lastEvent: ContinuousClock.Instant?
    var nextRescan: ContinuousClock.Instant

    // What is watched, and whether it can be.
    var watched: [String: Set<WatchRole>] = [:]
    var unwatchable: Set<String> = []

    // What was said last.
    var isComplete = false
    var notices: [CatalogNotice] = []
    var lastReport = Report()
    var ignoredKinds: [String: Int] = [:]
    var isReportDue = true
    /// A file came or went, so that files that are kept for want of others may go now.
    var isPresenceDue = false

    /// One path that the operator gave.
    struct Root {
        let path: String
        /// It could be looked through at least once.
        var wasSeen = false
        /// Why it cannot be looked through now.
        var problem: Diagnostic?
        /// Folders in it that cannot be looked through now.
        var unreadable: [(path: String, problem: Diagnostic)] = []
        var badSince: ContinuousClock.Instant?
        var lastEvent: ContinuousClock.Instant?
    }

    /// Whether a file that was found by looking can be taken as complete.
    enum Trust: Int, Comparable {
        /// Its writer may still be at it: nobody told.
        case unsure
        /// It came in by a rename, or this is the first load.
        case complete

        static func < (left: Trust, right: Trust) -> Bool { left.rawValue < right.rawValue }
    }

    struct Writing {
        let root: Int
        var deadline: ContinuousClock.Instant
        /// How the file looked when it was last looked at, where no event tells of writes.
        var identity: FileIdentity?
    }

    /// Why a folder is watched.
    enum WatchRole: Hashable {
        /// Its files belong to the root.
        case contents(root: Int)
        /// The root lies in it.
        case parent(root: Int)
    }

    init(_ paths: [String], _ settings: CatalogFolder.Settings, _ surroundings: (any FolderSurroundings)?) {
        self.settings = settings
        self.surroundings = surroundings
        var seen: Set<String> = []
        roots = paths.map(PathText.root).filter { seen.insert($0).inserted }.map { Root(path: $0) }
        nextRescan = (surroundings?.now ?? .now) + settings.rescanInterval
    }

    var now: ContinuousClock.Instant { surroundings?.now ?? .now }

    /// When the next step is due; nil never happens while something is watched.
    var deadline: ContinuousClock.Instant? {
        var deadlines = [nextRescan]
        if let firstEvent, let lastEvent {
            deadlines.append(min(lastEvent + settings.debounce, firstEvent + settings.longestDebounce))
        }
        deadlines += writing.values.map(\.deadline)
        deadlines += missingDeadlines
        return deadlines.min()
    }

    /// Reads everything.
    ///
    /// - Throws: the `Diagnostic` of a path that is not there, if the settings say so.
    func firstStep() throws(Diagnostic) -> CatalogUpdate {
        for index in roots.indices {
            dirtyRoots[index] = .complete
        }
        work()
        if settings.startup == .fail {
            for root in roots { if let problem = root.problem { throw problem } }
            for record in records.lazy.compactMap(\.self) where roots[record.root].path == record.path {
                if let obstacle = record.obstacle, !record.wasRead { throw obstacle }
            }
        }
        return takeUpdate(always: true) ?? CatalogUpdate()
    }

    /// Does what is due.
    ///
    /// - Returns: nil if nothing came of it.
    func step() -> CatalogUpdate? {
        if nextRescan <= now {
            nextRescan = now + settings.rescanInterval
            for index in roots.indices { markRoot(index, .unsure) }
        }
        takeQuietFiles()
        work()
        return takeUpdate(always: false)
    }

    private func work() {
        firstEvent = nil
        lastEvent = nil
        // A ConfigMap that changes while it is read is looked through again, so that all files are of one version.
        round = 0
        repeat {
            let roots = dirtyRoots
            dirtyRoots = [:]
            for (index, trust) in roots.sorted(by: { $0.key < $1.key }) { lookThrough(root: index, trust) }
            let files = dirtyFiles.sorted { $0.key < $1.key }
            dirtyFiles = [:]
            readAll(files)
            round += 1
        } while !dirtyRoots.isEmpty && round < 5
        decideAboutMissingFiles()
    }

    func record(at path: String) -> FileRecord? { indexes[path].flatMap { records[Int($0)] } }

    /// Whether the left provider counts before the right one: by path, then by the place in the file.
    func isFirst(_ left: Provider, _ right: Provider) -> Bool {
        guard left.file == right.file else { return path(of: left) < path(of: right) }
        return position(of: left) < position(of: right)
    }

    private func path(of provider: Provider) -> String { records[Int(provider.file)]?.path ?? "" }

    private func position(of provider: Provider) -> Int32 {
        guard provider.piece != Provider.retained else { return -1 }
        return records[Int(provider.file)]?.positions[Int(provider.piece)] ?? -1
    }
}
