import Logging
import Synchronization

/// What a server of this process has logged, each line of which can be awaited.
final class Notes: Sendable {
    private struct Waiter {
        let text: String
        let continuation: CheckedContinuation<String, Never>
    }

    private struct State {
        var lines: [String] = []
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock { $0.lines } }

    func add(_ line: String) {
        let ready = state.withLock { state in
            state.lines.append(line)
            defer { state.waiters.removeAll { line.contains($0.text) } }
            return state.waiters.filter { line.contains($0.text) }
        }
        for waiter in ready { waiter.continuation.resume(returning: line) }
    }

    /// The first line with this text, now or later.
    @discardableResult
    func line(containing text: String) async -> String {
        await withCheckedContinuation { continuation in
            let found = state.withLock { state -> String? in
                if let line = state.lines.first(where: { $0.contains(text) }) { return line }
                state.waiters.append(Waiter(text: text, continuation: continuation))
                return nil
            }
            if let found { continuation.resume(returning: found) }
        }
    }
}

struct NoteTaker: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let notes: Notes

    init(_ notes: Notes) { self.notes = notes }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { notes.add("\(event.level): \(event.message)") }
}
