import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import WireMessages

/// A server on 127.0.0.1 that follows its script.
public final class ScriptedUpstream: Sendable {
    private struct State {
        var rules: [ScriptedRule]
        var received: [ReceivedQuery] = []
        var listeners: [AsyncStream<Void>.Continuation] = []
        var held: [@Sendable () -> Void] = []
        var streams: [any Channel] = []
    }

    public let port: UInt16
    private let datagrams: any Channel
    private let stranger: any Channel
    private let listener: any Channel
    private let state: Mutex<State>

    public convenience init(tls: CertificateFiles? = nil, port: UInt16 = 0, _ rules: ScriptedRule...) async throws {
        try await self.init(tls: tls, port: port, rules: rules)
    }

    public init(tls: CertificateFiles? = nil, port: UInt16 = 0, rules: [ScriptedRule]) async throws {
        let context = try tls.map { try NIOSSLContext(configuration: $0.serverConfiguration) }
        let group = MultiThreadedEventLoopGroup.singleton
        // The handlers need the server, which needs its channels.
        let box = ServerBox()
        let streams = ServerBootstrap(group: group).childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
                try channel.pipeline.syncOperations.addHandler(StreamScript(box))
            }
        }
        let bootstrap = DatagramBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(DatagramScript(box))
            }
        }
        (datagrams, listener) = try await bindPair(bootstrap, streams, port: Int(port))
        stranger = try await DatagramBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        self.port = UInt16(datagrams.localAddress?.port ?? 0)
        state = Mutex(State(rules: rules))
        box.server.withLock { $0 = self }
    }

    /// From now on it follows another script.
    public func follow(_ rules: ScriptedRule...) { state.withLock { $0.rules = rules } }

    /// What was held goes on.
    public func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for action in held { action() }
    }

    /// Every query so far.
    public var received: [ReceivedQuery] { state.withLock { $0.received } }

    /// Waits until as many queries for the name have come.
    @discardableResult
    public func queries(for name: String, atLeast count: Int = 1) async -> [ReceivedQuery] {
        await wait { $0.count { $0.name == name } >= count }
        return received.filter { $0.name == name }
    }

    /// Also ends when the test is cancelled because its time is over.
    public func wait(until isDone: ([ReceivedQuery]) -> Bool) async {
        let (arrivals, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.listeners.append(listener) }
        if isDone(received) { return }
        for await _ in arrivals where isDone(received) { return }
    }

    /// Closes all of its connections that are open now.
    public func closeConnections() async {
        let streams = state.withLock { state in
            defer { state.streams = [] }
            return state.streams
        }
        for channel in streams {
            channel.close(promise: nil)
            try? await channel.closeFuture.get()
        }
    }

    /// Ends; its port is anybody's from now on.
    public func stop() async {
        for channel in [datagrams, stranger, listener] {
            channel.close(promise: nil)
            try? await channel.closeFuture.get()
        }
        await closeConnections()
    }

    /// Ends, and its port refuses from now on, whoever asks for a free one.
    public func leave() async throws {
        await stop()
        _ = try RefusingPort(port)
    }
}

// MARK: - Following the script

extension ScriptedUpstream {
    func opened(_ channel: any Channel) { state.withLock { $0.streams.append(channel) } }

    /// - Parameter reply: sends octets as an answer by the way that the query came.
    func received(
        _ bytes: [UInt8], by transport: ReceivedQuery.Transport, from peer: SocketAddress?, on channel: any Channel,
        reply: @escaping @Sendable ([UInt8]) -> Void
    ) {
        guard let message = try? WireMessage(bytes) else { return }
        let query = ReceivedQuery(
            message: message, transport: transport, port: peer?.port ?? 0, byteCount: bytes.count)
        let (actions, listeners) = state.withLock { state in
            state.received.append(query)
            var actions: [ScriptedAction] = []
            if let index = state.rules.firstIndex(where: { $0.fits(query) }) {
                actions = state.rules[index].actions
                if let times = state.rules[index].times { state.rules[index].times = times - 1 }
            }
            return (actions, state.listeners)
        }
        perform(actions[...], query, peer, channel, reply)
        for listener in listeners { listener.yield() }
    }

    private func perform(
        _ actions: ArraySlice<ScriptedAction>, _ query: ReceivedQuery, _ peer: SocketAddress?, _ channel: any Channel,
        _ reply: @escaping @Sendable ([UInt8]) -> Void
    ) {
        for (index, action) in zip(actions.indices, actions) {
            switch action {
            case .answer(let answer): reply(answer.bytes(to: query))
            case .send(let bytes): reply(bytes)
            case .answerFromAnotherPort(let answer):
                guard let peer else { continue }
                let data = ByteBuffer(bytes: answer.bytes(to: query))
                stranger.writeAndFlush(AddressedEnvelope(remoteAddress: peer, data: data), promise: nil)
            case .hold:
                let rest = actions[(index + 1)...]
                state.withLock { $0.held.append { self.perform(rest, query, peer, channel, reply) } }
                return
            case .close: channel.close(promise: nil)
            case .reset:
                // SO_LINGER of zero seconds: the kernel sends RST in place of FIN.
                _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                    .always { _ in channel.close(promise: nil) }
            }
        }
    }
}

private final class ServerBox: Sendable {
    let server = Mutex<ScriptedUpstream?>(nil)
}

private final class DatagramScript: ChannelInboundHandler, Sendable {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let box: ServerBox

    init(_ box: ServerBox) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let channel = context.channel
        let peer = envelope.remoteAddress
        let server = box.server.withLock { $0 }
        server?.received(Array(envelope.data.readableBytesView), by: .udp, from: peer, on: channel) { bytes in
            channel.writeAndFlush(
                AddressedEnvelope(remoteAddress: peer, data: ByteBuffer(bytes: bytes)), promise: nil)
        }
    }
}

private final class StreamScript: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let box: ServerBox
    private var arrived = ByteBuffer()

    init(_ box: ServerBox) { self.box = box }

    func channelActive(context: ChannelHandlerContext) {
        box.server.withLock { $0 }?.opened(context.channel)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        arrived.writeBuffer(&part)
        let channel = context.channel
        while let length = arrived.getInteger(at: arrived.readerIndex, as: UInt16.self),
            let bytes = arrived.getBytes(at: arrived.readerIndex + 2, length: Int(length))
        {
            arrived.moveReaderIndex(forwardBy: 2 + Int(length))
            let server = box.server.withLock { $0 }
            server?.received(bytes, by: .tcp, from: context.remoteAddress, on: channel) { bytes in
                var buffer = ByteBuffer(integer: UInt16(bytes.count))
                buffer.writeBytes(bytes)
                channel.writeAndFlush(buffer, promise: nil)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// No port is free for both UDP and TCP.
struct NoFreePort: Error {}

/// One port for both; what is free for UDP may be taken for TCP.
private func bindPair(
    _ datagrams: DatagramBootstrap, _ streams: ServerBootstrap, port: Int
) async throws -> (any Channel, any Channel) {
    for _ in 0..<20 {
        let first = try await datagrams.bind(host: "127.0.0.1", port: port).get()
        do {
            let second = try await streams.bind(host: "127.0.0.1", port: first.localAddress?.port ?? 0).get()
            return (first, second)
        } catch {
            try await first.close().get()
        }
    }
    throw NoFreePort()
}
