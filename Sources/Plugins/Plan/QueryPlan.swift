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
        public var logs: [PlannedLog]
        /// Whether failures are written to the log (`errors`).
        public var logsErrors: Bool

        public init(zone: Name, steps: [QueryStep], logs: [PlannedLog] = [], logsErrors: Bool = false) {
            self.zone = zone
            self.steps = steps
            self.logs = logs
            self.logsErrors = logsErrors
        }
    }

    let blocks: [Block]
    let zones: ZoneList
    /// Where this plan is asked: for the log.
    let server: SocketAddress
    let write: @Sendable (String) -> Void

    /// - Parameter write: takes one line of the log, without its end.
    public init(_ blocks: [Block], server: SocketAddress, write: @escaping @Sendable (String) -> Void = { _ in }) {
        self.blocks = blocks
        zones = ZoneList(blocks.map(\.zone))
        self.server = server
        self.write = write
    }

    /// A desk for one worker; desks share nothing but the plan.
    public func makeDesk() -> QueryDesk { QueryDesk(self) }
}

/// One thing that may answer a query.
public enum QueryStep: Sendable {
    /// A compiled table: the zones of `kubernetes`.
    case zones(Published<AnswerTable>)
}

/// A rule of `log`, ready for the query path.
public struct PlannedLog: Sendable {
    let zones: ZoneList
    let classes: LogRule.Classes
    let format: LogFormat

    public init(_ rule: LogRule) {
        zones = ZoneList(rule.zones.compactMap { Name($0) })
        classes = rule.classes
        format = rule.format
    }
}

public enum Transport: String, Sendable {
    case udp, tcp

    @inline(__always)
    var limits: AnswerLimits { self == .udp ? .udp : .tcp }
}
