import Glibc

/// The name of this machine (gethostname(2)); "localhost" where it has none.
public func hostName() -> String {
    let longest = 256
    let name = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: longest) { buffer -> String in
        unsafe buffer.initialize(repeating: 0)
        guard let start = buffer.baseAddress, unsafe gethostname(start, longest - 1) == 0 else { return "" }
        return unsafe String(cString: start)
    }
    return name.isEmpty ? "localhost" : name
}
