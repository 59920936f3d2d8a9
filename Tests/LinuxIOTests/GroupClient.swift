import Glibc
import Testing

@testable import LinuxIO

/// A client that speaks to the kernel of several datagrams at once, as a resolver in front may.
extension UDPClient {
    // <linux/udp.h>
    private static let segmentSize: Int32 = 103
    private static let coalescing: Int32 = 104

    /// Sends datagrams of `size` bytes (the last may be shorter) as one.
    func sendTogether(_ datagrams: [[UInt8]], size: Int, to address: SocketAddress) throws {
        try descriptor.set(Int32(IPPROTO_UDP), Self.segmentSize, to: Int32(size))
        try send(datagrams.flatMap { $0 }, to: address)
        try descriptor.set(Int32(IPPROTO_UDP), Self.segmentSize, to: 0 as Int32)
    }

    /// From now on what was sent as one is received as one.
    func receiveTogether() throws { try descriptor.set(Int32(IPPROTO_UDP), Self.coalescing, to: 1 as Int32) }
}
