import DNS
import NIOCore
import Synchronization

/// The queries and sockets of one event loop. Touched on that loop only, but for `counts`.
final class ForwardLoop {
    let eventLoop: any EventLoop
    let shared: ForwardShared
    let counts: CountsBox
    /// Questions of clients under way.
    var flights: [Question: Flight] = [:]
    /// The same by serial number: what ended long before its deadline leaves no more than a number behind.
    var openFlights: [UInt64: Flight] = [:]
    /// Questions to upstreams that are listened for, by serial number.
    var exchanges: [UInt64: Exchange] = [:]
    var pool: LinePool
    /// Sockets of this loop that are not closed yet.
    private var lines: [ObjectIdentifier: Line] = [:]
    private var lastSerial: UInt64 = 0
    private var generator = SystemRandomNumberGenerator()

    /// Every exchange begins here, and goes on to `timeouts` if it is still open then.
    private var slow: TimerQueue<UInt64>
    private var timeouts: TimerQueue<UInt64>
    private var deadlines: TimerQueue<UInt64>
    private var alarm: (due: NIODeadline, task: Scheduled<Void>)?
    private var sweeping: Scheduled<Void>?
    private var stopped: EventLoopPromise<Void>?
    private var isClosing = false

    /// Sockets for which nobody waits are closed this often.
    private static let sweepInterval = TimeAmount.seconds(1)
    /// Timers that lie closer together than this go off together.
    private static let grain = TimeAmount.milliseconds(5)

    init(_ shared: ForwardShared, on eventLoop: any EventLoop, counts: CountsBox) {
        self.shared = shared
        self.eventLoop = eventLoop
        self.counts = counts
        let limits = shared.limits
        pool = LinePool(
            LinePool.Limits(
                expire: limits.expire, idleCount: shared.settings.maxIdleConnections,
                capacity: max(1, limits.lineLimit / 4 / shared.loopCount), upstreamCount: shared.targets.count))
        slow = TimerQueue(delay: limits.patience)
        timeouts = TimerQueue(delay: limits.listening - limits.patience)
        deadlines = TimerQueue(delay: limits.whole)
    }

    func random() -> UInt64 { generator.next() }

    func newSerial() -> UInt64 {
        lastSerial += 1
        return lastSerial
    }
}

// MARK: - Timers

extension ForwardLoop {
    /// The exchange ends when it has been listened to long enough.
    func watch(_ exchange: Exchange) {
        slow.append(exchange.serial, now: exchange.began)
        arm(exchange.began)
    }

    /// The flight ends in time, however its upstreams behave.
    func watch(_ flight: Flight) {
        openFlights[flight.serial] = flight
        deadlines.append(flight.serial, now: flight.began)
        arm(flight.began)
    }

    private func arm(_ now: NIODeadline) {
        guard let next = [slow.next, timeouts.next, deadlines.next].compactMap({ $0 }).min() else { return }
        let due = max(next, now + Self.grain)
        if let alarm {
            guard due < alarm.due else { return }
            alarm.task.cancel()
        }
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: due) { [self] in
            alarm = nil
            ring(.now())
        }
        alarm = (due, task)
    }

    private func ring(_ now: NIODeadline) {
        while let serial = slow.popDue(now) {
            guard let exchange = exchanges[serial] else { continue }
            timeouts.append(serial, now: now)
            guard case .attempt(let flight) = exchange.purpose else { continue }
            step(flight, flight.plan.next(.slow))
        }
        while let serial = timeouts.popDue(now) {
            if let exchange = exchanges[serial] { timedOut(exchange) }
        }
        while let serial = deadlines.popDue(now) {
            if let flight = openFlights[serial] { step(flight, flight.plan.next(.expired)) }
        }
        arm(now)
    }

    /// Keeps an eye on the idle sockets while there are any.
    func sweepLater() {
        guard sweeping == nil, !pool.isEmpty else { return }
        sweeping = eventLoop.assumeIsolated().scheduleTask(in: Self.sweepInterval) { [self] in
            sweeping = nil
            pool.closeExpired(now: .now())
            sweepLater()
        }
    }
}

// MARK: - Sockets

extension ForwardLoop {
    /// A fresh socket, to be opened once it has something to send; nil when there are as many as may be.
    func newLine(to upstream: Int, by transport: ForwardCounts.Transport, now: NIODeadline) -> Line? {
        guard shared.lineCount.add(1, ordering: .relaxed).newValue <= shared.limits.lineLimit else {
            shared.lineCount.subtract(1, ordering: .relaxed)
            return nil
        }
        let line = Line(to: upstream, by: transport, of: self, now: now)
        lines[ObjectIdentifier(line)] = line
        return line
    }

    /// Its descriptor is closed.
    func lineEnded(_ line: Line) {
        guard lines.removeValue(forKey: ObjectIdentifier(line)) != nil else { return }
        shared.lineCount.subtract(1, ordering: .relaxed)
        finishStopping()
    }
}

// MARK: - Ending

extension ForwardLoop {
    /// Waits for the queries under way, then closes every socket.
    func stop(_ promise: EventLoopPromise<Void>) {
        if let stopped { return stopped.futureResult.cascade(to: promise) }
        stopped = promise
        finishStopping()
    }

    func finishStopping() {
        guard stopped != nil, flights.isEmpty else { return }
        if !isClosing {
            isClosing = true
            sweeping?.cancel()
            alarm?.task.cancel()
            exchanges = [:]
            for line in lines.values { line.close() }
        }
        if lines.isEmpty { stopped.take()?.succeed() }
    }
}
