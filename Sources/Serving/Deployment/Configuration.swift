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

    public init(_ source: Source, workers: Int = usableProcessorCount(), waitsForCatalogs: Bool = true) {
        self.source = source
        self.workers = workers
        self.waitsForCatalogs = waitsForCatalogs
    }

    /// The short way without a Corefile: these catalogs for one cluster domain and all reverse zones, Pods insecure as
    /// in every default Corefile.
    public static func catalogs(
        _ paths: [String], clusterDomain: String = "cluster.local", listen: [SocketAddress],
        workers: Int = usableProcessorCount()
    ) -> Configuration {
        let place = SourceLocation(file: "command line", line: 1, column: 1)
        var kubernetes = KubernetesSettings(
            zones: [clusterDomain, "in-addr.arpa", "ip6.arpa"], catalog: paths, at: place)
        kubernetes.pods = .insecure
        var block = ServerBlock(zones: ["."], listen: listen, at: place)
        block.kubernetes = kubernetes
        return Configuration(.blocks([block]), workers: workers, waitsForCatalogs: false)
    }
}

/// Why a configuration cannot be served: everything that is wrong with it.
public struct ConfigurationError: Error, CustomStringConvertible {
    public let diagnostics: [Diagnostic]
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
