import Glibc
import LinuxIO
import Synchronization

/// A blocking client socket that gives up in time.
final class ClientSocket {
    private let descriptor: Int32

    /// - Parameter patience: how long each part of an answer is awaited.
    init(to server: SocketAddress, isStream: Bool, patience: Duration = .seconds(5)) throws {
        let family = server.address.isIPv4 ? AF_INET : AF_INET6
        let kind = Int32(isStream ? SOCK_STREAM.rawValue : SOCK_DGRAM.rawValue)
        descriptor = Glibc.socket(family, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ConversationError("socket: \(describe(errno))") }
        var limit = timeval(tv_sec: Int(patience.components.seconds), tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        try server.connect(descriptor)
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw ConversationError("send: \(describe(errno))") }
            sent += count
        }
    }

    /// What one read gives: a datagram.
    func receive() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else {
            throw ConversationError(count == 0 ? "the server closed the connection" : "no answer: \(describe(errno))")
        }
        return Array(bytes[..<count])
    }

    func receive(exactly wanted: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: wanted)
        while bytes.count < wanted {
            let missing = wanted - bytes.count
            let count = unsafe room.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, missing, 0) }
            guard count > 0 else {
                throw ConversationError(
                    count == 0 ? "the server closed the connection" : "no answer: \(describe(errno))")
            }
            bytes += room[..<count]
        }
        return bytes
    }
}

private func describe(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

/// A result on its way from one thread to another.
final class Outbox: Sendable {
    private let value = Mutex<Result<[UInt8], any Error>?>(nil)

    func put(_ result: Result<[UInt8], any Error>) { value.withLock { $0 = result } }

    func take() throws -> [UInt8] {
        guard let result = value.withLock({ $0 }) else {
            throw ConversationError("the conversation ended without a result")
        }
        return try result.get()
    }
}
