/// The transport of a port.
public enum PortProtocol: UInt8, Hashable, Sendable, CaseIterable {
    case tcp, udp, sctp

    /// The label behind the underscore in `_http._tcp`.
    public var label: String {
        switch self {
        case .tcp: "tcp"
        case .udp: "udp"
        case .sctp: "sctp"
        }
    }
}

/// A port of a Service.
public struct ServicePort: Hashable, Sendable {
    /// Where the port of a Service leads: a number, or the name of a container's port.
    public enum Target: Hashable, Sendable {
        case number(UInt16)
        case name(String)
    }

    /// Empty if unnamed.
    public var name: String
    public var proto: PortProtocol
    public var port: UInt16
    /// `port` where none is written.
    public var target: Target

    public init(name: String = "", proto: PortProtocol = .tcp, port: UInt16, target: Target? = nil) {
        self.name = name
        self.proto = proto
        self.port = port
        self.target = target ?? .number(port)
    }
}

/// A port of an EndpointSlice, of a subset of Endpoints, or of a container.
public struct EndpointPort: Hashable, Sendable {
    /// Empty if unnamed.
    public var name: String
    public var proto: PortProtocol
    public var port: UInt16

    public init(name: String = "", proto: PortProtocol = .tcp, port: UInt16) {
        self.name = name
        self.proto = proto
        self.port = port
    }
}
