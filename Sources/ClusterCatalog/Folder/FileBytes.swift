import Glibc
import LinuxIO

/// The bytes of a file in memory of their own, given back with this value: to the kernel, or to the room that it is
/// from.
///
/// Never a mapping of the file: reading one that somebody shortens raises SIGBUS. Not from the heap either, which keeps
/// what it once had.
@safe struct FileBytes: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    private let owner: FileRoom?
    private(set) var count: Int
    let identity: FileIdentity

    /// Files from this size on are read into huge pages, where the kernel has some.
    private static let largeByteCount = 4 << 20

    deinit {
        if let owner { unsafe owner.giveBack(memory) } else { _ = unsafe munmap(memory.baseAddress, memory.count) }
    }

    var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<count])
    }
}

/// Why a file was not read.
enum ReadFailure: Error, Equatable {
    case missing
    /// Somebody writes it right now.
    case changing
    /// Something else than a file, too large, not permitted, …: a sentence with a remedy.
    case refused(String)

    static let leadsNowhere = refused("is a link that leads nowhere; correct or delete it")

    init(_ error: SystemError) {
        self = error.isMissing ? .missing : .refused("cannot be read: \(error.reason) (\(error.name))")
    }
}

extension FileBytes {
    /// Reads a whole regular file. Whatever else lies at the path is refused without waiting for it.
    ///
    /// - Parameter room: for who reads many files one after the other.
    static func read(_ path: String, byteCountLimit: Int, in room: FileRoom? = nil) throws(ReadFailure) -> FileBytes {
        let file = try openRegular(path, byteCountLimit)
        let identity = try statusOf(file).identity
        // One byte more than the size, to see a file that grows.
        let byteCount = identity.byteCount + 1
        var bytes: FileBytes
        if let room, let memory = unsafe room.take(byteCount) {
            bytes = unsafe FileBytes(memory, of: room, identity)
        } else {
            bytes = try FileBytes(byteCount: byteCount, identity)
        }
        try bytes.fill(from: file, byteCount)
        guard try statusOf(file).identity == identity, bytes.count == identity.byteCount else { throw .changing }
        return bytes
    }

    private init(_ memory: UnsafeMutableRawBufferPointer, of owner: FileRoom, _ identity: FileIdentity) {
        unsafe self.memory = unsafe memory
        self.owner = owner
        count = 0
        self.identity = identity
    }

    private init(byteCount: Int, _ identity: FileIdentity) throws(ReadFailure) {
        // A fault for each page would take half of the time that reading takes: 12 ms for 15 MB instead of 6.
        let isLarge = byteCount >= Self.largeByteCount
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | (isLarge ? 0 : MAP_POPULATE)
        let start = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard unsafe start != MAP_FAILED else { throw ReadFailure(SystemError(call: "mmap", code: errno)) }
        if isLarge { _ = unsafe madvise(start, byteCount, MADV_HUGEPAGE) }
        unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
        owner = nil
        count = 0
        self.identity = identity
    }

    private mutating func fill(from file: borrowing Descriptor, _ byteCount: Int) throws(ReadFailure) {
        while count < byteCount {
            let part = unsafe Glibc.read(file.number, memory.baseAddress?.advanced(by: count), byteCount - count)
            if part == 0 { return }
            if part > 0 {
                count += part
            } else if errno != EINTR {
                throw ReadFailure(SystemError(call: "read", code: errno))
            }
        }
    }
}

private func openRegular(_ path: String, _ byteCountLimit: Int) throws(ReadFailure) -> Descriptor {
    try check(try statusOf(path), byteCountLimit)
    // Should a FIFO have taken the file's place since, O_NONBLOCK keeps us from waiting for its writer.
    let number = unsafe open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard number >= 0 else { throw ReadFailure(SystemError(call: "open", code: errno)) }
    let file = Descriptor(owning: number)
    try check(try statusOf(file), byteCountLimit)
    return file
}

private func check(_ status: FileStatus, _ byteCountLimit: Int) throws(ReadFailure) {
    switch status.kind {
    case .regular: break
    case .folder: throw .refused("is a folder with the name of a catalog file; rename it")
    case .link: throw .leadsNowhere
    case .other(let kind): throw .refused("is \(kind), not a regular file; put a file in its place")
    }
    guard status.identity.byteCount <= byteCountLimit else {
        throw .refused("has \(status.identity.byteCount) bytes, more than the limit of \(byteCountLimit); split it")
    }
}

private func statusOf(_ path: String) throws(ReadFailure) -> FileStatus {
    do throws(ReadFailure) {
        return try attempt { () throws(SystemError) in try FileStatus(path: path) }
    } catch {
        guard error == .missing else { throw error }
        // Nothing at all, or a link?
        _ = try attempt { () throws(SystemError) in try FileStatus(path: path, followsLinks: false) }
        throw .leadsNowhere
    }
}

private func statusOf(_ file: borrowing Descriptor) throws(ReadFailure) -> FileStatus {
    let number = file.number
    return try attempt { () throws(SystemError) in try FileStatus(descriptor: number) }
}

private func attempt<Result>(_ call: () throws(SystemError) -> Result) throws(ReadFailure) -> Result {
    do throws(SystemError) { return try call() } catch { throw ReadFailure(error) }
}
