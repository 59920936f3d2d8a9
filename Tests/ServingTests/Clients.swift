import Glibc
import Testing

@testable import LinuxIO

/// NIO has one of its own.
typealias SocketAddress = LinuxIO.SocketAddress

/// A blocking UDP or TCP socket of a test, connected to a server on loopback. Waits ten seconds for an answer, then
/// throws instead of hanging.
struct Client: ~Copyable, Sendable {
    private let descriptor: Descriptor
    private let isStream: Bool

    static func udp(_ address: SocketAddress) throws -> Client { try Client(address, isStream: false) }
    static func tcp(_ address: SocketAddress) throws -> Client { try Client(address, isStream: true) }

    private init(_ address: SocketAddress, isStream: Bool) throws {
        let family = address.address.isIPv4 ? AF_INET : AF_INET6
        let kind = Int32((isStream ? SOCK_STREAM : SOCK_DGRAM).rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Descriptor(owning: try system("socket") { socket(family, kind, 0) })
        try descriptor.set(SOL_SOCKET, SO_RCVTIMEO, to: kernelTime(.seconds(10)))
        try descriptor.set(SOL_SOCKET, SO_SNDTIMEO, to: kernelTime(.seconds(10)))
        try system("connect") {
            unsafe address.withKernelForm { form, byteCount in unsafe connect(descriptor.number, form, byteCount) }
        }
        self.descriptor = descriptor
        self.isStream = isStream
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes[sent...]
            sent += try system("send") {
                unsafe rest.withUnsafeBytes {
                    unsafe Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
            }
        }
    }

    /// One datagram, or what a stream holds; empty at the end of a stream.
    func receive(atMost limit: Int = 65536) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = try system("recv") { unsafe recv(descriptor.number, &bytes, limit, 0) }
        return Array(bytes[..<count])
    }

    func receive(exactly count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try receive(atMost: count - bytes.count)
            try #require(!more.isEmpty, "the stream ended early")
            bytes += more
        }
        return bytes
    }

    /// One message of a stream.
    func message() throws -> [UInt8] {
        let length = try receive(exactly: 2)
        return try receive(exactly: Int(length[0]) << 8 | Int(length[1]))
    }

    func ask(_ query: [UInt8]) throws -> [UInt8] {
        try send(isStream ? framed(query) : query)
        return isStream ? try message() : try receive()
    }

    func finishSending() { _ = shutdown(descriptor.number, Int32(SHUT_WR)) }

    /// True at the end of the stream, also when the peer reset it.
    func isAtEnd() throws -> Bool {
        do { return try receive().isEmpty } catch let error as SystemError where error.code == ECONNRESET {
            return true
        }
    }
}

func framed(_ message: [UInt8]) -> [UInt8] { [UInt8(message.count >> 8), UInt8(message.count & 255)] + message }

/// The summary of one answer, over a socket of its own.
func askUDP(_ address: SocketAddress) throws -> String {
    let client = try Client.udp(address)
    return summary(try client.ask(query()))
}

func askTCP(_ address: SocketAddress) throws -> String {
    let client = try Client.tcp(address)
    return summary(try client.ask(query()))
}
