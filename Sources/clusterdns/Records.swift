import ArgumentParser
import ClusterCatalog
import DNS
import LinuxIO
import SourceText
import Zones

struct Records: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every record that would be answered, sorted, as a zone file.",
        discussion: """
            Names that are computed are not listed: Pod addresses (pods insecure) exist by the thousand million.

            Examples:
              clusterdns records zones/demo
              clusterdns records --sources shop.yaml
            """)

    @Argument(help: "Files or folders with Kubernetes manifests.")
    var catalogs: [String]

    @Option(help: "The domain of the cluster.")
    var clusterDomain = "cluster.local"

    @Option(help: "Seconds that a record may be kept.")
    var ttl: UInt32 = 5

    @Flag(help: "Say behind each record which object it comes from, with file and line.")
    var sources = false

    mutating func validate() throws {
        guard !catalogs.isEmpty else { throw ValidationError("name a catalog: clusterdns records shop.yaml") }
        guard isClusterDomain(clusterDomain) else {
            throw ValidationError("--cluster-domain: \"\(clusterDomain)\" is no domain name; write cluster.local")
        }
        guard ttl <= 3600 else { throw ValidationError("--ttl must be 0 to 3600, not \(ttl)") }
    }

    func run() throws {
        var loaded = LoadedCatalogs()
        do { try loaded.add(catalogs) } catch { throw Failure(error) }
        for problem in loaded.diagnostics.sorted() { printError("\(problem)") }
        let reverse = [Name("in-addr.arpa"), Name("ip6.arpa")].compactMap(\.self)
        var settings = ClusterSettings(
            forwardZones: [Name(clusterDomain)].compactMap(\.self), reverseZones: reverse,
            serverAddresses: [IPAddress("127.0.0.1")].compactMap(\.self))
        settings.ttl = ttl
        let zones = ClusterZones(settings)
        _ = zones.apply(loaded.change)
        var text = ZoneText()
        for line in zones.zoneFile(with: &text, sources: sources) { print(line) }
        if loaded.diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
    }
}
