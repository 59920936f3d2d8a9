import CLinux
import Glibc

/// A UDP socket bound to one address, which several sockets of this process may share (SO_REUSEPORT): the kernel
/// spreads the clients over them.
public struct DatagramSocket: ~Copyable, Sendable {
    let descriptor: Descriptor
    /// The address bound to, with the port that the kernel chose where port 0 was asked for.
    public let localAddress: SocketAddress
    /// Bound to a wildcard: each datagram says which of our addresses was asked, and the answer leaves from it.
    let tellsPacketInfo: Bool
    /// The kernel takes several datagrams as one, and hands them over so.
    var joinsDatagrams: Bool

    /// Bytes the kernel keeps for us in each direction while we are busy.
    static let bufferByteCount: Int32 = 4 << 20

    /// - Parameters:
    ///   - address: port 0 lets the kernel choose.
    ///   - isShared: false refuses an address that any other socket is bound to, also another server's that shares
    ///     its port, and lets none join until `share()`.
    ///   - wakeInterval: how long a receive waits before it returns without a datagram.
    public init(
        bindingTo address: SocketAddress, isShared: Bool = true, wakeInterval: Duration = .milliseconds(250)
    ) throws(SystemError) {
        let isIPv6 = !address.address.isIPv4
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Descriptor(
            owning: try system("socket") { socket(isIPv6 ? AF_INET6 : AF_INET, kind, 0) })

        // A port of the kernel's choice must be free: shared from the start, it may be one that another socket of this
        // user shares too, and each would get a part of the other's queries.
        let sharesLater = isShared && address.port == 0
        if isShared, !sharesLater { try descriptor.set(SOL_SOCKET, SO_REUSEPORT, to: 1 as Int32) }
        // A wildcard of IPv6 would otherwise take IPv4 too, and clash with a wildcard of IPv4.
        if isIPv6 { try descriptor.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 1 as Int32) }
        if address.address.isUnspecified { try descriptor.requestPacketInfo(isIPv6: isIPv6) }
        let joinsDatagrams = try descriptor.requestCoalescing()
        try descriptor.enlargeBuffers(to: Self.bufferByteCount)
        try descriptor.set(SOL_SOCKET, SO_RCVTIMEO, to: kernelTime(wakeInterval))
        try descriptor.bind(to: address)
        if sharesLater { try descriptor.set(SOL_SOCKET, SO_REUSEPORT, to: 1 as Int32) }
        localAddress = try descriptor.boundAddress()
        tellsPacketInfo = address.address.isUnspecified
        self.joinsDatagrams = joinsDatagrams
        self.descriptor = descriptor
    }

    /// Lets further sockets of this user bind to the same address.
    public func share() throws(SystemError) { try descriptor.set(SOL_SOCKET, SO_REUSEPORT, to: 1 as Int32) }

    /// Leaves the address to the other sockets that are bound to it, or to nobody: what is queued here can still be
    /// received, and answers can still be sent.
    ///
    /// Closing the socket instead would lose what is queued. A connected socket hears its peer only, and no other
    /// sender has our own address and port.
    public func leave() throws(SystemError) {
        let address = localAddress.address
        let loopback = address.isIPv4 ? IPAddress.loopbackIPv4 : .loopbackIPv6
        try SocketAddress(address.isUnspecified ? loopback : address, port: localAddress.port)
            .connect(descriptor.number)
    }

    /// Makes receives return at once from now on, also those that wait in another thread; queued datagrams are
    /// still handed out first, and answers can still be sent.
    public func wake() {
        // ENOTCONN is the ordinary result here: the kernel marks and wakes the socket before it says so.
        _ = shutdown(descriptor.number, Int32(SHUT_RD))
    }
}

extension Descriptor {
    func set<Value: BitwiseCopyable>(_ level: Int32, _ option: Int32, to value: Value) throws(SystemError) {
        try system("setsockopt") {
            unsafe withUnsafeBytes(of: value) { bytes in
                unsafe setsockopt(number, level, option, bytes.baseAddress, socklen_t(bytes.count))
            }
        }
    }

    fileprivate func requestPacketInfo(isIPv6: Bool) throws(SystemError) {
        try system("setsockopt") { linux_request_packet_info(number, isIPv6) }
    }

    /// False for a kernel before 5.0, which hands over each datagram alone. Nor are answers joined for it: one before
    /// 4.18 would take several as one long datagram, without a word.
    fileprivate func requestCoalescing() throws(SystemError) -> Bool {
        do {
            try system("setsockopt") { linux_request_coalescing(number) }
            return true
        } catch  where error.code == ENOPROTOOPT {
            return false
        }
    }

    /// Past the limits of net.core where we may (CAP_NET_ADMIN), else as far as they go.
    fileprivate func enlargeBuffers(to byteCount: Int32) throws(SystemError) {
        do {
            try set(SOL_SOCKET, SO_RCVBUFFORCE, to: byteCount)
            try set(SOL_SOCKET, SO_SNDBUFFORCE, to: byteCount)
        } catch  where error.code == EPERM {
            try set(SOL_SOCKET, SO_RCVBUF, to: byteCount)
            try set(SOL_SOCKET, SO_SNDBUF, to: byteCount)
        }
    }

    func bind(to address: SocketAddress) throws(SystemError) {
        try system("bind") {
            unsafe address.withKernelForm { form, byteCount in unsafe Glibc.bind(number, form, byteCount) }
        }
    }

    func boundAddress() throws(SystemError) -> SocketAddress {
        let address = try unsafe SocketAddress(writtenBy: { (form, byteCount) throws(SystemError) in
            try system("getsockname") { unsafe getsockname(number, form, byteCount) }
        })
        guard let address else { preconditionFailure("not an IP socket") }
        return address
    }
}

func kernelTime(_ duration: Duration) -> timeval {
    let (seconds, attoseconds) = duration.components
    return timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
}
