public import LinuxIO
public import Plugins
public import SourceText

/// What is to be served: a Corefile, or catalogs with a few words of the command line.
public struct Configuration: Sendable {
    public enum Source: Sendable {
        case corefile(path: String)
        case blocks([ServerBlock])
    }

    public var source: Source
    /// UDP workers for each address.
    public var workers: Int
    /// False where a missing catalog is an error at once (named on the command line), true where it is waited for.
    public var waitsForCatalogs: Bool
    /// Where no port is named.
    public var defaultPort: UInt16 = 53

    public init(_ source: Source, workers: Int = usableProcessorCount(), waitsForCatalogs: Bool = true) {
        self.source = source
        self.workers = workers
        self.waitsForCatalogs = waitsForCatalogs
    }

    /// The short way without a Corefile: these catalogs for one cluster domain and all reverse zones, Pods insecure as
    /// in every default Corefile.
    ///
    /// - Parameter forward: who is asked for all other names; empty: nobody. As a default Corefile has it, answers are
    ///   kept for 30 seconds, queries that come back are found, and pointers that the catalog does not have are asked for.
    public static func catalogs(
        _ paths: [String], clusterDomain: String = "cluster.local", listen: [SocketAddress],
        forward: [SocketAddress] = [], workers: Int = usableProcessorCount()
    ) -> Configuration {
        let place = SourceLocation(file: "command line", line: 1, column: 1)
        var kubernetes = KubernetesSettings(
            zones: [clusterDomain, "in-addr.arpa", "ip6.arpa"], catalog: paths, at: place)
        kubernetes.pods = .insecure
        var block = ServerBlock(zones: ["."], listen: listen, at: place)
        if !forward.isEmpty {
            kubernetes.fallthroughZones = ["in-addr.arpa", "ip6.arpa"]
            block.add(forwardTo: forward, at: place)
        }
        block.kubernetes = kubernetes
        return Configuration(.blocks([block]), workers: workers, waitsForCatalogs: false)
    }
}

extension ServerBlock {
    /// `forward . …`, `cache 30` and `loop`.
    fileprivate mutating func add(forwardTo upstreams: [SocketAddress], at place: SourceLocation) {
        var settings = ForwardSettings(from: ["."], to: upstreams.map { .init($0, at: place) }, at: place)
        settings.guardsLoops = true
        forward = [settings]
        loop = LoopSettings(at: place)
        var kept = CacheSettings(at: place)
        (kept.success.maxTTL, kept.denial.maxTTL) = (30, 30)
        cache = kept
    }
}

/// Why a configuration cannot be served: everything that is wrong with it.
public struct ConfigurationError: Error, CustomStringConvertible {
    public let diagnostics: [Diagnostic]
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
