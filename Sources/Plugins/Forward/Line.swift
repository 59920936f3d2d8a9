import NIOCore
import NIOPosix

/// One socket to one upstream, with at most one question on it. Lives on its event loop.
///
/// A fresh socket for each query would cost 47–51 µs of CPU here (NIO 2.101, release build; the bare system calls alone
/// 18 µs in C), one that is used again 8.4–9.9 µs. So a datagram socket serves a few questions, each with an id of its
/// own, one at a time, taken by chance from at least sixteen; see `LinePool`.
final class Line {
    let upstream: Int
    let transport: ForwardCounts.Transport
    let opened: NIODeadline
    private let loop: ForwardLoop
    private var channel: (any Channel)?
    /// Whose answer is awaited.
    var exchange: Exchange?
    /// Goes out once the socket is connected.
    private var pending: [UInt8]?
    private var isConnected = false
    private var hasChannel = false
    private var isOpened = false
    private(set) var isClosed = false
    /// Questions sent.
    private(set) var useCount = 0
    /// Since when nothing is awaited.
    var idleSince: NIODeadline

    init(to upstream: Int, by transport: ForwardCounts.Transport, of loop: ForwardLoop, now: NIODeadline) {
        self.upstream = upstream
        self.transport = transport
        self.loop = loop
        opened = now
        idleSince = now
    }

    func openOnce(_ target: ForwardShared.Target, on eventLoop: any EventLoop, timeout: TimeAmount) {
        guard !isOpened else { return }
        isOpened = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let connecting: EventLoopFuture<any Channel>
        if transport == .udp {
            connecting = DatagramBootstrap(group: eventLoop)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        bound.value.adopt(channel)
                        try channel.pipeline.syncOperations.addHandler(DatagramHandler(bound.value))
                    }
                }
                .connect(to: target.address)
        } else {
            connecting = ClientBootstrap(group: eventLoop)
                .connectTimeout(timeout)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        bound.value.adopt(channel)
                        if let tls = target.tls { try channel.pipeline.syncOperations.addHandler(tls.handler()) }
                        try channel.pipeline.syncOperations.addHandler(StreamHandler(bound.value))
                    }
                }
                .connect(to: target.address)
        }
        connecting.assumeIsolated().whenComplete { [self] in
            switch $0 {
            case .success(let channel): connected(channel)
            case .failure(let error):
                broke(error)
                if !hasChannel { loop.lineEnded(self) }
            }
        }
    }

    private func adopt(_ channel: any Channel) {
        self.channel = channel
        hasChannel = true
        channel.closeFuture.assumeIsolated().whenComplete { [self] _ in loop.lineEnded(self) }
    }

    private func connected(_ channel: any Channel) {
        guard !isClosed else { return channel.close(promise: nil) }
        isConnected = true
        if let message = pending.take() { write(message) }
    }

    /// Sends one question, or keeps it until there is a connection.
    func send(_ message: [UInt8]) {
        useCount += 1
        if isConnected { write(message) } else { pending = message }
    }

    private func write(_ message: [UInt8]) {
        guard let channel else { return }
        var buffer = channel.allocator.buffer(capacity: message.count + 2)
        if transport != .udp { buffer.writeInteger(UInt16(truncatingIfNeeded: message.count)) }
        buffer.writeBytes(message)
        channel.writeAndFlush(buffer, promise: nil)
    }

    /// Nothing is awaited here any more.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        exchange = nil
        pending = nil
        channel.take()?.close(promise: nil)
        // In the clear the descriptor is closed by now; TLS takes its time to say farewell.
        if hasChannel, transport != .tls { loop.lineEnded(self) }
    }
}

// MARK: - What happens on the socket

extension Line {
    func received(_ message: ByteBufferView) {
        guard !isClosed else { return }
        loop.received(message, on: self)
    }

    func broke(_ error: any Error) {
        guard !isClosed else { return }
        loop.broke(self, error)
    }
}

private final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let line: Line

    init(_ line: Line) { self.line = line }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        line.received(unwrapInboundIn(data).data.readableBytesView)
    }

    func channelInactive(context: ChannelHandlerContext) { line.broke(ChannelError.eof) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { line.broke(error) }
}

/// Cuts what arrives into messages (RFC 1035 §4.2.2).
private final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let line: Line
    private var arrived = ByteBuffer()

    init(_ line: Line) { self.line = line }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        arrived.writeBuffer(&part)
        while let length = arrived.getInteger(at: arrived.readerIndex, as: UInt16.self),
            let message = arrived.viewBytes(at: arrived.readerIndex + 2, length: Int(length))
        {
            arrived.moveReaderIndex(forwardBy: 2 + Int(length))
            line.received(message)
        }
        arrived.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) { line.broke(ChannelError.eof) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { line.broke(error) }
}
