import Glibc

extension SocketAddress {
    /// Connects a client's socket to this address.
    public func connect(_ descriptor: Int32) throws(SystemError) {
        _ = try system("connect") {
            unsafe withKernelForm { address, byteCount in unsafe Glibc.connect(descriptor, address, byteCount) }
        }
    }
}
