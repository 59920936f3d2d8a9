import LinuxIO
public import SourceText
import Synchronization

/// Catalog files: single ones and whole folders, read once and then watched.
///
/// Input that is half-written, empty, missing or broken never changes an answer: the objects of before stay, and the
/// update says why.
public struct CatalogFolder: CatalogSource {
    /// What to do about a path that is not there at the start.
    public enum Startup: Hashable, Sendable {
        /// `run` throws the `Diagnostic`.
        case fail
        /// The updates are not complete until it can be read.
        case wait
    }

    /// How patient the folder is. The defaults are right for everything but tests.
    public struct Settings: Sendable {
        public var startup: Startup
        /// Everything is looked through this often, for what gives no events.
        public var rescanInterval: Duration = .seconds(5)
        /// A change is read when nothing has happened for so long …
        public var debounce: Duration = .milliseconds(2)
        /// … but this long after its first event at the latest.
        public var longestDebounce: Duration = .milliseconds(20)
        /// The objects of a deleted file stay so long, for editors that delete a file and write it again …
        public var deletionGrace: Duration = .milliseconds(250)
        /// … and while the folder is busy, up to this long.
        public var longestDeletionGrace: Duration = .milliseconds(2500)
        /// A file whose writer does not close it is read after so long without a write.
        public var quietTime: Duration = .seconds(1)
        /// Larger files are not read.
        public var byteCountLimit = 256 << 20

        public init(startup: Startup = .wait) { self.startup = startup }
    }

    /// Objects from which on a change leaves enough behind on the heap to be worth giving back.
    private static let largeChange = 5000

    /// Files and folders as the operator wrote them.
    public let paths: [String]
    public let settings: Settings
    private let makeSurroundings: @Sendable () throws(SystemError) -> any FolderSurroundings

    public init(paths: [String], settings: Settings = Settings()) {
        self.init(paths: paths, settings: settings) { () throws(SystemError) in KernelSurroundings() }
    }

    /// For tests, which turn the clock by hand.
    init(
        paths: [String], settings: Settings,
        makeSurroundings: @escaping @Sendable () throws(SystemError) -> any FolderSurroundings
    ) {
        self.paths = paths
        self.settings = settings
        self.makeSurroundings = makeSurroundings
    }

    /// Delivers the first load and every change after it. The files are read on a thread of their own, which waits
    /// while an update is delivered.
    public func run(_ deliver: @Sendable (CatalogUpdate) async -> Void) async throws {
        let surroundings = try makeSurroundings()
        let control = FolderLoop.Control(surroundings)
        let (updates, outbox) = AsyncThrowingStream.makeStream(of: CatalogUpdate.self)
        outbox.onTermination = { _ in control.stop() }
        let loop = FolderLoop(control, outbox) { [paths, settings] in FolderState(paths, settings, surroundings) }
        let thread = try WorkerThread(name: "catalog-folder", loop.run)
        do {
            var iterator = updates.makeAsyncIterator()
            while let isLarge = try await deliverNext(of: &iterator, control, deliver) {
                guard isLarge else { continue }
                returnFreedMemory()
            }
        } catch {
            await thread.wait()
            throw error
        }
        control.stop()
        await thread.wait()
    }

    /// A function of its own, so that the update is gone when what it left behind is given back.
    ///
    /// - Returns: whether the update was large; nil when there is none any more.
    private func deliverNext(
        of updates: inout AsyncThrowingStream<CatalogUpdate, any Error>.AsyncIterator, _ control: FolderLoop.Control,
        _ deliver: @Sendable (CatalogUpdate) async -> Void
    ) async throws -> Bool? {
        guard let update = try await updates.next() else { return nil }
        let isLarge = update.change.updates.count > Self.largeChange
        // What reading left behind goes before the answers are made.
        if isLarge { returnFreedMemory() }
        await deliver(update)
        control.noteDelivery()
        return isLarge
    }
}

/// Reads files and folders once.
///
/// - Returns: every object; every problem, sorted by place; how many objects of kinds that a catalog does not hold were
///   passed over, by
///   `apiVersion` and kind.
/// - Throws: a `Diagnostic` if a path is not there or cannot be opened.
public func loadCatalog(
    paths: [String], byteCountLimit: Int = CatalogFolder.Settings().byteCountLimit
) throws(Diagnostic) -> (change: CatalogChange, diagnostics: [Diagnostic], ignoredKinds: [String: Int]) {
    var settings = CatalogFolder.Settings(startup: .fail)
    settings.byteCountLimit = byteCountLimit
    let state = FolderState(paths, settings, nil)
    let update = try state.firstStep()
    return (update.change, update.diagnostics, update.ignoredKinds)
}
