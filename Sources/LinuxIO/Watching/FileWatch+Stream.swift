import Synchronization

extension FileWatch {
    /// The changes as they come, read by a thread of its own that ends with the stream. One stream a watch.
    ///
    /// A reader that lags behind by 256 batches loses the oldest, and is told so by an `overflow` event.
    public func events() throws(SystemError) -> AsyncThrowingStream<[Event], any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: [Event].self, bufferingPolicy: .bufferingNewest(256))
        let ending = Ending()
        continuation.onTermination = { _ in
            ending.isWanted.store(true, ordering: .releasing)
            self.interrupt()
        }
        _ = try WorkerThread(name: "file-watch") { [self] in
            do {
                while !ending.isWanted.load(ordering: .acquiring) {
                    let events = try next()
                    guard !events.isEmpty, case .dropped = continuation.yield(events) else { continue }
                    continuation.yield([.overflow])
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        return stream
    }

    private final class Ending: Sendable {
        let isWanted = Atomic(false)
    }
}
