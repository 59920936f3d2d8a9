import Glibc

/// Writes lines to a descriptor from a thread of its own.
///
/// A reader that stops reading must not stop whoever has something to say: lines wait up to a bound; beyond it they are
/// dropped and counted, and the count is written when there is room again.
@safe public final class LineWriter: Sendable {
    nonisolated(unsafe) private let lock: UnsafeMutablePointer<pthread_mutex_t>
    nonisolated(unsafe) private let bell: UnsafeMutablePointer<pthread_cond_t>
    nonisolated(unsafe) private var waiting: [UInt8] = []
    nonisolated(unsafe) private var droppedCount = 0
    nonisolated(unsafe) private var isOver = false
    private let descriptor: Int32
    private static let waitingByteLimit = 1 << 20

    /// - Parameter descriptor: stays the caller's.
    public init(to descriptor: Int32) {
        self.descriptor = descriptor
        unsafe lock = .allocate(capacity: 1)
        unsafe bell = .allocate(capacity: 1)
        unsafe pthread_mutex_init(lock, nil)
        unsafe pthread_cond_init(bell, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(bell)
        unsafe pthread_mutex_destroy(lock)
        unsafe bell.deallocate()
        unsafe lock.deallocate()
    }

    /// Starts the thread; it ends after `finish`.
    public func start() throws(SystemError) -> WorkerThread {
        try WorkerThread(name: "line-writer") { self.run() }
    }

    /// Takes one line, without its end.
    public func write(_ line: String) {
        unsafe pthread_mutex_lock(lock)
        if unsafe waiting.count + line.utf8.count > Self.waitingByteLimit {
            unsafe droppedCount += 1
        } else {
            unsafe waiting += line.utf8
            unsafe waiting.append(UInt8(ascii: "\n"))
        }
        unsafe pthread_cond_signal(bell)
        unsafe pthread_mutex_unlock(lock)
    }

    /// The thread writes what is waiting, and ends.
    public func finish() {
        unsafe pthread_mutex_lock(lock)
        unsafe isOver = true
        unsafe pthread_cond_signal(bell)
        unsafe pthread_mutex_unlock(lock)
    }

    private func run() {
        while let bytes = next() {
            var written = 0
            while written < bytes.count {
                let count = unsafe bytes[written...].withUnsafeBytes { rest in
                    unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                }
                if count < 0, errno == EINTR { continue }
                // Nobody reads any more: there is no one to tell.
                guard count > 0 else { return }
                written += count
            }
        }
    }

    /// All that waits, as one piece; nil at the end.
    private func next() -> [UInt8]? {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        while unsafe waiting.isEmpty && !isOver { unsafe pthread_cond_wait(bell, lock) }
        guard unsafe !waiting.isEmpty else { return nil }
        var bytes: [UInt8] = []
        unsafe swap(&bytes, &waiting)
        if unsafe droppedCount > 0 {
            bytes += unsafe "[WARNING] \(droppedCount) lines were dropped: nobody read them in time\n".utf8
            unsafe droppedCount = 0
        }
        return bytes
    }
}
