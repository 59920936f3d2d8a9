import CLinux
import Glibc

/// The IP addresses of this machine's interfaces, loopback last, each once.
public func machineAddresses() throws(SystemError) -> [IPAddress] {
    var first: UnsafeMutablePointer<ifaddrs>?
    try system("getifaddrs") { unsafe getifaddrs(&first) }
    defer { unsafe freeifaddrs(first) }

    var addresses: [IPAddress] = []
    var entry = unsafe first
    while let current = unsafe entry {
        if let address = unsafe address(of: current.pointee), !addresses.contains(address) { addresses.append(address) }
        unsafe entry = current.pointee.ifa_next
    }
    return addresses.filter { !$0.isLoopback } + addresses.filter(\.isLoopback)
}

/// Nil for an interface without an IP address.
private func address(of interface: ifaddrs) -> IPAddress? {
    guard let start = unsafe interface.ifa_addr else { return nil }
    let byteCount: Int
    switch Int32(unsafe start.pointee.sa_family) {
    case AF_INET: byteCount = MemoryLayout<sockaddr_in>.size
    case AF_INET6: byteCount = MemoryLayout<sockaddr_in6>.size
    default: return nil
    }
    var form = linux_address()
    unsafe withUnsafeMutableBytes(of: &form) { bytes in
        unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(start: start, count: byteCount))
    }
    return SocketAddress(kernelForm: form)?.address
}
