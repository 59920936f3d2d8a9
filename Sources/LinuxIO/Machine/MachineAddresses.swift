import CLinux
import Glibc

/// The IP addresses of this machine's interfaces, loopback last, each once.
public func machineAddresses() throws(SystemError) -> [IPAddress] {
    var addresses: [IPAddress] = []
    try forEachInterfaceAddress { _, address in
        if let address, !addresses.contains(address) { addresses.append(address) }
    }
    return addresses.filter { !$0.isLoopback } + addresses.filter(\.isLoopback)
}

/// The addresses of one network interface; nil if the machine has none of that name.
public func interfaceAddresses(_ name: String) throws(SystemError) -> [IPAddress]? {
    var addresses: [IPAddress]?
    try forEachInterfaceAddress { interface, address in
        guard interface == name else { return }
        addresses = (addresses ?? []) + (address.map { [$0] } ?? [])
    }
    return addresses
}

/// Every address of every interface (getifaddrs(3)); nil for what is no IP address.
private func forEachInterfaceAddress(_ body: (_ interface: String, IPAddress?) -> Void) throws(SystemError) {
    var first: UnsafeMutablePointer<ifaddrs>?
    try system("getifaddrs") { unsafe getifaddrs(&first) }
    defer { unsafe freeifaddrs(first) }
    var entry = unsafe first
    while let current = unsafe entry {
        if let name = unsafe current.pointee.ifa_name {
            body(unsafe String(cString: name), unsafe address(of: current.pointee))
        }
        unsafe entry = current.pointee.ifa_next
    }
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
