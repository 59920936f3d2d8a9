public import LinuxIO
public import Plugins

/// What a server is told to serve.
public struct ServerPlan: Sendable {
    public var listeners: [Listener]
    /// UDP sockets and threads for each address.
    public var workers: Int
    public var pages: [PageListener]
    /// How long the server goes on answering, not ready, after it was told to stop.
    public var lameDuck: Duration

    public init(
        listeners: [Listener], workers: Int = usableProcessorCount(), pages: [PageListener] = [],
        lameDuck: Duration = .zero
    ) {
        self.listeners = listeners
        self.workers = workers
        self.pages = pages
        self.lameDuck = lameDuck
    }

    func workerCount(of listener: Listener) -> Int { max(listener.workers ?? workers, 1) }

    /// One address, UDP and TCP on the same port.
    public struct Listener: Sendable {
        /// Port 0: one that is free for both.
        public var address: SocketAddress
        public var plan: QueryPlan
        /// The machine need not have this address, nor its family.
        public var isOptional: Bool
        /// UDP sockets and threads; nil: as many as everywhere.
        public var workers: Int?
        /// For connections that are accepted from now on; nil: the server's own. Places are those of the server.
        public var streamLimits: StreamLimits?

        public init(
            _ address: SocketAddress, _ plan: QueryPlan, isOptional: Bool = false, workers: Int? = nil,
            streamLimits: StreamLimits? = nil
        ) {
            self.address = address
            self.plan = plan
            self.isOptional = isOptional
            self.workers = workers
            self.streamLimits = streamLimits
        }
    }
}

/// An address where pages are served over HTTP.
public struct PageListener: Sendable {
    /// Makes a page when it is asked for; told whether the server is about to leave.
    public typealias Maker = @Sendable (_ isLeaving: Bool) -> Page

    public var address: SocketAddress
    public var isOptional: Bool
    /// By path: "/health".
    public var pages: [String: Maker]

    public init(_ address: SocketAddress, isOptional: Bool = false, pages: [String: Maker]) {
        self.address = address
        self.isOptional = isOptional
        self.pages = pages
    }
}

/// What one page says.
public struct Page: Sendable {
    /// The code of HTTP: 200.
    public var status: Int
    public var contentType: String
    public var body: String

    public init(_ body: String, status: Int = 200, contentType: String = "text/plain; charset=utf-8") {
        self.body = body
        self.status = status
        self.contentType = contentType
    }

    /// `/health`: we run, and that is all it says; also while leaving.
    public static let health: PageListener.Maker = { _ in Page("OK") }

    /// `/ready`: 200, or 503 with the names of what is not ready, one a line.
    public static func ready(_ notReady: @escaping @Sendable () -> [String]) -> PageListener.Maker {
        { isLeaving in
            let names = isLeaving ? ["leaving"] : notReady()
            return names.isEmpty ? Page("OK") : Page(names.joined(separator: "\n"), status: 503)
        }
    }
}
