import DNS
import LinuxIO
import NIOCore
import NIOPosix
import ScriptedUpstreams
import SourceText
import Synchronization
import Testing

@testable import Plugins

/// One forwarder with scripted upstreams, and what it has said.
struct Forwarding: Sendable {
    let forwarder: Forwarder
    let notices: Notices

    static func with<Result>(
        _ upstreams: [ScriptedUpstream], isTLS: Bool = false,
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        settings: (inout ForwardSettings) -> Void = { _ in },
        limits change: (inout ForwardLimits) -> Void = { _ in }, _ body: (Forwarding) async throws -> Result
    ) async throws -> Result {
        try await with(ports: upstreams.map(\.port), isTLS: isTLS, on: group, settings: settings, limits: change, body)
    }

    static func with<Result>(
        ports: [UInt16], isTLS: Bool = false,
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        settings change: (inout ForwardSettings) -> Void = { _ in },
        limits changeLimits: (inout ForwardLimits) -> Void = { _ in }, _ body: (Forwarding) async throws -> Result
    ) async throws -> Result {
        var settings = ForwardSettings(
            from: ["."],
            to: ports.enumerated().map { index, port in
                ForwardSettings.Upstream(
                    SocketAddress(IPAddress(v4: 0x7f00_0001), port: port), isTLS: isTLS,
                    at: SourceLocation(file: "Corefile", line: 7, column: 15 + index))
            }, at: SourceLocation(file: "Corefile", line: 7, column: 5))
        settings.policy = .sequential
        change(&settings)
        // Unless a test wants it, only events lead on, never the clock.
        var limits = ForwardLimits(settings)
        limits.patience = .seconds(20)
        limits.listening = .seconds(40)
        limits.whole = .seconds(40)
        limits.probe = .seconds(20)
        changeLimits(&limits)
        let notices = Notices()
        let forwarder = try Forwarder(settings, limits: limits, on: group) {
            notices.add($0)
        }
        do {
            let result = try await body(Forwarding(forwarder: forwarder, notices: notices))
            await forwarder.stop()
            return result
        } catch {
            await forwarder.stop()
            throw error
        }
    }

    func ask(_ name: String, _ type: RecordType = .a, prefersTCP: Bool = false) async -> Told {
        await withCheckedContinuation { continuation in
            forwarder.ask(question(name, type), prefersTCP: prefersTCP) { continuation.resume(returning: Told($0)) }
        }
    }
}

/// A change of one setting or limit.
func set<Root, Value>(_ path: WritableKeyPath<Root, Value>, _ value: Value) -> (inout Root) -> Void {
    { $0[keyPath: path] = value }
}

func question(_ name: String, _ type: RecordType = .a) -> Question { Question(name: Name(name) ?? .root, type: type) }

/// A result, as tests compare it.
enum Told: Equatable, Sendable {
    case answered(ResponseCode, answerCount: Int, by: UInt16)
    case next(ResponseCode, by: UInt16)
    case failed(ForwardFailure)
    case truncated

    init(_ result: ForwardResult) {
        switch result {
        case .answered(let response, let by):
            self =
                response.isTruncated
                ? .truncated : .answered(response.code, answerCount: response.answerCount, by: port(of: by))
        case .next(let response, let by): self = .next(response.code, by: port(of: by))
        case .failed(let failure): self = .failed(failure)
        }
    }
}

private func port(of upstream: String) -> UInt16 { SocketAddress(upstream)?.port ?? 0 }

/// What a forwarder has told its operator, which can be awaited.
final class Notices: Sendable {
    private struct State {
        var all: [ForwardNotice] = []
        var listeners: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    var all: [ForwardNotice] { state.withLock { $0.all } }

    func add(_ notice: ForwardNotice) {
        let listeners = state.withLock { state in
            state.all.append(notice)
            return state.listeners
        }
        for listener in listeners { listener.yield() }
    }

    /// Also ends when the test is cancelled because its time is over.
    func wait(for notice: ForwardNotice) async {
        let (changes, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.listeners.append(listener) }
        if all.contains(notice) { return }
        for await _ in changes where all.contains(notice) { return }
    }
}
