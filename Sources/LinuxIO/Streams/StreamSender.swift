import Glibc

/// The sending end of a TCP socket that another owns.
public struct StreamSender: Sendable {
    private let number: Int32

    /// - Parameter number: a connected socket; nothing may be sent once its owner has closed it.
    public init(borrowing number: Int32) { self.number = number }

    /// Gives the kernel as much as it takes at once.
    ///
    /// - Returns: how many octets from the front it took. 0 may be an error, too: whoever writes next hears of it.
    public func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        return max(0, unsafe Glibc.send(number, bytes.baseAddress, bytes.count, flags))
    }
}
