import Synchronization

/// A forwarder in the hands of those who may still ask it: it stops when the last of them has let go.
///
/// A reload gives a forwarder up while queries of the old plan are under way; they are still answered.
public final class ForwarderLease: Sendable {
    public let forwarder: Forwarder
    private let release: @Sendable (Forwarder) -> Void
    private let isOver = Atomic(false)

    /// - Parameter release: stops the forwarder; called at most once, on any thread.
    public init(_ forwarder: Forwarder, release: @escaping @Sendable (Forwarder) -> Void) {
        self.forwarder = forwarder
        self.release = release
    }

    deinit { if !isOver.load(ordering: .relaxed) { release(forwarder) } }

    /// Stops it now, whoever may still ask.
    public func stop() async {
        isOver.store(true, ordering: .relaxed)
        await forwarder.stop()
    }
}
