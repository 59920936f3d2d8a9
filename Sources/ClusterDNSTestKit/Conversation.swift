public import DNS
import Glibc
public import LinuxIO

/// One question and its answer, over real sockets.
public enum Conversation {
    public enum Transport: Sendable { case udp, tcp }

    /// The bytes of a query with a random id, RD set.
    public static func query(_ name: Name, _ type: RecordType, ednsByteCount: UInt16? = nil) -> [UInt8] {
        let id = UInt16.random(in: .min ... .max)
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, ednsByteCount == nil ? 0 : 1]
        bytes += name.wire
        bytes += [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 255), 0, 1]
        if let size = ednsByteCount { bytes += [0, 0, 41, UInt8(size >> 8), UInt8(size & 255), 0, 0, 0, 0, 0, 0] }
        return bytes
    }

    /// Sends the bytes and gives the answer's; blocks a thread of its own, not the caller's.
    public static func exchange(
        _ query: [UInt8], with server: SocketAddress, over transport: Transport
    ) async throws -> [UInt8] {
        try await exchange(query, with: server, over: transport, patience: .seconds(5))
    }

    static func exchange(
        _ query: [UInt8], with server: SocketAddress, over transport: Transport, patience: Duration
    ) async throws -> [UInt8] {
        let result = Outbox()
        let thread = try WorkerThread(name: "conversation") {
            do {
                result.put(.success(try exchangeBlocking(query, server, transport, patience)))
            } catch {
                result.put(.failure(error))
            }
        }
        await thread.wait()
        return try result.take()
    }

    private static func exchangeBlocking(
        _ query: [UInt8], _ server: SocketAddress, _ transport: Transport, _ patience: Duration
    ) throws -> [UInt8] {
        let socket = try ClientSocket(to: server, isStream: transport == .tcp, patience: patience)
        guard transport == .tcp else {
            try socket.send(query)
            return try socket.receive()
        }
        try socket.send([UInt8(query.count >> 8), UInt8(query.count & 255)] + query)
        let length = try socket.receive(exactly: 2)
        return try socket.receive(exactly: Int(length[0]) << 8 | Int(length[1]))
    }
}

/// Why there is no answer.
public struct ConversationError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
