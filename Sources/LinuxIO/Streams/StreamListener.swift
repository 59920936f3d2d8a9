import CLinux
import Glibc

/// A TCP socket that listens on one address, alone: a second one on the same address is refused.
public struct StreamListener: ~Copyable, Sendable {
    private let descriptor: Descriptor
    /// The address bound to, with the port that the kernel chose where port 0 was asked for.
    public let localAddress: SocketAddress

    /// - Parameters:
    ///   - isShared: beside a socket that shares the address too (SO_REUSEPORT): one of ours that is about to go. Who
    ///     listens on one address comes before who listens on all of them.
    ///   - backlog: connections that the kernel completes ahead of us, cut to net.core.somaxconn.
    public init(
        bindingTo address: SocketAddress, isShared: Bool = false, backlog: Int32 = 4096
    ) throws(SystemError) {
        let isIPv6 = !address.address.isIPv4
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = Descriptor(
            owning: try system("socket") { socket(isIPv6 ? AF_INET6 : AF_INET, kind, 0) })

        // Without it a restart waits a minute for the connections of the process before.
        try descriptor.set(SOL_SOCKET, SO_REUSEADDR, to: 1 as Int32)
        if isShared { try descriptor.set(SOL_SOCKET, SO_REUSEPORT, to: 1 as Int32) }
        if isIPv6 { try descriptor.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 1 as Int32) }
        // Accepted connections inherit it. Answers are written whole, so there is nothing to wait for.
        try descriptor.set(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1 as Int32)
        try descriptor.bind(to: address)
        // Two sockets may be bound to a port as long as none listens; so the clash shows here at the latest.
        try system("listen") { listen(descriptor.number, backlog) }
        localAddress = try descriptor.boundAddress()
        self.descriptor = descriptor
    }

    /// Gives the listening, non-blocking descriptor to who accepts on it and closes it.
    public consuming func release() -> Int32 { descriptor.release() }
}
