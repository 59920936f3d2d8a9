import CLinux
import Glibc
import Synchronization

/// A plain thread that runs one function, outside of Swift's cooperative pool, and so may block.
public final class WorkerThread: Sendable {
    private struct State {
        var body: (@Sendable () -> Void)?
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let name: String

    /// Starts the thread. It runs on when this value is let go of.
    ///
    /// - Parameter name: shown by `top -H`; the kernel keeps 15 bytes of it.
    public init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        self.name = name
        state = Mutex(State(body: body))
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self)
        let code = unsafe pthread_create(&thread, nil, runWorkerThread, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw SystemError(call: "pthread_create", code: code)
        }
        _ = pthread_detach(thread)
    }

    /// Returns when the function has returned and everything that only it held is gone.
    public func wait() async {
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiters.append(waiter) }
                return state.isOver
            }
            if isOver { waiter.resume() }
        }
    }

    fileprivate func run() {
        unsafe linux_name_thread(name)
        runBody()
        let waiters = state.withLock { state in
            state.isOver = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// A function of its own, so that what the body holds is let go of when it returns.
    @inline(never)
    private func runBody() { state.withLock { $0.body.take() }?() }
}

private func runWorkerThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<WorkerThread>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
