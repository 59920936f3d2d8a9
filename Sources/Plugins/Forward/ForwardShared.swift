import LinuxIO
import NIOCore
import NIOSSL
import SourceText
import Synchronization

/// How long things take, and how much there may be; tests make some of it less.
struct ForwardLimits: Sendable {
    /// Sockets at once.
    var lineLimit = 1000
    /// Before another upstream is asked beside the one that is silent.
    var patience: TimeAmount
    /// How long one upstream is listened to.
    var listening: TimeAmount
    /// After which a query ends, whatever has happened.
    var whole = TimeAmount.seconds(5)
    /// How long a probe waits for its answer.
    var probe: TimeAmount
    var probeInterval: TimeAmount
    var guardInterval = TimeAmount.seconds(30)
    var expire: TimeAmount

    init(_ settings: ForwardSettings) {
        listening = min(TimeAmount(settings.readTimeout), whole)
        patience = min(.nanoseconds(listening.nanoseconds / 3), .milliseconds(700))
        probe = min(listening, .seconds(1))
        probeInterval = TimeAmount(settings.healthInterval)
        expire = TimeAmount(settings.expire)
    }
}

/// What the event loops of one `forward` share.
final class ForwardShared: Sendable {
    /// Where queries go, as NIO wants it.
    struct Target: Sendable {
        let address: NIOCore.SocketAddress
        /// Nil: in the clear.
        let tls: UpstreamTLS?
    }

    let settings: ForwardSettings
    let limits: ForwardLimits
    let rule: AnswerRule
    let targets: [Target]
    let board: UpstreamBoard
    /// Event loops that share the sockets.
    let loopCount: Int
    /// Sockets open or being opened.
    let lineCount = Atomic<Int>(0)
    /// Clients that wait.
    let waitingCount = Atomic<Int>(0)
    let isStopping = Atomic<Bool>(false)

    init(
        _ settings: ForwardSettings, limits: ForwardLimits, loopCount: Int,
        log: @escaping @Sendable (ForwardNotice) -> Void
    ) throws(Diagnostic) {
        precondition((1...64).contains(settings.upstreams.count), "the settings name no upstream, or too many")
        self.settings = settings
        self.limits = limits
        self.loopCount = loopCount
        rule = AnswerRule(settings)
        board = UpstreamBoard(settings, log: log)
        var targets: [Target] = []
        for upstream in settings.upstreams {
            let tls = try upstream.isTLS ? UpstreamTLS(upstream, of: settings) : nil
            targets.append(Target(address: try nioAddress(of: upstream), tls: tls))
        }
        self.targets = targets
    }

    /// TLS where the upstream wants it; else TCP where the settings force it or the client came by it.
    func transport(to upstream: Int, prefersTCP: Bool) -> ForwardCounts.Transport {
        if targets[upstream].tls != nil { return .tls }
        if settings.forcesTCP { return .tcp }
        return prefersTCP && !settings.prefersUDP ? .tcp : .udp
    }
}

private func nioAddress(of upstream: ForwardSettings.Upstream) throws(Diagnostic) -> NIOCore.SocketAddress {
    do {
        return try NIOCore.SocketAddress(
            ipAddress: upstream.address.address.description, port: Int(upstream.address.port))
    } catch {
        throw Diagnostic(.error, at: upstream.location, "\(upstream.address) is no address to send to: \(error)")
    }
}
