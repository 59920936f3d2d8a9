import Glibc
import LinuxIO

/// The addresses of one network interface; nil if the machine has none of that name (getifaddrs(3)).
func interfaceAddresses(_ name: String) throws(SystemError) -> [IPAddress]? {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&first) == 0 else { throw SystemError(call: "getifaddrs", code: errno) }
    defer { unsafe freeifaddrs(first) }

    var addresses: [IPAddress]?
    var entry = unsafe first
    while let current = unsafe entry {
        unsafe entry = current.pointee.ifa_next
        guard let label = unsafe current.pointee.ifa_name, unsafe String(cString: label) == name else { continue }
        addresses = addresses ?? []
        if let address = unsafe address(of: current.pointee) { addresses?.append(address) }
    }
    return addresses
}

/// Nil for an interface without an IP address.
private func address(of interface: ifaddrs) -> IPAddress? {
    guard let start = unsafe interface.ifa_addr else { return nil }
    let form = UnsafeRawPointer(start)
    // The family comes first; the address lies at octet 4 of ip(7)'s form and at octet 8 of ipv6(7)'s.
    switch Int32(unsafe form.loadUnaligned(as: UInt16.self)) {
    case AF_INET:
        return IPAddress(v4: UInt32(bigEndian: unsafe form.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    case AF_INET6:
        let high = unsafe form.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let low = unsafe form.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        return IPAddress(v6High: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    default:
        return nil
    }
}
