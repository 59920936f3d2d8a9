import Glibc

/// A file with the number of this process, for scripts that send it signals.
struct PIDFile {
    let path: String

    /// Writes the file, over what is there.
    func write() throws(Failure) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        let text = Array("\(getpid())\n".utf8)
        let count = unsafe text.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
        guard count == text.count else { throw failure() }
    }

    /// The file may be gone already.
    func remove() { _ = unsafe unlink(path) }

    private func failure() -> Failure {
        Failure("--pidfile: \(path) cannot be written: \(unsafe String(cString: strerror(errno)))")
    }
}
