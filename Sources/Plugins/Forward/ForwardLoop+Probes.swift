import DNS
import NIOCore
import Synchronization

/// Questions of our own: whether an upstream is alive, and whether it leads back to us.
extension ForwardLoop {
    /// An upstream gave a client no answer: it is probed, unless that goes on already.
    func suspect(_ upstream: Int) {
        guard stillRuns, let number = shared.board.failed(upstream) else { return }
        probe(upstream, number: number)
    }

    private var stillRuns: Bool { !shared.isStopping.load(ordering: .relaxed) }

    private func probe(_ upstream: Int, number: UInt64) {
        guard !shared.board.isCut(upstream) else { return probeLater(upstream, number: number) }
        let question = Question(name: Name(shared.settings.healthDomain) ?? .root, type: .ns)
        let exchange = Exchange(
            serial: newSerial(), question, to: upstream, by: shared.transport(to: upstream, prefersTCP: false),
            for: .probe(number: number), now: .now())
        eventLoop.assumeIsolated().scheduleTask(in: shared.limits.probe) { [self] in
            if exchanges[exchange.serial] != nil { timedOutProbe(exchange) }
        }
        begin(exchange)
    }

    private func timedOutProbe(_ exchange: Exchange) {
        failed(exchange, "has not answered within \(shared.limits.probe.words)", isSilent: true)
    }

    func probeFailed(_ upstream: Int, number: UInt64, _ reason: String) {
        counts.update { $0.upstreams[upstream].failedProbes += 1 }
        guard shared.board.isProbing(upstream, number: number) else { return }
        shared.board.probeFailed(upstream, reason: reason)
        probeLater(upstream, number: number)
    }

    func probeLater(_ upstream: Int, number: UInt64) {
        guard stillRuns else { return }
        eventLoop.assumeIsolated().scheduleTask(in: shared.limits.probeInterval) { [self] in
            guard stillRuns, shared.board.isProbing(upstream, number: number) else { return }
            probe(upstream, number: number)
        }
    }

    /// Sends each upstream a tagged query (HINFO, as nobody else asks for it); what it answers does not matter.
    func beginGuardRound() {
        let settings = shared.settings
        let zone = (settings.guardZone ?? settings.from.first).flatMap { Name($0) } ?? .root
        for (upstream, tag) in shared.board.beginGuardRound().enumerated() {
            // A name outside of the zone would not come back through this line.
            guard let name = tag.name(in: zone) else { continue }
            let question = Question(name: name, type: .hinfo)
            begin(
                Exchange(
                    serial: newSerial(), question, to: upstream,
                    by: shared.transport(to: upstream, prefersTCP: false), for: .tag, now: .now()))
        }
    }
}

extension RecordType {
    static let hinfo = RecordType(rawValue: 13)
}
