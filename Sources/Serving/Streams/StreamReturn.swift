import LinuxIO
import NIOCore
import Plugins
import Synchronization

/// The way from any thread to one connection, until it closes.
final class StreamWay: Sendable {
    let peer: LinuxIO.SocketAddress
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBoundBox<StreamHandler?>
    private let isOpen = Atomic(true)

    /// On the event loop of the connection.
    init(to handler: StreamHandler, peer: LinuxIO.SocketAddress, on eventLoop: any EventLoop) {
        self.peer = peer
        self.eventLoop = eventLoop
        self.handler = NIOLoopBoundBox(handler, eventLoop: eventLoop)
    }

    /// Never at once, also on the event loop itself: the connection may be in the midst of a read.
    func bring(_ answer: [UInt8]) {
        // A closed connection's event loop may be gone.
        guard isOpen.load(ordering: .acquiring) else { return }
        eventLoop.execute { [handler] in handler.value?.bring(answer) }
    }

    /// On the event loop: answers that come from now on are let go of.
    func close() {
        isOpen.store(false, ordering: .releasing)
        handler.value = nil
    }
}

/// The way back to who asked one query over TCP; a query that was given up without a word ends here too.
final class StreamReturn: ReturnAddress {
    private let way: StreamWay
    private let isUsed = Atomic(false)

    init(_ way: StreamWay) { self.way = way }

    deinit {
        if !isUsed.load(ordering: .acquiring) { way.bring([]) }
    }

    var peer: LinuxIO.SocketAddress { way.peer }

    func send(_ answer: [UInt8]) {
        precondition(!isUsed.exchange(true, ordering: .acquiringAndReleasing), "a query is answered once")
        way.bring(answer)
    }
}
