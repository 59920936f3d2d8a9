import Glibc

/// A port of 127.0.0.1 that refuses, by UDP and TCP, and that nobody else gets before the tests end.
///
/// A port that is merely free would be given to the next test that asks for one. This one is taken: by a datagram socket
/// that hears a single peer, which never speaks, and by a stream socket that does not listen. Both stay open.
public struct RefusingPort: Sendable {
    public let port: UInt16

    /// - Parameter wanted: a port that its owner has just left; 0: any.
    public init(_ wanted: UInt16 = 0) throws {
        for _ in 0..<20 {
            let datagrams = try openSocket(SOCK_DGRAM)
            // What is free for UDP may be taken for TCP.
            let streams = try openSocket(SOCK_STREAM)
            if let port = bindTo(wanted, datagrams), bindTo(port, streams) != nil, hearDiscard(datagrams) {
                self.port = port
                return
            }
            for socket in [datagrams, streams] { close(socket) }
        }
        throw NoFreePort()
    }

    /// Where a Corefile finds it.
    public var place: String { "127.0.0.1:\(port)" }
}

private func openSocket(_ kind: __socket_type) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw NoFreePort() }
    guard kind == SOCK_STREAM else { return descriptor }
    // Connections that have just been closed do not matter.
    var yes: Int32 = 1
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    return descriptor
}

/// The port that the socket got; nil when somebody else has it.
private func bindTo(_ port: UInt16, _ descriptor: Int32) -> UInt16? {
    unsafe withLoopback(port) { address, length in
        guard unsafe bind(descriptor, address, length) == 0 else { return nil }
        var length = length
        guard unsafe getsockname(descriptor, address, &length) == 0 else { return nil }
        return unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            UInt16(bigEndian: unsafe $0.pointee.sin_port)
        }
    }
}

/// Port 9 of this machine: discard (RFC 863), which sends nothing.
private func hearDiscard(_ descriptor: Int32) -> Bool {
    unsafe withLoopback(9) { unsafe connect(descriptor, $0, $1) == 0 }
}

private func withLoopback<Result>(
    _ port: UInt16, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = port.bigEndian
    return unsafe withUnsafeMutablePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
