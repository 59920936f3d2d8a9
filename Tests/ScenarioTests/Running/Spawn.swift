import Foundation
import Glibc
import LinuxIO
import Synchronization

/// A program that was started: its id, and where to read its standard output and standard error.
struct Child {
    let id: pid_t
    let streams: [Int32]

    /// Starts a program whose standard input is empty. One at a time: a pipe that another child inherits never ends.
    static func start(_ words: [String], in folder: String) throws -> Child {
        try starting.withLock { _ in
            let output = try Pipe()
            let errors = try Pipe()
            defer { for entry in [output.entry, errors.entry] { close(entry) } }
            let id = try spawn(["env", "-C", folder] + words, output: output.entry, errors: errors.entry)
            return Child(id: id, streams: [output.exit, errors.exit])
        }
    }
}

private let starting = Mutex(())

/// A pipe that no child inherits.
private struct Pipe {
    let exit: Int32
    let entry: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw SystemError(call: "pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (exit, entry) = (ends[0], ends[1])
    }
}

private func spawn(_ words: [String], output: Int32, errors: Int32) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    // Sockets of other tests, not all of which close by themselves: they would stay open until this child ends.
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
        guard let descriptor = Int32(name), descriptor > STDERR_FILENO else { continue }
        unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
    var id: pid_t = 0
    let code = unsafe posix_spawnp(&id, words[0], &actions, nil, &arguments, environ)
    guard code == 0 else { throw Trouble("\(words[0]): \(SystemError(call: "posix_spawn", code: code))") }
    return id
}
