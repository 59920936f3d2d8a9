import CLinux
import Glibc
import Synchronization

/// Tells which entries of watched folders changed (inotify(7)). Files are watched through their folder: only so
/// does a watch outlive a rename over the file.
///
/// One thread waits in `next`; every other method may be called from any thread.
public final class FileWatch: Sendable {
    let notifications: Descriptor
    private let interruption: Descriptor
    let folders = Mutex(WatchedFolders())

    public init() throws(SystemError) {
        notifications = Descriptor(
            owning: try system("inotify_init1") { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) })
        interruption = Descriptor(owning: try system("eventfd") { linux_event_descriptor() })
    }

    private static let mask =
        UInt32(IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE)
        | UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

    /// Watches the folder that the path leads to now; a symbolic link is followed. Adding a path again follows it
    /// anew, for a link that points elsewhere or a folder that came back.
    public func add(_ directory: String) throws(SystemError) {
        let number = try system("inotify_add_watch") {
            unsafe inotify_add_watch(notifications.number, directory, Self.mask)
        }
        let unused = folders.withLock { $0.add(directory, watch: number) }
        stop(unused)
    }

    /// Events of this path that are already queued may still come.
    public func remove(_ directory: String) {
        let unused = folders.withLock { $0.remove(directory) }
        stop(unused)
    }

    /// The paths that are watched now.
    public var directories: [String] { folders.withLock { $0.paths.sorted() } }

    func stop(_ watch: Int32?) {
        guard let watch else { return }
        // The kernel drops the watch by itself when the folder is deleted; then this finds nothing.
        _ = inotify_rm_watch(notifications.number, watch)
    }

    /// Makes the current or the next `next` return at once.
    public func interrupt() {
        var one: UInt64 = 1
        // EAGAIN means that 2^64 - 2 interruptions wait to be seen.
        _ = unsafe write(interruption.number, &one, MemoryLayout<UInt64>.size)
    }

    /// Waits for changes.
    ///
    /// - Parameter timeout: nil waits forever.
    /// - Returns: what happened, oldest first; empty after the timeout or an interruption.
    public func next(timeout: Duration? = nil) throws(SystemError) -> [Event] {
        var polls = [
            pollfd(fd: notifications.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: interruption.number, events: Int16(POLLIN), revents: 0),
        ]
        try system("poll") { unsafe poll(&polls, 2, milliseconds(timeout)) }
        if polls[1].revents != 0 {
            var count: UInt64 = 0
            _ = unsafe read(interruption.number, &count, MemoryLayout<UInt64>.size)
        }
        guard polls[0].revents != 0 else { return [] }
        return try readEvents()
    }
}

/// Rounded up, as poll(2) wants it.
private func milliseconds(_ timeout: Duration?) -> Int32 {
    guard let (seconds, attoseconds) = timeout?.components else { return -1 }
    let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: min(seconds, 1_000_000) * 1000 + milliseconds)
}
