import DNS
import LinuxIO
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

    /// - Parameter change: tests make waits short where nothing else would end them.
    static func with<Result>(
        _ upstreams: [ScriptedUpstream], isTLS: Bool = false, settings: (inout ForwardSettings) -> Void = { _ in },
        times change: (inout ForwardTimes) -> Void = { _ in }, _ body: (Forwarding) async throws -> Result
    ) async throws -> Result {
        try await with(ports: upstreams.map(\.port), isTLS: isTLS, settings: settings, times: change, body)
    }

    static func with<Result>(
        ports: [UInt16], isTLS: Bool = false, settings change: (inout ForwardSettings) -> Void = { _ in },
        times changeTimes: (inout ForwardTimes) -> Void = { _ in }, _ body: (Forwarding) async throws -> Result
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
        var times = ForwardTimes(settings)
        changeTimes(&times)
        let notices = Notices()
        let forwarder = try Forwarder(settings, times: times, on: MultiThreadedEventLoopGroup.singleton) {
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
        var waiters: [(notice: ForwardNotice, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var all: [ForwardNotice] { state.withLock { $0.all } }

    func add(_ notice: ForwardNotice) {
        let ready = state.withLock { state in
            state.all.append(notice)
            defer { state.waiters.removeAll { $0.notice == notice } }
            return state.waiters.filter { $0.notice == notice }.map(\.continuation)
        }
        for continuation in ready { continuation.resume() }
    }

    func wait(for notice: ForwardNotice) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.all.contains(notice) { return true }
                state.waiters.append((notice, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
