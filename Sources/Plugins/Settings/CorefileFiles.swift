import Glibc
import LinuxIO
import SourceText

/// Why a file of a Corefile cannot be read.
struct CorefileReadError: Error, CustomStringConvertible {
    let path: String
    /// "Permission denied"
    let reason: String

    var description: String { "\(path): \(reason)" }
}

/// The files that a pattern names (glob(7)), in order of their names.
func importedFiles(_ pattern: String, from importer: String) throws(CorefileReadError) -> [CorefileImport] {
    var files: [CorefileImport] = []
    for path in try paths(matching: pathFrom(folderOf: importer, pattern)) {
        files.append(CorefileImport(file: path, text: try corefileText(path)))
    }
    return files
}

private func paths(matching pattern: String) throws(CorefileReadError) -> [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    // A folder that is not there holds no match, as an optional mount; one that cannot be read may hide some.
    let isFailure: @convention(c) (UnsafePointer<CChar>?, Int32) -> Int32 = { _, code in
        code == ENOENT || code == ENOTDIR ? 0 : 1
    }
    switch unsafe glob(pattern, 0, isFailure, &found) {
    case 0: break
    case GLOB_NOMATCH: return []
    default: throw CorefileReadError(path: pattern, reason: "a folder of it cannot be read")
    }
    return (0..<Int(unsafe found.gl_pathc)).compactMap { index in
        unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
    }
}

/// The text of a regular file of at most 4 MiB; a FIFO would make us wait for ever.
func corefileText(_ path: String) throws(CorefileReadError) -> String {
    // Opening a FIFO waits for its writer unless told not to.
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { throw failure("open", path) }
    let descriptor = Descriptor(owning: number)
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else { throw failure("fstat", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
        throw CorefileReadError(path: path, reason: "it is no regular file")
    }
    let bytes = try contents(descriptor, path, limit: 4 << 20)
    guard let text = String(validating: bytes, as: UTF8.self) else {
        throw CorefileReadError(path: path, reason: "it is not UTF-8 text")
    }
    return text
}

private func contents(_ descriptor: borrowing Descriptor, _ path: String, limit: Int) throws(CorefileReadError)
    -> [UInt8]
{
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = unsafe read(descriptor.number, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw failure("read", path) }
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
        guard bytes.count <= limit else { throw CorefileReadError(path: path, reason: "it has more than 4 MiB") }
    }
}

private func failure(_ call: String, _ path: String) -> CorefileReadError {
    CorefileReadError(path: path, reason: SystemError(call: call, code: errno).reason)
}
