import Glibc
import Testing

@testable import LinuxIO

/// A blocking UDP socket of a test.
struct UDPClient: ~Copyable, Sendable {
    let descriptor: Descriptor

    init(isIPv4: Bool = true) throws {
        let kind = Int32(SOCK_DGRAM.rawValue)
        let descriptor = Descriptor(owning: try system("socket") { socket(isIPv4 ? AF_INET : AF_INET6, kind, 0) })
        // A test that waits for what never comes fails instead of hanging.
        try descriptor.set(SOL_SOCKET, SO_RCVTIMEO, to: kernelTime(.seconds(10)))
        self.descriptor = descriptor
    }

    func send(_ bytes: [UInt8], to address: SocketAddress) throws {
        let sent = try system("sendto") {
            unsafe address.withKernelForm { form, byteCount in
                unsafe sendto(descriptor.number, bytes, bytes.count, 0, form, byteCount)
            }
        }
        #expect(sent == bytes.count)
    }

    func receive() throws -> (bytes: [UInt8], from: SocketAddress) {
        var bytes = [UInt8](repeating: 0, count: 65536)
        var count = 0
        let peer = try unsafe SocketAddress(writtenBy: { (form, byteCount) throws(SystemError) in
            count = try system("recvfrom") {
                unsafe recvfrom(descriptor.number, &bytes, bytes.count, 0, form, byteCount)
            }
        })
        return (Array(bytes[..<count]), try #require(peer))
    }

    /// What has arrived so far is all that will: the sender is done. Loopback delivers while it sends.
    func receiveAll() throws -> [[UInt8]] {
        var all: [[UInt8]] = []
        try descriptor.set(SOL_SOCKET, SO_RCVTIMEO, to: kernelTime(.milliseconds(1)))
        do { while true { all.append(try receive().bytes) } } catch let error as SystemError where error.code == EAGAIN
        {}
        return all
    }
}

func address(_ text: String) throws -> SocketAddress { try #require(SocketAddress(text)) }
