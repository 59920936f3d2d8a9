public import LinuxIO

/// Where the answer to a waiting query goes.
///
/// Made when a query cannot be answered at once; called once, from any thread.
public protocol ReturnAddress: Sendable {
    /// Who asked.
    var peer: SocketAddress { get }

    /// Sends the answer; an empty one means that nothing may be sent.
    func send(_ answer: [UInt8])
}
