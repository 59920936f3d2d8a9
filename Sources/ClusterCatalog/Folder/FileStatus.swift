import Glibc
import LinuxIO

/// What tells one version of a file from another without reading it.
///
/// The change time cannot be set by a program, so a write always shows; but two writes within one tick of a file system
/// look alike (see `isCertain`).
struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64
    let byteCount: Int
    /// Nanoseconds since 1970.
    let modified: Int
    /// Nanoseconds since 1970.
    let changed: Int

    /// Whether a write from now on would show. Two writes within one tick of a file system look alike; the coarsest
    /// ticks last two seconds.
    var isCertain: Bool {
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return false }
        return now.nanoseconds - max(modified, changed) > 2_000_000_000
    }
}

/// What lies at a path.
struct FileStatus {
    enum Kind: Equatable {
        case regular, folder, link
        /// "a FIFO", "a socket" …
        case other(String)
    }

    let kind: Kind
    let identity: FileIdentity
    /// How many names the file has.
    let linkCount: Int

    /// - Parameter followsLinks: whether a symbolic link stands for what it leads to.
    init(path: String, followsLinks: Bool = true) throws(SystemError) {
        var form = stat()
        let result = followsLinks ? unsafe stat(path, &form) : unsafe lstat(path, &form)
        guard result == 0 else { throw SystemError(call: "stat", code: errno) }
        self.init(form)
    }

    init(descriptor: Int32) throws(SystemError) {
        var form = stat()
        guard unsafe fstat(descriptor, &form) == 0 else { throw SystemError(call: "fstat", code: errno) }
        self.init(form)
    }

    private init(_ form: stat) {
        kind =
            switch form.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFLNK: .link
            case S_IFIFO: .other("a FIFO")
            case S_IFSOCK: .other("a socket")
            case S_IFCHR, S_IFBLK: .other("a device")
            default: .other("a special file")
            }
        linkCount = Int(form.st_nlink)
        identity = FileIdentity(
            device: UInt64(form.st_dev), inode: UInt64(form.st_ino), byteCount: Int(form.st_size),
            modified: form.st_mtim.nanoseconds, changed: form.st_ctim.nanoseconds)
    }
}

extension timespec {
    fileprivate var nanoseconds: Int { Int(tv_sec) &* 1_000_000_000 &+ Int(tv_nsec) }
}

extension SystemError {
    /// Nothing lies at the path.
    var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}
