import LinuxIO
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Serves the pages of one address over HTTP.
final class PageServer: Sendable {
    let requested: LinuxIO.SocketAddress
    let address: LinuxIO.SocketAddress
    private let pages: PageShelf
    private let channel: any Channel

    /// A connection that says nothing goes.
    private static let idleTime = TimeAmount.seconds(30)

    init(
        _ port: ListeningPort, for plan: PageListener, leaving: LeavingFlag, group: any EventLoopGroup
    ) async throws {
        let pages = PageShelf(plan.pages, leaving: leaving)
        self.pages = pages
        requested = plan.address
        address = port.address
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(IdleStateHandler(allTimeout: Self.idleTime))
                    try pipeline.addHandler(PageHandler { pages.page($0) })
                }
            }
            .withBoundSocket(port.take().release())
            .get()
    }

    func replace(_ plan: PageListener) { pages.replace(plan.pages) }

    /// Lets another socket of this user listen on an address that overlaps ours.
    func share() async throws { try await channel.sharePort() }

    /// Requests that are being answered are not waited for: they are answered the moment they are read.
    func stop() async { await channel.closed() }
}

/// The pages that every connection of one address shows.
private final class PageShelf: Sendable {
    private let makers: Mutex<[String: PageListener.Maker]>
    private let leaving: LeavingFlag

    init(_ makers: [String: PageListener.Maker], leaving: LeavingFlag) {
        self.makers = Mutex(makers)
        self.leaving = leaving
    }

    func replace(_ makers: [String: PageListener.Maker]) { self.makers.withLock { $0 = makers } }

    func page(_ path: String) -> Page? { makers.withLock { $0[path] }?(leaving.isSet) }
}

/// Set once, when a server was told to stop.
final class LeavingFlag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
