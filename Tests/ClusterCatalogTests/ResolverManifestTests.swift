import ClusterCatalog
import LinuxIO
import SourceText
import Testing

/// Manifests and resolv.conf files, and what is wrong with them, by place.
@Suite struct ResolverManifestTests {
    struct Manifest: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        /// Of the file, without its name.
        let said: [String]

        init(_ name: String, _ text: String, _ said: String...) {
            testDescription = name
            (self.text, self.said) = (text, said)
        }

        /// A Pod with these lines in its spec, from line 5.
        static func pod(_ name: String, _ spec: String, _ said: String) -> Manifest {
            Manifest(name, "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n" + spec, said)
        }
    }

    private static let many = (0..<33).map { "s\($0)" }.joined(separator: ", ")
    private static let long = (0..<9).map { "\($0)" + String(repeating: ".abcdefghi", count: 24) }.joined(
        separator: ", ")

    static let mistakes = [
        Manifest(
            "no Pod", "apiVersion: v1\nkind: Service\nmetadata: { name: a }\n", "1:1: error: there is no Pod in this"),
        Manifest("empty", "", "1:1: error: there is no Pod in this file; a Pod, Deployment, StatefulSet"),
        Manifest(
            "two", "kind: Pod\nspec: {}\n---\nkind: Job\nmetadata: { name: b }\nspec: { template: { spec: {} } }\n",
            "1:1: error: Pod is not the only one here: Job b (line 4); put it into a file of its own"),
        Manifest("no YAML", "kind: Pod\nspec: [\n", "3:1: error: "),
        Manifest("no spec", "kind: Pod\nmetadata: { name: a }\n", "1:1: error: Pod has no spec; write one"),
        Manifest("no template", "kind: Deployment\nspec: {}\n", "2:7: error: Deployment has no template; write one"),
        Manifest(
            "namespace", "kind: Pod\nmetadata: { namespace: A_b }\nspec: {}\n",
            "2:24: error: metadata.namespace must be 1 to 63 lower-case letters"),
        .pod(
            "policy", "  dnsPolicy: ClusterLast\n", "5:14: error: spec.dnsPolicy must be one of ClusterFirst, Cluster"),
        .pod("policy's type", "  dnsPolicy: 5\n", "5:14: error: spec.dnsPolicy must be a string, not a number"),
        .pod("None without servers", "  dnsPolicy: None\n", "5:14: error: spec.dnsPolicy None needs spec.dnsConfig.n"),
        .pod("network's type", "  hostNetwork: 1\n", "5:16: error: spec.hostNetwork must be true or false, not \"1\""),
        .pod("config's type", "  dnsConfig: []\n", "5:14: error: spec.dnsConfig must be a mapping, not a list"),
        .pod(
            "an address", "  dnsConfig:\n    nameservers:\n    - dns.example\n",
            "7:7: error: spec.dnsConfig.nameservers must be an IP address, not \"dns.example\""),
        .pod(
            "four addresses", "  dnsConfig: { nameservers: [1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4] }\n",
            "5:57: error: spec.dnsConfig.nameservers may have 3 addresses, not 4; remove some"),
        .pod(
            "a path", "  dnsConfig: { searches: [Corp.Example] }\n",
            "5:27: error: spec.dnsConfig.searches must hold domain names in lower case"),
        .pod(
            "33 paths", "  dnsConfig: { searches: [\(many)] }\n",
            "5:177: error: spec.dnsConfig.searches may have 32 paths, not 33; remove some"),
        .pod(
            "2049 characters", "  dnsConfig: { searches: [\(long)] }\n",
            "5:26: error: spec.dnsConfig.searches may have 2048 characters with the spaces between them, not 2177"),
        .pod(
            "an option without a name", "  dnsConfig:\n    options: [{ value: '2' }]\n",
            "6:15: error: every element of spec.dnsConfig.options needs a name, such as ndots"),
        .pod(
            "an option's value", "  dnsConfig:\n    options: [{ name: ndots, value: 2 }]\n",
            "6:37: error: spec.dnsConfig.options[].value must be a string, not a number; put it in quotes"),
    ]

    @Test(arguments: mistakes) func refuses(_ manifest: Manifest) throws {
        let scratch = Scratch()
        scratch.write("pod.yaml", manifest.text)
        let read = PodDNS.read(path: scratch.path("pod.yaml"))
        #expect(read.pod == nil)
        #expect(read.diagnostics.count == manifest.said.count, "\(read.diagnostics)")
        for (problem, said) in zip(read.diagnostics, manifest.said) {
            let text = "\(problem)".replacing(scratch.path("pod.yaml") + ":", with: "")
            #expect(text.hasPrefix(said), "\(text)")
        }
    }

    static let kinds = [
        "kind: Pod\nspec: { dnsPolicy: Default }",
        "kind: Deployment\nspec: { template: { spec: { dnsPolicy: Default } } }",
        "kind: CronJob\nspec: { jobTemplate: { spec: { template: { spec: { dnsPolicy: Default } } } } }",
        "kind: Service\n---\nkind: DaemonSet\nspec: { template: { spec: { dnsPolicy: Default } } }",
        "apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n- kind: Pod\n  spec: { dnsPolicy: Default }",
        "apiVersion: v1\nkind: List\nitems: [{ kind: Pod, spec: { dnsPolicy: Default } }]",
    ]

    @Test(arguments: kinds) func findsThePodOf(_ manifest: String) throws {
        let scratch = Scratch()
        scratch.write("pod.yaml", manifest)
        #expect(PodDNS.read(path: scratch.path("pod.yaml")).pod?.policy == .default)
    }

    @Test func readsJSON() throws {
        let scratch = Scratch()
        scratch.write("pod.json", #"{"kind":"Pod","metadata":{"namespace":"shop"},"spec":{"dnsPolicy":"Default"}}"#)
        let pod = try #require(PodDNS.read(path: scratch.path("pod.json")).pod)
        #expect(pod.policy == .default && pod.namespace?.text == "shop" && pod.namespace?.location.column == 39)
    }

    @Test func saysWhyAFileIsNotRead() throws {
        let scratch = Scratch()
        var problems: [Diagnostic] = []
        #expect(
            PodDNS.read(path: scratch.path("no")).diagnostics.first?.text
                == "there is no such manifest; correct the path")
        #expect(throws: Diagnostic.self) { try HostResolver.read(path: scratch.path("no"), reporting: &problems) }
    }

    // MARK: resolv.conf

    static let files = [
        Manifest(
            "nameservers add up",
            "nameserver 1.1.1.1\n  nameserver\t1.1.1.2 x\n#nameserver 1.1.1.3\n;nameserver 1.1.1.4\n"),
        Manifest("the last search counts", "search a b\nsearch c.\n"),
        Manifest("options add up, a later one wins", "options a:1 b\noptions c a:2 c\n"),
        Manifest(
            "a server without an address", "nameserver 1.1.1.1\nnameserver\n", "2:1: error: nameserver needs an address"
        ),
        Manifest("domain", "domain corp.example\n", "1:1: warning: the kubelet passes over \"domain\""),
        Manifest("domain beside search", "domain corp.example\nsearch corp.example\n"),
    ]
    static let found = [
        "1.1.1.1 1.1.1.2 | | ", " | c | ", " | | a:2 b c", "1.1.1.1 | | ", " | | ", " | corp.example | ",
    ]

    @Test(arguments: zip(files, found)) func reads(_ file: Manifest, _ found: String) {
        var problems: [Diagnostic] = []
        let host = HostResolver(file.text, file: "f", reporting: &problems)
        let parts = [host.nameservers, host.searches, host.options].map { $0.map(\.text).joined(separator: " ") }
        #expect(parts.joined(separator: " | ").replacing("  ", with: " ") == found)
        #expect(problems.count == file.said.count)
        for (problem, said) in zip(problems, file.said) { #expect("\(problem)".hasPrefix("f:" + said)) }
    }

    // MARK: Formats

    @Test func printsWhatOthersRead() throws {
        var problems: [Diagnostic] = []
        let host = HostResolver("search Corp.Example\n", file: "f", reporting: &problems)
        let cluster = ResolverSettings.Cluster(nameservers: [IPAddress(v4: 0x0a60_000a)], domain: "k8s.example")
        let pod = PodDNS(at: SourceLocation(file: "pod", line: 1))
        let settings = ResolverSettings(for: pod, in: "shop", of: cluster, on: host, reporting: &problems)
        #expect(
            settings.cni == """
                {
                  "nameservers": ["10.96.0.10"],
                  "search": ["shop.svc.k8s.example", "svc.k8s.example", "k8s.example", "Corp.Example"],
                  "options": ["ndots:5"]
                }

                """)
        #expect(
            settings.podSpec == """
                dnsPolicy: "None"
                dnsConfig:
                  nameservers:
                    - "10.96.0.10"
                  searches:
                    - "shop.svc.k8s.example"
                    - "svc.k8s.example"
                    - "k8s.example"
                    - "corp.example"
                  options:
                    - name: "ndots"
                      value: "5"

                """)
        // What we print is what we read: the same Pod, by policy None.
        let scratch = Scratch()
        scratch.write(
            "pod.yaml", "kind: Pod\nspec:\n" + settings.podSpec.split(separator: "\n").map { "  \($0)\n" }.joined())
        let again = try #require(PodDNS.read(path: scratch.path("pod.yaml")).pod)
        let copy = ResolverSettings(for: again, in: "x", of: cluster, on: HostResolver(), reporting: &problems)
        #expect(copy.nameservers == settings.nameservers && copy.options == settings.options)
        #expect(copy.searches == settings.searches.map { $0.lowercased() })
        #expect(problems.isEmpty)
    }
}
