import DNS
import NIOCore
import Synchronization

/// The queries of clients: begun, led by their plans, ended.
extension ForwardLoop {
    func ask(_ question: Question, prefersTCP: Bool, _ waiter: Flight.Waiter) {
        guard !shared.isStopping.load(ordering: .relaxed) else { return tell(waiter, .failed(.stopped)) }
        if let flight = flights[question] {
            flight.waiters.append(waiter)
            return
        }
        let order: [Int]
        switch shared.board.choose(random: random()) {
        case .ask(let upstreams): order = upstreams
        case .askAnyway(let upstreams):
            order = upstreams
            counts.update { $0.allDown += 1 }
        case .nobody(let failure):
            if failure == .noneHealthy { counts.update { $0.allDown += 1 } }
            return tell(waiter, .failed(failure))
        }
        let plan = AttemptPlan(order: order, limit: shared.settings.maxConnectAttempts)
        let flight = Flight(
            serial: newSerial(), question, prefersTCP: prefersTCP, plan: plan, waiter, now: .now())
        flights[question] = flight
        watch(flight)
        step(flight, flight.plan.begin())
    }

    func step(_ flight: Flight, _ step: AttemptPlan.Step) {
        guard !flight.hasEnded else { return }
        switch step {
        case .wait: break
        case .ask(let upstream): attempt(flight, at: upstream)
        case .giveKept:
            guard let (response, upstream) = flight.kept else { preconditionFailure("the plan kept an answer") }
            answer(flight, response, from: upstream)
        case .giveUp(let upstream, let reason):
            end(flight, .failed(.unreachable(upstream: shared.board.names[upstream], reason: reason)))
        case .giveUpWithoutRoom: end(flight, .failed(.tooMany))
        }
    }

    private func attempt(_ flight: Flight, at upstream: Int) {
        counts.update { $0.upstreams[upstream].requests += 1 }
        let exchange = Exchange(
            serial: newSerial(), flight.question, to: upstream,
            by: shared.transport(to: upstream, prefersTCP: flight.prefersTCP), for: .attempt(flight), now: .now())
        flight.exchanges.append(exchange)
        begin(exchange)
    }

    // MARK: How an attempt ended

    func answered(_ flight: Flight, _ response: Response, from upstream: Int) {
        guard shared.rule.wantsAnother(after: response) else { return answer(flight, response, from: upstream) }
        // What was cut says more than SERVFAIL.
        if flight.kept?.response.isTruncated != true { flight.kept = (response, upstream) }
        step(flight, flight.plan.next(.unhappy(upstream: upstream)))
    }

    private func answer(_ flight: Flight, _ response: Response, from upstream: Int) {
        let name = shared.board.names[upstream]
        end(flight, shared.rule.leadsOn(response) ? .next(response, by: name) : .answered(response, by: name))
    }

    func end(_ flight: Flight, _ result: ForwardResult) {
        flight.hasEnded = true
        flights.removeValue(forKey: flight.question)
        openFlights.removeValue(forKey: flight.serial)
        flight.kept = nil
        let now = NIODeadline.now()
        for exchange in flight.exchanges {
            // Somebody else was faster, but this one had its time: a probe shall tell whether it is alive.
            if now - exchange.began >= shared.limits.patience { suspect(exchange.upstream) }
            abandon(exchange)
        }
        flight.exchanges = []
        let waiters = flight.waiters
        flight.waiters = []
        waiters.lazy.compactMap(\.once).first?(result)
        for waiter in waiters { tell(waiter, result) }
        finishStopping()
    }

    private func tell(_ waiter: Flight.Waiter, _ result: ForwardResult) {
        if waiter.isCounted { shared.waitingCount.subtract(1, ordering: .relaxed) }
        waiter.done(result)
    }
}
