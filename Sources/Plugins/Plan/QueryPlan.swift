public import DNS
public import LinuxIO

/// What the queries of one listening address meet: server blocks by zone, each with its steps in plugin order.
///
/// Made by `PlanMaker` from checked settings and never changed; a reload makes another.
public final class QueryPlan: Sendable {
    /// One zone of a server block.
    public struct Block: Sendable {
        public var zone: Name
        /// In the order of `PluginList`.
        public var steps: [QueryStep]
        public var options = BlockOptions()
        public var wayBack = WayBack()

        public init(zone: Name, steps: [QueryStep]) {
            self.zone = zone
            self.steps = steps
        }
    }

    let blocks: [Block]
    let zones: ZoneList
    /// Where this plan is asked: for the log.
    let server: SocketAddress
    let surroundings: PlanSurroundings

    public init(_ blocks: [Block], server: SocketAddress, surroundings: PlanSurroundings = PlanSurroundings()) {
        self.blocks = blocks
        zones = ZoneList(blocks.map(\.zone))
        self.server = server
        self.surroundings = surroundings
    }

    /// A desk for one worker; desks share nothing but the plan.
    ///
    /// - Parameter transport: how the queries of this worker come.
    public func makeDesk(for transport: Transport = .udp) -> QueryDesk { QueryDesk(self, for: transport) }

    func write(_ line: String) { surroundings.write(line) }
}

/// What the plans of one deployment share.
public struct PlanSurroundings: Sendable {
    /// Takes one line of the log, without its end.
    public var write: @Sendable (String) -> Void
    /// What server cookies are made with; rolled from time to time.
    public var cookies: Published<CookieSecrets>
    /// Counts what is asked and answered in the blocks that `prometheus` names.
    public var metrics: MetricsRegistry

    public init(
        cookies: Published<CookieSecrets> = .random(),
        metrics: MetricsRegistry = MetricsRegistry(build: BuildInfo(version: clusterDNSVersion)),
        write: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.cookies = cookies
        self.metrics = metrics
        self.write = write
    }
}

extension Published<CookieSecrets> {
    /// Two new secrets.
    public static func random() -> Published<CookieSecrets> {
        var source = SystemRandomNumberGenerator()
        return Published(
            CookieSecrets(current: CookieSecret(using: &source), previous: CookieSecret(using: &source)))
    }
}

/// One thing that may answer a query.
public enum QueryStep: Sendable {
    /// Names that mean the machine itself.
    case local(LocalNames)
    /// A small answer to questions for every type (RFC 8482).
    case any
    /// Questions about the server, in class CH.
    case chaos(ChaosAnswers)
    /// A compiled table: the zones of `kubernetes`.
    case zones(Published<AnswerTable>)
    /// Answers that others have given.
    case cache(PlannedCache)
    /// Others, who are asked.
    case forward(PlannedForward)
    /// Tells the client who it is.
    case whoami
}

extension QueryPlan {
    /// Whether anybody may know a name that one table does not have: another table, an upstream, a step of our own.
    var leadsSomewhere: Bool {
        var tableCount = 0
        for step in blocks.flatMap(\.steps) {
            switch step {
            case .zones: tableCount += 1
            case .any, .chaos, .cache: break
            case .local, .forward, .whoami: return true
            }
        }
        return tableCount > 1
    }
}

public enum Transport: String, Sendable {
    case udp, tcp
}

/// What the answers of a block may say, and how large they may be.
public struct BlockOptions: Sendable {
    /// Octets of an answer over UDP (`bufsize`).
    public var udpByteCount = 1232
    /// Which server this is, for those who ask (`nsid`).
    public var serverID: ServerID?
    /// For how long an idle TCP connection stays open; told to those who ask (RFC 7828).
    public var idleTime: Duration?
    /// How long a query may wait for others (`cancel`).
    public var patience: Duration?

    public init() {}

    /// Nil where `forward` ends sooner by itself.
    var shortPatience: Duration? { patience.flatMap { $0 < .seconds(5) ? $0 : nil } }

    func limits(for transport: Transport) -> AnswerLimits {
        var limits = transport == .udp ? AnswerLimits.udp(atMost: udpByteCount) : .tcp
        limits.nsid = serverID?.view
        if transport == .tcp, let idleTime { limits.keepalive = UInt16(clamping: idleTime.components.seconds * 10) }
        return limits
    }
}
