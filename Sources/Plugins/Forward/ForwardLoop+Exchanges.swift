import DNS
import NIOCore
import Synchronization

/// One question to one upstream: sent, listened for, answered or not.
extension ForwardLoop {
    func begin(_ exchange: Exchange) {
        exchanges[exchange.serial] = exchange
        exchange.isPlain = shared.board.isPlain(exchange.upstream, now: exchange.began)
        watch(exchange)
        send(exchange)
    }

    /// Over a pooled socket or a fresh one. Also once more, over another transport or without an OPT record.
    private func send(_ exchange: Exchange) {
        let random = random()
        guard let line = line(for: exchange, random: random >> 16) else { return noRoom(exchange) }
        exchange.id = UInt16(truncatingIfNeeded: random)
        exchange.line = line
        line.exchange = exchange
        var isRecursive = true
        if case .probe = exchange.purpose { isRecursive = shared.settings.healthIsRecursive }
        line.send(exchange.message(isRecursive: isRecursive))
        // Last, because it may fail at once.
        line.openOnce(shared.targets[exchange.upstream], on: eventLoop, timeout: shared.limits.listening)
    }

    private func line(for exchange: Exchange, random: UInt64) -> Line? {
        let now = NIODeadline.now()
        let pooled =
            exchange.needsFreshLine
            ? nil : pool.take(exchange.upstream, exchange.transport, random: random, now: now)
        counts.update { $0.addSocket(exchange.transport, isHit: pooled != nil, to: exchange.upstream) }
        if let pooled { return pooled }
        // When sockets grow scarce, a query has one of them, so that as many clients as may can wait.
        if shared.lineCount.load(ordering: .relaxed) * 2 >= shared.limits.lineLimit { giveUpOldest(beside: exchange) }
        if let fresh = newLine(to: exchange.upstream, by: exchange.transport, now: now) { return fresh }
        return pool.closeOne() ? newLine(to: exchange.upstream, by: exchange.transport, now: now) : nil
    }

    private func giveUpOldest(beside exchange: Exchange) {
        guard case .attempt(let flight) = exchange.purpose else { return }
        guard let oldest = flight.exchanges.first(where: { $0 !== exchange && $0.line != nil }) else { return }
        flight.exchanges.removeAll { $0 === oldest }
        suspect(oldest.upstream)
        abandon(oldest)
        step(flight, flight.plan.next(.dropped))
    }

    private func noRoom(_ exchange: Exchange) {
        abandon(exchange)
        switch exchange.purpose {
        case .attempt(let flight):
            flight.exchanges.removeAll { $0 === exchange }
            step(flight, flight.plan.next(.noRoom(upstream: exchange.upstream)))
        case .probe(let number): probeLater(exchange.upstream, number: number)
        case .tag: break
        }
    }

    /// Nobody listens any more. A socket that an answer may still come to is never used again.
    func abandon(_ exchange: Exchange) {
        exchanges.removeValue(forKey: exchange.serial)
        exchange.line.take()?.close()
    }
}

// MARK: - What came back

extension ForwardLoop {
    func received(_ message: ByteBufferView, on line: Line) {
        // Unasked for: somebody guesses, or an answer came twice.
        guard let exchange = line.exchange else { return }
        // A wrong answer may be forged, and the right one still under way: the wait goes on.
        guard let found = read(message, for: exchange) else { return }
        line.exchange = nil
        exchange.line = nil
        pool.giveBack(line, now: .now())
        sweepLater()
        switch found {
        case .withoutOPT:
            exchange.isPlain = true
            exchange.isSecondPlain = true
            send(exchange)
        case .truncated(let response):
            // Better than nothing, should the stream fail: the client asks again over TCP.
            if case .attempt(let flight) = exchange.purpose, flight.kept == nil {
                flight.kept = (response, exchange.upstream)
                flight.plan.keep()
            }
            exchange.transport = .tcp
            send(exchange)
        case .whole(let response):
            if exchange.isSecondPlain, !isAboutOPT(response.code) {
                shared.board.lacksEDNS(exchange.upstream, since: .now())
            }
            finish(exchange, response)
        }
    }

    private enum Found {
        case whole(Response)
        /// Cut by the upstream: it is asked again over TCP.
        case truncated(Response)
        /// It cannot read an OPT record (RFC 6891 §7): it is asked again without.
        case withoutOPT
    }

    /// Nil: no answer to this question.
    private func read(_ message: ByteBufferView, for exchange: Exchange) -> Found? {
        let (bareCode, response) = unsafe message.withUnsafeBytes { bytes -> (ResponseCode?, Response?) in
            guard unsafe Response.id(of: bytes) == exchange.id else { return (nil, nil) }
            return unsafe (Response.bareCode(of: bytes), Response(reading: bytes, to: exchange.question))
        }
        if let bareCode, isAboutOPT(bareCode), !exchange.isPlain { return .withoutOPT }
        guard let response else { return nil }
        if isAboutOPT(response.code), !response.hasOPT, !exchange.isPlain { return .withoutOPT }
        return response.isTruncated && exchange.transport == .udp ? .truncated(response) : .whole(response)
    }

    private func isAboutOPT(_ code: ResponseCode) -> Bool { code == .formatError || code == .notImplemented }

    /// The socket is of no use any more.
    func broke(_ line: Line, _ error: any Error) {
        let exchange = line.exchange
        let isStale = line.transport != .udp && line.useCount > 1
        pool.remove(line)
        line.close()
        guard let exchange else { return }
        exchange.line = nil
        // The upstream closed a connection that we kept: that says nothing about it.
        if isStale, !exchange.needsFreshLine {
            exchange.needsFreshLine = true
            return send(exchange)
        }
        if isOurFault(error) { noRoom(exchange) } else { failed(exchange, words(for: error), isSilent: false) }
    }

    func timedOut(_ exchange: Exchange) {
        let time = exchange.transport == .udp ? "" : " over TCP"
        failed(exchange, "has not answered within \(shared.limits.listening.words)\(time)", isSilent: true)
    }
}

// MARK: - The end of it

extension ForwardLoop {
    private func finish(_ exchange: Exchange, _ response: Response) {
        exchanges.removeValue(forKey: exchange.serial)
        let isFault = response.code == .serverFailure
        if !isFault { shared.board.answered(exchange.upstream) }
        switch exchange.purpose {
        case .attempt(let flight):
            if isFault { suspect(exchange.upstream) }
            let time = Duration.nanoseconds((NIODeadline.now() - exchange.began).nanoseconds)
            counts.update { $0.addResponse(response.code, after: time, from: exchange.upstream) }
            flight.exchanges.removeAll { $0 === exchange }
            answered(flight, response, from: exchange.upstream)
        case .probe(let number):
            if isFault { probeFailed(exchange.upstream, number: number, "answers SERVFAIL") }
        case .tag: break
        }
    }

    func failed(_ exchange: Exchange, _ reason: String, isSilent: Bool) {
        abandon(exchange)
        switch exchange.purpose {
        case .attempt(let flight):
            suspect(exchange.upstream)
            flight.exchanges.removeAll { $0 === exchange }
            let upstream = exchange.upstream
            let event: AttemptPlan.Event =
                isSilent ? .silent(upstream: upstream, reason: reason) : .failed(upstream: upstream, reason: reason)
            step(flight, flight.plan.next(event))
        case .probe(let number): probeFailed(exchange.upstream, number: number, reason)
        case .tag: break
        }
    }
}

extension TimeAmount {
    /// "2 s", "1.5 s", "250 ms"
    var words: String {
        let milliseconds = nanoseconds / 1_000_000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let tenths = milliseconds / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
