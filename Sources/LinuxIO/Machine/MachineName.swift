import Glibc

/// The name of this machine, as `hostname` prints it; "localhost" where the kernel has none (gethostname(2)).
public func machineName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    // The last octet stays 0: a longer name is cut.
    guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    guard !bytes.isEmpty else { return "localhost" }
    return String(decoding: bytes, as: UTF8.self)
}
