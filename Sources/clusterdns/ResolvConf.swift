import ArgumentParser
import ClusterCatalog
import LinuxIO
import SourceText

struct ResolvConf: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolv-conf",
        abstract: "Print what a Pod's resolver needs, by the kubelet's rules.",
        discussion: """
            For Pods that no kubelet starts, and to see beforehand what one would write.

            Examples:
              clusterdns resolv-conf --namespace shop --nameserver 10.96.0.10
              clusterdns resolv-conf --pod web.yaml --namespace shop --nameserver 10.96.0.10 --format podspec
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case resolv, podspec, cni
    }

    @Option(help: ArgumentHelp("The Pod's namespace (default: that of the manifest).", valueName: "name"))
    var namespace: String?

    @Option(
        help: ArgumentHelp(
            "A manifest with a Pod or something that makes Pods; without it a Pod that says nothing about DNS.",
            valueName: "file"))
    var pod: String?

    @Option(help: "The domain of the cluster.")
    var clusterDomain = "cluster.local"

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Where Pods reach the cluster's DNS server, three addresses at most.", valueName: "addr"))
    var nameserver: [String] = []

    @Option(help: ArgumentHelp("The node's own resolv.conf; \"\" for none.", valueName: "file"))
    var hostResolvConf = "/etc/resolv.conf"

    @Option(help: "resolv: a resolv.conf; podspec: a part of a Pod's spec; cni: the object dns of a CNI result.")
    var format = Format.resolv

    mutating func validate() throws {
        guard namespace != nil || pod != nil else {
            throw ValidationError("say the namespace: clusterdns resolv-conf --namespace shop --nameserver 10.96.0.10")
        }
        if let namespace, !PodDNS.isNamespace(namespace) {
            throw ValidationError("--namespace: \"\(namespace)\" is no name of a namespace; write shop")
        }
        guard isClusterDomain(clusterDomain) else {
            throw ValidationError("--cluster-domain: \"\(clusterDomain)\" is no domain name; write cluster.local")
        }
        for text in nameserver where IPAddress(text) == nil {
            throw ValidationError("--nameserver: \"\(text)\" is no IP address; write 10.96.0.10")
        }
        guard nameserver.count <= ResolverLimit.nameservers else {
            throw ValidationError("--nameserver: resolvers take 3 addresses, not \(nameserver.count)")
        }
    }

    func run() throws {
        var problems: [Diagnostic] = []
        let settings = settings(reporting: &problems)
        for problem in problems.sorted() { printError("\(problem)") }
        guard let settings, !problems.contains(where: { $0.severity == .error }) else { throw ExitCode(1) }
        switch format {
        case .resolv: print(settings.resolvConf, terminator: "")
        case .podspec:
            guard !settings.nameservers.isEmpty else {
                throw Failure("dnsPolicy None, which podspec writes, needs a nameserver, and there is none")
            }
            print(settings.podSpec, terminator: "")
        case .cni: print(settings.cni, terminator: "")
        }
    }

    private func settings(reporting problems: inout [Diagnostic]) -> ResolverSettings? {
        let commandLine = SourceLocation(file: "command line", line: 1)
        var wanted: PodDNS? = PodDNS(at: commandLine)
        if let pod {
            let read = PodDNS.read(path: pod)
            problems += read.diagnostics
            wanted = read.pod
        }
        var host = HostResolver.nowhere
        do throws(Diagnostic) {
            if !hostResolvConf.isEmpty {
                host = try HostResolver.read(path: hostResolvConf, reporting: &problems)
            }
        } catch {
            problems.append(error)
        }
        guard let wanted, let namespace = namespace(of: wanted, &problems) else { return nil }
        let domain = clusterDomain.hasSuffix(".") ? String(clusterDomain.dropLast()) : clusterDomain
        let cluster = ResolverSettings.Cluster(nameservers: nameserver.compactMap { IPAddress($0) }, domain: domain)
        return ResolverSettings(for: wanted, in: namespace, of: cluster, on: host, reporting: &problems)
    }

    private func namespace(of pod: PodDNS, _ problems: inout [Diagnostic]) -> String? {
        guard let namespace else {
            if pod.namespace == nil {
                let text = "the manifest names no namespace; write --namespace or metadata.namespace"
                problems.append(Diagnostic(.error, at: pod.policyLocation, text))
            }
            return pod.namespace?.text
        }
        if let written = pod.namespace, written.text != namespace {
            let text = "metadata.namespace is \"\(written.text)\", but --namespace says \"\(namespace)\"; correct one"
            problems.append(Diagnostic(.error, at: written.location, text))
        }
        return namespace
    }
}
