import ClusterCatalog
import DNS
public import LinuxIO
public import Logging
import NIOCore
import NIOPosix
import Plugins
public import ServiceLifecycle
import SourceText
public import Zones

/// A configuration at work: catalogs, registries, plans and the server that runs them (walk 4).
///
/// Starting and reloading are the same way: read everything, open every catalog, bind every address, and only then
/// swap; an error on the way leaves everything as it was.
public actor Deployment: ServiceLifecycle.Service {
    private let configuration: Configuration
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private var server: Server?
    /// Where `log` and `errors` write: standard output.
    private let lines = LineWriter(to: 1)
    private var lineThread: WorkerThread?
    private var catalogs: [KubernetesSettings: CatalogRun] = [:]
    private var upstreams = Upstreams()
    private var blocks: [ServerBlock] = []
    private var measures = Measures()
    /// What is counted from the first start to the end, through every reload.
    private let programming = ProgrammingDurations()
    private let localNames = LocalNames()
    private var lasting: [MetricsRegistration] = []
    private let surroundings: PlanSurroundings
    private var cookieRoll: Task<Void, Never>?
    /// What is served, or was last refused.
    private var lastRead: CorefileCopy?
    nonisolated let reloads = ReloadStatus()
    private var reloadLoop: ReloadLoop?
    private let health = HealthRecord()
    private var healthPoll: HealthPoll?
    private var reloadSamples: MetricsRegistration?
    private var healthSamples: MetricsRegistration?
    private var turns = Turns()

    public init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.workers)
        surroundings = PlanSurroundings(write: lines.write)
        lasting = [
            surroundings.metrics.register { [programming] in $0.add(programming) },
            surroundings.metrics.register { [localNames] in $0.add(localNames.samples) },
        ]
    }

    /// Returns when every address is bound and every catalog that can be loaded within its `startup_timeout` is.
    /// - Throws: `ConfigurationError` with everything that is wrong, or why an address cannot be had.
    public func start() async throws {
        do {
            lineThread = try lines.start()
            cookieRoll = rollCookies(surroundings.cookies)
            try await install(try readBlocks())
            watch()
        } catch {
            await end()
            throw error
        }
    }

    /// Runs until it is told to stop, then drains.
    public func run() async throws {
        if server == nil { try await start() }
        try await server?.run()
        await end()
    }

    /// For those who run it without a service group: answers what has arrived, and ends.
    public func stop() async {
        await server?.stop()
        await end()
    }

    private func end() async {
        cookieRoll?.cancel()
        reloadLoop?.stop()
        await healthPoll?.stop()
        await upstreams.end().finish()
        await stopCatalogs(keeping: [])
        lines.finish()
        await waitForLastLines()
        do { try await group.shutdownGracefully() } catch { logger.error("the event loops did not end well: \(error)") }
    }

    /// A second at the most: whoever does not read the log must not keep us from ending.
    private func waitForLastLines() async {
        guard let lineThread else { return }
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let written = Task {
            await lineThread.wait()
            end.finish()
        }
        let timer = Task {
            try await Task.sleep(for: .seconds(1))
            end.finish()
        }
        for await _ in ends {}
        written.cancel()
        timer.cancel()
    }

    /// Reads the Corefile again. Whatever is wrong with it, nothing changes and the log says what.
    public func reload() async {
        guard case .corefile(let path) = configuration.source else {
            return logger.notice("SIGHUP: there is no Corefile to read again; catalogs are followed as they change")
        }
        await inTurn { await change(to: CorefileCopy(path, for: configuration), path) }
    }

    /// The same when something was written since: a broken Corefile is complained about once, not at every look.
    func reloadIfWritten() async {
        guard case .corefile(let path) = configuration.source else { return }
        await inTurn {
            let copy = CorefileCopy(path, for: configuration)
            if copy.hash != lastRead?.hash { await change(to: copy, path) }
        }
    }

    private func change(to copy: CorefileCopy, _ path: String) async {
        do {
            try await install(try blocks(of: copy))
            watch()
            logger.notice("\(path): reloaded")
        } catch {
            reloads.fail()
            logger.error("\(path): not reloaded, everything stays as it was\n\(error)")
        }
    }

    /// SIGHUP and `reload` may come at the same time.
    private func inTurn(_ body: () async -> Void) async {
        if turns.mustWait() { await withCheckedContinuation { turns.wait($0) } }
        defer { turns.pass() }
        await body()
    }

    /// What goes on beside what is served, as the newest blocks want it.
    private func watch() {
        if let lastRead { reloads.serve(lastRead.version) }
        let wanted = ReloadLoop.pace(of: blocks)
        if reloadLoop?.pace != wanted {
            reloadLoop?.stop()
            reloadLoop = wanted.map { ReloadLoop($0) { [weak self] in await self?.reloadIfWritten() } }
        }
        let isMeasured = blocks.contains { $0.prometheus != nil }
        let page = isMeasured ? blocks.lazy.compactMap(\.health?.listen.first).first : nil
        if healthPoll?.address != page {
            if let old = healthPoll { Task { await old.stop() } }
            healthPoll = page.map { HealthPoll($0, on: group, into: health) }
        }
        let metrics = surroundings.metrics
        if reloadSamples == nil { reloadSamples = metrics.register { [reloads] in $0.add(reloads.samples) } }
        if healthSamples == nil, healthPoll != nil {
            healthSamples = metrics.register { [health] in $0.add(health.samples) }
        }
    }

    // MARK: What is served

    public var addresses: [LinuxIO.SocketAddress] {
        get async { await server?.addresses ?? [] }
    }

    /// Where `/health` and `/ready` are served.
    public var pageAddresses: [LinuxIO.SocketAddress] {
        get async { await server?.pageAddresses ?? [] }
    }

    /// How every catalog stands.
    public var statuses: [RegistryStatus] { catalogs.values.map { $0.registry.status.value } }

    /// A line for each catalog: what it gives.
    public var summary: [String] {
        catalogs.sorted { $0.key.catalog.lexicographicallyPrecedes($1.key.catalog) }.map { settings, run in
            let status = run.registry.status.value
            let zones = settings.zones.joined(separator: ", ")
            let state = status.isReady ? "\(status.nameCount) names" : "not loaded yet"
            return "\(zones) from \(settings.catalog.joined(separator: ", ")): \(state)"
        }
    }

    /// A few questions that have an answer here, as arguments of `dig`.
    public var sampleQueries: [String] {
        get async {
            for run in catalogs.values {
                let samples = await run.registry.sampleQueries()
                if !samples.isEmpty { return samples }
            }
            return []
        }
    }

    // MARK: Walk 4

    private func readBlocks() throws -> [ServerBlock] {
        switch configuration.source {
        case .blocks(let blocks): return blocks.map(withWildcards)
        case .corefile(let path): return try self.blocks(of: CorefileCopy(path, for: configuration))
        }
    }

    private func blocks(of copy: CorefileCopy) throws -> [ServerBlock] {
        lastRead = copy
        for warning in copy.diagnostics where warning.severity == .warning { logger.warning("\(warning)") }
        guard !copy.diagnostics.contains(where: { $0.severity == .error }) else {
            throw ConfigurationError(diagnostics: copy.diagnostics)
        }
        return copy.blocks
    }

    /// No address on the command line means all of them.
    private func withWildcards(_ block: ServerBlock) -> ServerBlock {
        guard block.listen.isEmpty else { return block }
        var open = block
        open.listen = [IPAddress.anyIPv4, .anyIPv6].map { LinuxIO.SocketAddress($0, port: configuration.defaultPort) }
        open.isBound = false
        return open
    }

    private func install(_ new: [ServerBlock]) async throws {
        let wanted = Set(new.compactMap(\.kubernetes))
        var runs = catalogs.filter { wanted.contains($0.key) }
        let started = wanted.subtracting(runs.keys)
        for settings in started { runs[settings] = makeRun(settings, for: new) }
        var problems: [Diagnostic] = []
        let opened = upstreams.open(for: new, on: group, logger: logger, problems: &problems)
        do {
            if !problems.isEmpty { throw ConfigurationError(diagnostics: problems) }
            for settings in started { try await waitForFirstLoad(of: runs[settings], settings) }
            try await serve(plan(for: new, runs))
        } catch {
            for settings in started { await runs[settings]?.stop() }
            upstreams.close(opened)
            throw error
        }
        catalogs = catalogs.merging(runs) { $1 }
        blocks = new
        upstreams.keep(new)
        upstreams.beginGuarding()
        measures.follow(new, parts(with: runs), in: surroundings.metrics)
        await stopCatalogs(keeping: wanted)
    }

    /// At the start a catalog may be late. A reload must not put one that cannot be read in place of one that is served.
    private func waitForFirstLoad(of run: CatalogRun?, _ settings: KubernetesSettings) async throws {
        try await run?.waitForFirstLoad(atMost: configuration.waitsForCatalogs ? settings.startupTimeout : nil)
        guard !catalogs.isEmpty, run?.registry.isReady == false else { return }
        throw ConfigurationError(diagnostics: [
            Diagnostic(
                .error, at: settings.location,
                "the catalog \(settings.catalog.joined(separator: ", ")) could not be loaded within "
                    + "\(settings.startupTimeout); mend it, or raise startup_timeout, and reload again")
        ])
    }

    private func serve(_ plan: ServerPlan) async throws {
        if let server { return try await server.replace(with: plan) }
        let server = Server(plan, on: group, logger: logger)
        try await server.start()
        self.server = server
    }

    private func makeRun(_ settings: KubernetesSettings, for blocks: [ServerBlock]) -> CatalogRun {
        let listening = blocks.filter { $0.kubernetes == settings }.flatMap(\.listen)
        // A zone that is made anew goes on counting where it stood, so that its serial never runs backwards.
        let serial = catalogs.values.map { $0.registry.status.value.serial }.max() ?? 0
        let registry = Registry(
            ClusterSettings(settings, serverAddresses: serverAddresses(listening)), firstSerial: serial + 1)
        let source = CatalogFolder(
            paths: settings.catalog, settings: .init(startup: configuration.waitsForCatalogs ? .wait : .fail))
        return CatalogRun(
            registry, from: source, named: settings.catalog.joined(separator: ", "), logger: logger,
            measures: programming)
    }

    /// What `ns.dns.ZONE` points to: the addresses that queries come to, loopback only when there is no other.
    private func serverAddresses(_ listening: [LinuxIO.SocketAddress]) -> [IPAddress] {
        var found: [IPAddress] = []
        for address in listening.map(\.address) where !address.isUnspecified { found.append(address) }
        if listening.contains(where: \.address.isUnspecified) {
            do {
                found += try machineAddresses()
            } catch {
                logger.warning("the machine's own addresses are unknown, so ns.dns has none: \(error)")
            }
        }
        let outside = found.filter { !$0.isLoopback && !$0.isLinkLocal }
        return Array(Set(outside.isEmpty ? found : outside)).sorted()
    }

    private func parts(with runs: [KubernetesSettings: CatalogRun]) -> PlanParts {
        PlanParts(
            registries: runs.mapValues(\.registry), forwarders: upstreams.leases, caches: upstreams.caches)
    }

    private func plan(for blocks: [ServerBlock], _ runs: [KubernetesSettings: CatalogRun]) -> ServerPlan {
        let parts = parts(with: runs)
        let maker = PlanMaker(
            blocks: blocks, parts: parts, surroundings: surroundings, localNames: localNames, hostName: machineName())
        return ServerPlan(
            listeners: maker.listeners(), workers: configuration.workers,
            pages: StatusPages(blocks: blocks, registries: parts.registries, metrics: surroundings.metrics).listeners(),
            lameDuck: blocks.compactMap(\.health?.lameduck).max() ?? .zero)
    }

    private func stopCatalogs(keeping wanted: Set<KubernetesSettings>) async {
        for (settings, run) in catalogs where !wanted.contains(settings) {
            catalogs[settings] = nil
            await run.stop()
        }
    }
}
