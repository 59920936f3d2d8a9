import LinuxIO
import Synchronization

/// Waits, lets the state take a step when one is due, hands out the update, and waits on until it was delivered.
struct FolderLoop: Sendable {
    typealias Outbox = AsyncThrowingStream<CatalogUpdate, any Error>.Continuation

    /// What the delivering task says to the thread.
    final class Control: Sendable {
        private struct State {
            var isStopped = false
            var isDelivering = false
        }

        private let state = Mutex(State())
        let surroundings: any FolderSurroundings

        init(_ surroundings: any FolderSurroundings) { self.surroundings = surroundings }

        var isStopped: Bool { state.withLock(\.isStopped) }
        var isDelivering: Bool { state.withLock(\.isDelivering) }

        func noteHandOut() { state.withLock { $0.isDelivering = true } }

        func noteDelivery() {
            state.withLock { $0.isDelivering = false }
            surroundings.interrupt()
        }

        func stop() {
            state.withLock { $0.isStopped = true }
            surroundings.interrupt()
        }
    }

    private let control: Control
    private let outbox: Outbox
    private let makeState: @Sendable () -> FolderState

    init(_ control: Control, _ outbox: Outbox, makeState: @escaping @Sendable () -> FolderState) {
        self.control = control
        self.outbox = outbox
        self.makeState = makeState
    }

    @Sendable func run() {
        let state = makeState()
        do {
            handOut(try state.firstStep())
            // When the first of the events came that the next update comes from.
            var noticedAt: ContinuousClock.Instant?
            while !control.isStopped { try turn(state, &noticedAt) }
            outbox.finish()
        } catch {
            outbox.finish(throwing: error)
        }
    }

    private func turn(_ state: FolderState, _ noticedAt: inout ContinuousClock.Instant?) throws(SystemError) {
        let surroundings = control.surroundings
        let deadline = control.isDelivering ? nil : state.deadline
        let timeout = deadline.map { max(.zero, $0 - surroundings.now) }
        let events = try surroundings.next(timeout: timeout)
        if !events.isEmpty { noticedAt = noticedAt ?? surroundings.now }
        state.note(events)
        guard !control.isDelivering, !control.isStopped else { return }
        guard let deadline = state.deadline, deadline <= surroundings.now else { return }
        guard var update = state.step() else { return }
        update.noticedAt = noticedAt.take()
        handOut(update)
    }

    private func handOut(_ update: CatalogUpdate) {
        control.noteHandOut()
        outbox.yield(update)
    }
}
