import CLinux

/// The way back to the sender of one datagram, for an answer that comes after its round: who asked, and, on a socket
/// that is bound to a wildcard, which of our addresses was asked, so that the answer leaves from it.
public struct DatagramReturn: Sendable {
    fileprivate let form: linux_return

    init(_ form: linux_return) { self.form = form }

    /// Who sent the datagram.
    public var peer: SocketAddress {
        guard let peer = SocketAddress(kernelForm: form.peer) else {
            preconditionFailure("the kernel gave a peer that is not IP")
        }
        return peer
    }
}

extension DatagramSocket {
    /// Sends one datagram from any thread, without waiting for room: UDP may lose, nobody may stand still.
    public borrowing func send(_ bytes: [UInt8], to way: DatagramReturn) throws(SystemError) {
        try system("sendmsg") {
            unsafe withUnsafePointer(to: way.form) { form in
                unsafe linux_send_return(descriptor.number, form, bytes, bytes.count)
            }
        }
    }
}
