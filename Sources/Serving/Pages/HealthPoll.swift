import LinuxIO
import NIOCore
import NIOHTTP1
import NIOPosix
import Plugins

/// What the server finds when it asks its own `/health`: a process that is too busy shows here first.
final class HealthRecord: Sendable {
    let durations = DurationHistogram(.health)
    let failures = SharedCounter()

    func observe(_ duration: Duration, succeeded: Bool) {
        durations.observe(duration)
        if !succeeded { failures.add() }
    }

    var samples: HealthSamples { HealthSamples(durations: durations.value, failures: failures.current) }
}

/// Asks a page of our own once a second, as a probe would, over a connection of its own.
struct HealthPoll {
    let address: LinuxIO.SocketAddress
    private let task: Task<Void, Never>

    private static let interval = Duration.seconds(1)
    private static let timeout = TimeAmount.seconds(5)

    /// - Parameter address: where the page is served; the loopback address is asked for a wildcard.
    init(_ address: LinuxIO.SocketAddress, on group: any EventLoopGroup, into record: HealthRecord) {
        self.address = address
        let target = address.reachable
        task = Task {
            while !Task.isCancelled {
                let start = ContinuousClock.now
                let succeeded = await Self.asks(target, on: group)
                if Task.isCancelled { return }
                record.observe(ContinuousClock.now - start, succeeded: succeeded)
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    /// Returns when no connection of ours is left.
    func stop() async {
        task.cancel()
        await task.value
    }

    /// Whether `/health` says 200.
    static func asks(_ address: LinuxIO.SocketAddress, on group: any EventLoopGroup) async -> Bool {
        do {
            let answer = try await ClientBootstrap(group: group)
                .connectTimeout(Self.timeout)
                .connect(host: address.address.description, port: Int(address.port)) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let answer = channel.eventLoop.makePromise(of: Bool.self)
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(IdleStateHandler(allTimeout: Self.timeout))
                        try pipeline.addHandler(HealthAsker(host: "\(address)", answer: answer))
                        return answer.futureResult
                    }
                }
            return try await answer.get()
        } catch {
            return false
        }
    }
}

/// Asks once, and closes.
private final class HealthAsker: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let host: String
    private let answer: EventLoopPromise<Bool>
    private var isHealthy = false

    init(host: String, answer: EventLoopPromise<Bool>) {
        self.host = host
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = ["host": host, "connection": "close"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/health", headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): isHealthy = head.status == .ok
        case .body: break
        case .end:
            answer.succeed(isHealthy)
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// However it ended; what was said before counts.
    func handlerRemoved(context: ChannelHandlerContext) { answer.succeed(false) }
}

extension LinuxIO.SocketAddress {
    /// Where a client on this machine asks for what listens here.
    fileprivate var reachable: LinuxIO.SocketAddress {
        guard address.isUnspecified else { return self }
        return LinuxIO.SocketAddress(address.isIPv4 ? .loopbackIPv4 : .loopbackIPv6, port: port)
    }
}
