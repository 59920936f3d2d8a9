import Glibc
import LinuxIO
import Synchronization

/// What the folder needs of the world besides files: the time, and to be woken.
protocol FolderSurroundings: Sendable {
    var now: ContinuousClock.Instant { get }
    /// Watches a folder from now on; a path that is watched already is followed anew.
    func watch(_ folder: String) throws(SystemError)
    func unwatch(_ folder: String)
    /// Waits for events; none after the timeout or an interruption.
    func next(timeout: Duration?) throws(SystemError) -> [FileWatch.Event]
    /// Makes the current or the next `next` return at once.
    func interrupt()
}

/// inotify and the clock. Where the kernel gives no inotify (its limit of instances is reached), the slow rescan is all
/// there is.
final class KernelSurroundings: FolderSurroundings {
    private let watch: FileWatch?
    private let failure: SystemError?
    private let interruption = Interruption()

    init() {
        do throws(SystemError) {
            watch = try FileWatch()
            failure = nil
        } catch {
            watch = nil
            failure = error
        }
    }

    var now: ContinuousClock.Instant { .now }

    func watch(_ folder: String) throws(SystemError) {
        if let failure { throw failure }
        try watch?.add(folder)
    }

    func unwatch(_ folder: String) { watch?.remove(folder) }

    func next(timeout: Duration?) throws(SystemError) -> [FileWatch.Event] {
        if let watch { return try watch.next(timeout: timeout) }
        interruption.wait(timeout)
        return []
    }

    func interrupt() {
        if let watch { watch.interrupt() } else { interruption.raise() }
    }
}

/// What `FileWatch.interrupt` is, where there is no `FileWatch`: looks a hundred times a second.
private final class Interruption: Sendable {
    private let isRaised = Atomic(false)

    func raise() { isRaised.store(true, ordering: .releasing) }

    func wait(_ timeout: Duration?) {
        let end = timeout.map { ContinuousClock.now + $0 }
        while !isRaised.exchange(false, ordering: .acquiring) {
            if let end, ContinuousClock.now >= end { return }
            usleep(10_000)
        }
    }
}
