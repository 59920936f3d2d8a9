import Plugins
import Synchronization

/// Looks at the Corefile again and again (`reload`).
struct ReloadLoop {
    let settings: ReloadSettings
    private let task: Task<Void, Never>

    /// - Parameter look: reads it, and does what is to be done when it is another one.
    init(_ settings: ReloadSettings, look: @escaping @Sendable () async -> Void) {
        self.settings = settings
        task = Task {
            var random = SystemRandomNumberGenerator()
            while !Task.isCancelled {
                do { try await Task.sleep(for: Self.pause(settings, using: &random)) } catch { return }
                await look()
            }
        }
    }

    func stop() { task.cancel() }

    /// The interval, somewhat longer or shorter: many servers must not all look at the same moment.
    static func pause(_ settings: ReloadSettings, using random: inout some RandomNumberGenerator) -> Duration {
        let share = Double.random(in: -1...1, using: &random)
        // A jitter as long as the interval must not make it none at all.
        return max(settings.interval + settings.jitter * share, .milliseconds(100))
    }

    /// What the server blocks together ask for: whoever wants to be looked at most often.
    static func settings(of blocks: [ServerBlock]) -> ReloadSettings? {
        blocks.compactMap(\.reload).filter { $0.interval > .zero }.min { $0.interval < $1.interval }
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
