public import LinuxIO

/// Why a server does not listen: every address that could not be had, and what to do about it.
public struct ListenError: Error, CustomStringConvertible, Sendable {
    public let problems: [Problem]

    public var description: String { problems.map(\.description).joined(separator: "\n") }

    public enum Transport: String, Sendable {
        case udp = "UDP"
        case tcp = "TCP"
    }

    /// One address that could not be had.
    public struct Problem: Error, Hashable, CustomStringConvertible, Sendable {
        public let address: SocketAddress
        public let transport: Transport
        public let error: SystemError
        /// An address of this server that includes this one.
        public let rival: SocketAddress?

        public var description: String { "\(address): \(reason)" }
    }
}
