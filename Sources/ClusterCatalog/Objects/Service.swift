public import LinuxIO

/// A Service as DNS needs it.
public struct Service: Equatable, Sendable {
    public enum Kind: UInt8, Hashable, Sendable { case clusterIP, nodePort, loadBalancer, externalName }

    public var name: ObjectName
    public var origin: Origin
    public var labels: Labels
    /// `spec.type`; a missing one means `.clusterIP`.
    public var type: Kind
    /// `spec.clusterIP: None`.
    public var isHeadless: Bool
    /// Not-ready endpoints count as ready: `spec.publishNotReadyAddresses`, or its predecessor, the annotation
    /// `service.alpha.kubernetes.io/tolerate-unready-endpoints`.
    public var publishNotReadyAddresses: Bool
    /// `spec.ipFamilies`; all where it is not written.
    public var families: AddressFamilies
    /// Empty for a headless Service, and for one that has no address yet.
    public var clusterIPs: AddressList
    public var ports: [ServicePort]
    /// Empty where none is written: then no Pod is chosen.
    public var selector: Labels
    /// Lower case, without a dot at its end; empty unless the type is `.externalName`. May be an address: then the name
    /// answers NXDOMAIN.
    public var externalName: String
    /// `metadata.creationTimestamp`, RFC 3339 in UTC, so that text order is time order.
    public var creation: String?

    public init(
        name: ObjectName, origin: Origin, labels: Labels = [:], type: Kind = .clusterIP, isHeadless: Bool = false,
        publishNotReadyAddresses: Bool = false, families: AddressFamilies = .all, clusterIPs: AddressList = [],
        ports: [ServicePort] = [], selector: Labels = [:], externalName: String = "", creation: String? = nil
    ) {
        self.name = name
        self.origin = origin
        self.labels = labels
        self.type = type
        self.isHeadless = isHeadless
        self.publishNotReadyAddresses = publishNotReadyAddresses
        self.families = families
        self.clusterIPs = clusterIPs
        self.ports = ports
        self.selector = selector
        self.externalName = externalName
        self.creation = creation
    }
}

/// IPv4, IPv6 or both.
public struct AddressFamilies: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let v4 = AddressFamilies(rawValue: 1)
    public static let v6 = AddressFamilies(rawValue: 2)
    public static let all: AddressFamilies = [.v4, .v6]

    public func contains(familyOf address: IPAddress) -> Bool { contains(address.isIPv4 ? .v4 : .v6) }
}
