import DNS
import LinuxIO
import NIOCore
import Plugins

/// The event loops of one server, each with what its TCP connections share.
final class StreamLoops: Sendable {
    private struct Member: Sendable {
        let eventLoop: any EventLoop
        let loop: NIOLoopBoundBox<StreamLoop>
        let counters: StreamCounters
        let sweeping: RepeatedTask
    }

    let limits: StreamLimits
    private let members: [Member]

    private static let sweepInterval = TimeAmount.milliseconds(200)

    init(_ group: any EventLoopGroup, limits: StreamLimits) {
        self.limits = limits
        let eventLoops = Array(group.makeIterator())
        let seatCount = max(limits.placeCount / eventLoops.count, 1)
        members = eventLoops.map { eventLoop in
            let counters = StreamCounters()
            let loop = StreamLoop(limits: limits, seatCount: seatCount, counters: counters)
            let box = NIOLoopBoundBox.makeBoxSendingValue(loop, eventLoop: eventLoop)
            let sweeping = eventLoop.scheduleRepeatedTask(
                initialDelay: Self.sweepInterval, delay: Self.sweepInterval
            ) { _ in box.value.sweep() }
            return Member(eventLoop: eventLoop, loop: box, counters: counters, sweeping: sweeping)
        }
    }

    var counters: [StreamCounters] { members.map(\.counters) }

    /// On the event loop of a connection: what it shares with its neighbours.
    func current() -> StreamLoop {
        guard let member = members.first(where: { $0.eventLoop.inEventLoop }) else {
            preconditionFailure("a connection lives on an event loop of another server")
        }
        return member.loop.value
    }

    /// The connections of a listener that accepts no more answer what has begun, and close; after the time that a
    /// peer may block us and an answer may take, whatever is left is closed.
    func drain(_ listener: ListenerID) async {
        let drained = members.map { member in
            member.eventLoop.flatSubmit { [limits] in
                let loop = member.loop
                return loop.value.drain(
                    listener, on: member.eventLoop, atMost: TimeAmount(max(limits.blockedTime, limits.waitingTime)))
            }
        }
        for future in drained {
            do { try await future.get() } catch { preconditionFailure("draining does not fail: \(error)") }
        }
    }

    func stop() {
        for member in members { member.sweeping.cancel() }
    }
}
