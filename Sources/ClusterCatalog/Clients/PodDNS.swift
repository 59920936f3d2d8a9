public import SourceText

/// What the manifest of a Pod, or of something that makes Pods, says about their resolver.
public struct PodDNS: Equatable, Sendable {
    /// `spec.dnsPolicy`: where the settings start from.
    public enum Policy: String, CaseIterable, Sendable {
        case clusterFirst = "ClusterFirst"
        case clusterFirstWithHostNet = "ClusterFirstWithHostNet"
        case `default` = "Default"
        case none = "None"
    }

    /// `metadata.namespace`, if it is written.
    public var namespace: PlacedText?
    public var policy = Policy.clusterFirst
    public var usesHostNetwork = false
    /// `spec.dnsConfig`, which is added to what the policy gives.
    public var nameservers: [PlacedText] = []
    public var searches: [PlacedText] = []
    /// As resolv.conf has them: `ndots:2`, `edns0`.
    public var options: [PlacedText] = []
    /// Of the value of `dnsPolicy`, or of the Pod where none is written.
    public var policyLocation: SourceLocation

    /// A Pod that says nothing about DNS.
    public init(at location: SourceLocation) { policyLocation = location }

    /// Whether the API server accepts this as the name of a namespace.
    public static func isNamespace(_ text: String) -> Bool { NameRule.isLabel(text.utf8.span) }
}

/// A word and the place where somebody wrote it.
public struct PlacedText: Hashable, Sendable {
    public var text: String
    public var location: SourceLocation

    public init(_ text: String, at location: SourceLocation) {
        self.text = text
        self.location = location
    }
}

/// What resolvers and the API server hold (Kubernetes: KEP-2595).
public enum ResolverLimit {
    public static let nameservers = 3
    public static let searches = 32
    /// Octets of all search paths with one space between each two.
    public static let searchOctets = 2048
    /// Octets of one search path: glibc has ended programs over longer ones.
    public static let pathOctets = 253
}
