import Glibc
import LinuxIO
import Synchronization

/// One run of a program: what it writes, line by line as it comes, and how it ends.
///
/// Ends by itself, by a signal that a test sends, or by SIGKILL when its time is over: no test waits for ever.
final class Program: Sendable {
    /// How a run ended.
    struct Exit: Sendable {
        /// The code, or the negative number of the signal.
        var code: Int32
        var output: String
        var errors: String
    }

    fileprivate struct Waiter {
        let isWanted: @Sendable (String) -> Bool
        let continuation: CheckedContinuation<String, any Error>
    }

    fileprivate struct State {
        /// What was written on either stream and nobody has waited for yet.
        var lines: [String] = []
        var texts = [[UInt8](), [UInt8]()]
        var unfinished = [[UInt8](), [UInt8]()]
        var waiters: [Waiter] = []
        var exit: Exit?
        var exitWaiters: [CheckedContinuation<Exit, Never>] = []
    }

    /// Only what would never end is killed: an overloaded machine is slow, not wrong.
    static let patience: Duration = .seconds(300)

    private let state = Mutex(State())
    private let command: String
    let id: pid_t

    /// - Parameters:
    ///   - words: the program's path, or a name that PATH finds, and its arguments.
    ///   - folder: where it runs.
    ///   - patience: it is killed after so long.
    init(_ words: [String], in folder: String = Place.root, patience: Duration = Program.patience) throws {
        command = words.joined(separator: " ")
        let child = try Child.start(words, in: folder)
        id = child.id
        _ = try WorkerThread(name: "program") { [self] in
            follow(child.streams, until: .now + patience)
            for stream in child.streams { close(stream) }
            finish()
        }
    }

    /// Sends a signal, unless the program has ended.
    func signal(_ number: Int32) {
        state.withLock { if $0.exit == nil { kill(id, number) } }
    }

    /// Ends the program in the way an operator does.
    @discardableResult
    func end() async -> Exit {
        signal(SIGTERM)
        return await exit()
    }

    func exit() async -> Exit {
        await withCheckedContinuation { continuation in
            let exit = state.withLock { state in
                if state.exit == nil { state.exitWaiters.append(continuation) }
                return state.exit
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }

    /// Waits for a line on standard output or standard error; each line is given out once, and those before it are gone.
    @discardableResult
    func line(_ isWanted: @escaping @Sendable (String) -> Bool) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { state in
                state.waiters.append(Waiter(isWanted: isWanted, continuation: continuation))
                state.serve()
                if let exit = state.exit { state.giveUp(exit, command) }
            }
        }
    }

    @discardableResult
    func line(containing text: String) async throws -> String { try await line { $0.contains(text) } }
}

extension Program.State {
    /// Gives lines to those who wait for them.
    fileprivate mutating func serve() {
        while let waiter = waiters.first, let index = lines.firstIndex(where: waiter.isWanted) {
            waiter.continuation.resume(returning: lines[index])
            lines.removeSubrange(...index)
            waiters.removeFirst()
        }
    }

    fileprivate mutating func giveUp(_ exit: Program.Exit, _ command: String) {
        let trouble = Trouble("\(command): ended with \(exit.code) before that line\n\(exit.output)\(exit.errors)")
        for waiter in waiters { waiter.continuation.resume(throwing: trouble) }
        waiters = []
    }

    fileprivate mutating func take(_ bytes: ArraySlice<UInt8>, from stream: Int) {
        texts[stream] += bytes
        unfinished[stream] += bytes
        while let end = unfinished[stream].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: unfinished[stream][..<end], as: UTF8.self))
            unfinished[stream].removeSubrange(...end)
        }
        serve()
    }
}

extension Program {
    /// Reads both streams until the program has closed them or its time is over.
    private func follow(_ streams: [Int32], until deadline: ContinuousClock.Instant) {
        var polled = streams.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var room = [UInt8](repeating: 0, count: 65536)
        while polled.contains(where: { $0.fd >= 0 }) {
            let left = (deadline - .now).components.seconds
            guard left > 0 else {
                signal(SIGKILL)
                return
            }
            guard unsafe poll(&polled, nfds_t(polled.count), Int32(left) * 1000) > 0 else { continue }
            // Standard error first: what the log says of the start was written before the first screen.
            for index in polled.indices.reversed() where polled[index].revents != 0 {
                let count = unsafe read(polled[index].fd, &room, room.count)
                if count > 0 {
                    state.withLock { $0.take(room[..<count], from: index) }
                } else {
                    polled[index].fd = -1
                }
            }
        }
    }

    private func finish() {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) == -1, errno == EINTR {}
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
        state.withLock { state in
            let texts = state.texts.map { String(decoding: $0, as: UTF8.self) }
            let exit = Exit(code: code, output: texts[0], errors: texts[1])
            state.exit = exit
            state.giveUp(exit, command)
            for waiter in state.exitWaiters { waiter.resume(returning: exit) }
            state.exitWaiters = []
        }
    }

    /// Runs a program to its end.
    static func run(
        _ words: [String], in folder: String = Place.root, patience: Duration = Program.patience
    ) async throws -> Exit {
        await Gate.programs.enter()
        defer { Gate.programs.leave() }
        return try await Program(words, in: folder, patience: patience).exit()
    }

    /// Runs the built program to its end.
    static func clusterdns(_ arguments: String..., in folder: String = Place.root) async throws -> Exit {
        try await run([Place.program] + arguments, in: folder)
    }
}
