import Plugins
import Synchronization

/// Looks at the Corefile again and again (`reload`).
struct ReloadLoop {
    /// How often: `jitter` is the most that is added to or taken from an interval.
    struct Pace: Equatable, Sendable {
        var interval: Duration
        var jitter: Duration

        /// Many servers must not all look at the same moment. A jitter as long as the interval must not make it none.
        func pause(using random: inout some RandomNumberGenerator) -> Duration {
            max(interval + jitter * Double.random(in: -1...1, using: &random), .milliseconds(1))
        }
    }

    let pace: Pace
    private let task: Task<Void, Never>

    /// - Parameter look: reads it, and does what is to be done when it is another one.
    init(_ pace: Pace, look: @escaping @Sendable () async -> Void) {
        self.pace = pace
        task = Task {
            var random = SystemRandomNumberGenerator()
            while !Task.isCancelled {
                do { try await Task.sleep(for: pace.pause(using: &random)) } catch { return }
                await look()
            }
        }
    }

    func stop() { task.cancel() }

    /// The first `reload` is for the whole Corefile; others that differ were warned of.
    static func pace(of blocks: [ServerBlock]) -> Pace? {
        blocks.lazy.compactMap(\.reload).first.map { Pace(interval: $0.interval, jitter: $0.jitter) }
    }
}

/// How reloads went, for the metrics.
final class ReloadStatus: Sendable {
    private struct State {
        var failureCount: UInt64 = 0
        var served: String?
    }

    private let state = Mutex(State())

    /// Reloads that changed nothing because of an error.
    var failureCount: UInt64 { state.withLock(\.failureCount) }

    /// SHA-512 of the Corefile that is served, in hexadecimal digits; nil where there is none.
    var version: String? { state.withLock(\.served) }

    func fail() { state.withLock { $0.failureCount += 1 } }

    func serve(_ version: String) { state.withLock { $0.served = version } }

    var samples: ReloadSamples {
        let state = state.withLock { $0 }
        return ReloadSamples(failures: state.failureCount, version: state.served.map { ("sha512", $0) })
    }
}
