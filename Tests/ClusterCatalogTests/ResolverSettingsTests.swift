import ClusterCatalog
import LinuxIO
import SourceText
import Testing

/// What the resolver of a Pod is told: the kubelet's rules, case by case.
@Suite struct ResolverSettingsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Lines of a Pod's spec.
        let spec: String
        let host: String
        let servers: String
        let resolv: String
        /// "line:column text" of each problem, warnings too; `pod` or `host` in front.
        let problems: [String]

        init(
            _ name: String, spec: String = "{}", host: String = "nameserver 192.0.2.1\nsearch corp.example\n",
            servers: String = "10.96.0.10", _ resolv: String, _ problems: [String] = []
        ) {
            testDescription = name
            (self.spec, self.host, self.servers, self.resolv, self.problems) = (spec, host, servers, resolv, problems)
        }
    }

    static let cluster = "search shop.svc.cluster.local svc.cluster.local cluster.local"

    static let cases = [
        Case("nothing said", "\(cluster) corp.example\nnameserver 10.96.0.10\noptions ndots:5\n"),
        Case(
            "two families", servers: "10.96.0.10 fd00:96::a",
            "\(cluster) corp.example\nnameserver 10.96.0.10\nnameserver fd00:96::a\noptions ndots:5\n"),
        Case(
            "ClusterFirst by name", spec: "{ dnsPolicy: ClusterFirst }", host: "",
            "\(cluster)\nnameserver 10.96.0.10\noptions ndots:5\n"),
        Case(
            "the node's options are not the cluster's", host: "nameserver 192.0.2.1\noptions edns0 timeout:1\n",
            "\(cluster)\nnameserver 10.96.0.10\noptions ndots:5\n"),
        Case(
            "on the node's network", spec: "{ hostNetwork: true }",
            "search corp.example\nnameserver 192.0.2.1\n",
            ["pod 1:1 warning: with hostNetwork, ClusterFirst means Default"]),
        Case(
            "on the node's network with the cluster's names",
            spec: "{ hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet }",
            "\(cluster) corp.example\nnameserver 10.96.0.10\noptions ndots:5\n"),
        Case(
            "Default", spec: "{ dnsPolicy: Default }", host: "nameserver 192.0.2.1\nsearch a b\noptions edns0 rotate",
            "search a b\nnameserver 192.0.2.1\noptions edns0 rotate\n"),
        Case(
            "options of several lines, the later one of a name", spec: "{ dnsPolicy: Default }",
            host: "nameserver 192.0.2.1\noptions ndots:2 edns0\noptions\noptions timeout:1 ndots:3 timeout:2\n",
            "nameserver 192.0.2.1\noptions ndots:3 edns0 timeout:2\n"),
        Case(
            "Default needs no cluster", spec: "{ dnsPolicy: Default }", host: "nameserver 192.0.2.1", servers: "",
            "nameserver 192.0.2.1\n"),
        Case(
            "None", spec: "{ dnsPolicy: None, dnsConfig: { nameservers: [192.0.2.7], searches: [x.example] } }",
            "search x.example\nnameserver 192.0.2.7\n"),
        Case(
            "an option takes the place of its name",
            spec:
                "{ dnsConfig: { options: [{ name: ndots, value: '2' }, { name: edns0 }, { name: timeout, value: '1' }] } }",
            host: "", "\(cluster)\nnameserver 10.96.0.10\noptions ndots:2 edns0 timeout:1\n"),
        Case(
            "what is there already is not repeated",
            spec: "{ dnsConfig: { nameservers: [10.96.0.10, 192.0.2.7], searches: [svc.cluster.local, a.example] } }",
            host: "search cluster.local. a.example",
            "\(cluster) a.example\nnameserver 10.96.0.10\nnameserver 192.0.2.7\noptions ndots:5\n"),
        Case(
            "search paths with underscores, and the root",
            spec: "{ dnsConfig: { searches: [_tcp.a_b.example, .] } }", host: "",
            "\(cluster) _tcp.a_b.example .\nnameserver 10.96.0.10\noptions ndots:5\n"),
        Case(
            "too many addresses together",
            spec: "{ dnsConfig: { nameservers: [192.0.2.7, 192.0.2.8] } }", host: "",
            servers: "10.96.0.10 10.96.0.11",
            "\(cluster)\nnameserver 10.96.0.10\nnameserver 10.96.0.11\nnameserver 192.0.2.7\noptions ndots:5\n",
            ["pod 4:47 warning: a Pod has 3 nameservers at most; left out: 192.0.2.8"]),
        Case(
            "too many addresses of the node", spec: "{ dnsPolicy: Default }",
            host: "nameserver 1.1.1.1\nnameserver 1.1.1.2\nnameserver 1.1.1.3\nnameserver 1.1.1.4\nnameserver 1.1.1.5",
            "nameserver 1.1.1.1\nnameserver 1.1.1.2\nnameserver 1.1.1.3\n",
            ["host 4:12 warning: a Pod has 3 nameservers at most; left out: 1.1.1.4, 1.1.1.5"]),
        Case(
            "a stub of the node", spec: "{ dnsPolicy: Default }", host: "nameserver 127.0.0.53\n",
            "nameserver 127.0.0.53\n", ["host 1:12 warning: 127.0.0.53 is the Pod itself, not the node"]),
        Case(
            "a stub of the node on the node's network", spec: "{ dnsPolicy: Default, hostNetwork: true }",
            host: "nameserver 127.0.0.53\n", "nameserver 127.0.0.53\n"),
        Case(
            "no server at all", spec: "{ dnsPolicy: Default }", host: "search a\n", "search a\n",
            ["pod 4:20 warning: there is no nameserver"]),
        Case(
            "a node without its file", spec: "{ dnsPolicy: Default }", host: "-", "search .\nnameserver 127.0.0.1\n"),
        Case(
            "a cluster without its address", servers: "", "",
            [
                "pod 1:1 error: dnsPolicy ClusterFirst needs the address of the cluster's DNS server"
            ]),
    ]

    @Test(arguments: cases) func gives(_ c: Case) throws {
        let scratch = Scratch()
        scratch.write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: \(c.spec)\n")
        var problems: [Diagnostic] = []
        let read = PodDNS.read(path: scratch.path("pod.yaml"))
        let pod = try #require(read.pod, "\(read.diagnostics)")
        let host = c.host == "-" ? .nowhere : HostResolver(c.host, file: "host", reporting: &problems)
        let cluster = ResolverSettings.Cluster(
            nameservers: c.servers.split(separator: " ").compactMap { IPAddress(String($0)) })
        let settings = ResolverSettings(for: pod, in: "shop", of: cluster, on: host, reporting: &problems)
        let said = problems.map { "\($0)".replacing(scratch.path("pod.yaml") + ":", with: "pod ") }
            .map { $0.replacing("host:", with: "host ") }
        #expect(said.count == c.problems.count, "\(said)")
        for (said, wanted) in zip(said, c.problems) { #expect(place(said).hasPrefix(place(wanted)), "\(said)") }
        if !c.resolv.isEmpty { #expect(settings.resolvConf == c.resolv) }
    }

    /// "pod 4:7 warning: …" for "pod 4:7: warning: …".
    private func place(_ text: String) -> String {
        text.replacing(": warning", with: " warning").replacing(": error", with: " error")
    }

    // MARK: Limits

    private func settings(searches: [String]) -> (ResolverSettings, [Diagnostic]) {
        var problems: [Diagnostic] = []
        let host = HostResolver("search " + searches.joined(separator: " "), file: "host", reporting: &problems)
        let cluster = ResolverSettings.Cluster(nameservers: [IPAddress(v4: 0x0a60_000a)])
        let pod = PodDNS(at: SourceLocation(file: "pod", line: 1))
        let settings = ResolverSettings(for: pod, in: "shop", of: cluster, on: host, reporting: &problems)
        return (settings, problems)
    }

    @Test func keepsThirtyTwoSearchPaths() throws {
        let (all, none) = settings(searches: (1...29).map { "s\($0)" })
        #expect(all.searches.count == 32 && none.isEmpty)
        let (cut, said) = settings(searches: (1...31).map { "s\($0)" })
        #expect(cut.searches.count == 32 && cut.searches.last == "s29")
        #expect(said.map(\.text) == ["a Pod has 32 search paths at most; left out: the last 2"])
        #expect(said.first?.location.column == 8 + (1...29).map { "s\($0) ".count }.reduce(0, +))
    }

    @Test func keeps2048Characters() throws {
        // The cluster's three take 61 octets with the space behind them.
        let path = String(repeating: "a", count: 60) + "." + String(repeating: "b", count: 60)
        let paths = (0..<15).map { "\($0 + 10).\(path)" } + [String(repeating: "c", count: 112)]
        let (all, none) = settings(searches: paths)
        let octets = all.searches.joined(separator: " ").utf8.count
        #expect(none.isEmpty == (octets <= 2048) && octets <= 2048)
        let (cut, said) = settings(searches: paths + ["d.example", "e.example"])
        #expect(cut.searches.joined(separator: " ").utf8.count <= 2048)
        #expect(!cut.searches.contains("e.example"))
        #expect(said.contains { $0.text.hasSuffix("left out: e.example") })
    }

    @Test func aPathThatNoNameCanBeIsLeftOut() throws {
        let (cut, said) = settings(searches: [String(repeating: "a", count: 254), "b.example"])
        #expect(cut.searches.last == "b.example" && cut.searches.count == 4)
        #expect(said.map(\.text) == ["a search path of more than 253 characters is left out"])
    }
}
