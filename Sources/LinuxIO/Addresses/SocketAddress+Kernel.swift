import CLinux
import Glibc

extension SocketAddress {
    /// The address as the kernel reads it, and how many of its bytes count.
    var kernelForm: (address: linux_address, byteCount: socklen_t) {
        var form = linux_address()
        if address.isIPv4 {
            unsafe form.v4.sin_family = sa_family_t(AF_INET)
            unsafe form.v4.sin_port = port.bigEndian
            unsafe form.v4.sin_addr.s_addr = address.v4.bigEndian
            return (form, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        unsafe form.v6.sin6_family = sa_family_t(AF_INET6)
        unsafe form.v6.sin6_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &form.v6.sin6_addr) { octets in
            unsafe octets.storeBytes(of: address.v6.high.bigEndian, as: UInt64.self)
            unsafe octets.storeBytes(of: address.v6.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return (form, socklen_t(MemoryLayout<sockaddr_in6>.size))
    }

    /// Lends the address to a system call that reads one: connect, sendto.
    func withKernelForm<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        let (form, byteCount) = kernelForm
        // Not `&form.any`: the parts of a C union are computed, and their pointer would be that of a short copy.
        return unsafe withUnsafeBytes(of: form) { bytes in
            guard let start = unsafe bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else {
                preconditionFailure("an address has bytes")
            }
            return unsafe body(start, byteCount)
        }
    }

    /// Has a system call write an address; nil when it wrote none of IPv4 or IPv6.
    init?(writtenBy body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) throws(SystemError) -> Void)
        throws(SystemError)
    {
        let form = UnsafeMutablePointer<linux_address>.allocate(capacity: 1)
        defer { unsafe form.deallocate() }
        unsafe form.initialize(to: linux_address())
        var byteCount = socklen_t(MemoryLayout<linux_address>.size)
        try unsafe body(UnsafeMutableRawPointer(form).assumingMemoryBound(to: sockaddr.self), &byteCount)
        self.init(kernelForm: unsafe form.pointee)
    }

    /// Nil for a family other than IPv4 and IPv6.
    init?(kernelForm form: linux_address) {
        switch unsafe Int32(form.any.sa_family) {
        case AF_INET:
            self.init(
                IPAddress(v4: UInt32(bigEndian: unsafe form.v4.sin_addr.s_addr)),
                port: UInt16(bigEndian: unsafe form.v4.sin_port))
        case AF_INET6:
            let (high, low) = unsafe withUnsafeBytes(of: form.v6.sin6_addr) { octets in
                unsafe (octets.loadUnaligned(as: UInt64.self), octets.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self.init(
                IPAddress(v6High: UInt64(bigEndian: high), low: UInt64(bigEndian: low)),
                port: UInt16(bigEndian: unsafe form.v6.sin6_port))
        default: return nil
        }
    }
}
