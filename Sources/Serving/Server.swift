public import LinuxIO
public import Logging
public import NIOCore
public import ServiceLifecycle

/// A running DNS server: every socket, thread and connection belongs to one value of this type, and any number of
/// them may live in one process.
///
/// Call `stop` before letting go of it; threads do not end by themselves.
public actor Server: Service {
    enum Stage { case new, running, stopped }

    var stage = Stage.new
    var turns = Turns()
    var plan: ServerPlan
    var listeners: [RunningListener] = []
    /// Given up, and still answering what had arrived.
    var retiring: [RunningListener] = []
    var pages: [PageServer] = []
    var nextID = 0
    /// What listeners counted that are gone.
    var retired = ServingCounts()

    let group: any EventLoopGroup
    let loops: StreamLoops
    let leaving = LeavingFlag()
    let logger: Logger

    /// - Parameter group: the threads for TCP and HTTP; its owner shuts it down after `stop`.
    public init(
        _ plan: ServerPlan, on group: any EventLoopGroup, limits: StreamLimits = StreamLimits(),
        logger: Logger = Logger(label: "clusterdns")
    ) {
        self.plan = plan
        self.group = group
        self.logger = logger
        loops = StreamLoops(group, limits: limits)
    }

    /// Where DNS is served, in the order of the plan, with real ports.
    public var addresses: [LinuxIO.SocketAddress] { listeners.map(\.address) }

    /// Where pages are served, in the order of the plan, with real ports.
    public var pageAddresses: [LinuxIO.SocketAddress] { pages.map(\.address) }

    public var counts: ServingCounts {
        var counts = retired
        for listener in listeners + retiring { counts.udp.add(listener.counts) }
        for counters in loops.counters { counts.add(counters) }
        return counts
    }

    /// Starts, serves until the process is asked to shut down, and stops.
    public func run() async throws {
        if stage == .new { try await start() }
        do {
            try await gracefulShutdown()
        } catch is CancellationError {
            // Told to hurry: stop without the lame-duck time.
        }
        await stop()
    }
}

/// Why a server cannot do what it was told.
public enum ServerError: Error, CustomStringConvertible {
    case notRunning, alreadyStarted

    public var description: String {
        switch self {
        case .notRunning: "the server is not running"
        case .alreadyStarted: "the server was started before"
        }
    }
}
