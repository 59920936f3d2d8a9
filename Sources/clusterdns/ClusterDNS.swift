import ArgumentParser
import Plugins

/// The program: each command is a thin file that walks from text to a running server and stops at its own door.
@main
struct ClusterDNS: AsyncParsableCommand {
    static let version = clusterDNSVersion

    static let configuration = CommandConfiguration(
        commandName: "clusterdns",
        abstract: "A cluster DNS server: answers names of Services and Pods from Kubernetes manifests.",
        discussion: """
            A catalog is a file or a folder of ordinary Kubernetes manifests (YAML or JSON): Services, EndpointSlices,
            Endpoints, Pods, Namespaces, Nodes and Ingresses. Other kinds are passed over.
            """,
        version: version,
        subcommands: [Serve.self, Check.self, Records.self, ResolvConf.self, PluginWords.self])

    static func main() async {
        await main(withoutCoreDNSFlags(Array(CommandLine.arguments.dropFirst())))
    }
}
