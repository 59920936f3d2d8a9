import Testing

/// What applications in a Pod ask with: C libraries, languages with resolvers of their own, and the tools of operators.
///
/// One server and one upstream for all of them: see `ClientPod`.
@Suite(
    .enabled(if: PodMachine.isPossible, "needs root, ip from iproute2, and leave to make network namespaces"),
    ClientPod())
struct ClientTests {
    /// A question as an application puts it, and what has to be found.
    struct Lookup: Sendable {
        enum Kind: String, Sendable { case addresses, pointer, service }

        let about: String
        let kind: Kind
        let name: String
        /// The same name for those who know no search path.
        let whole: String
        /// Addresses; names without the final dot; "PORT:NAME" for services.
        let found: [String]

        init(_ about: String, _ name: String, whole: String? = nil, finds found: String...) {
            self.init(about, .addresses, name, whole: whole, finds: found)
        }

        init(_ about: String, _ kind: Kind, _ name: String, whole: String? = nil, finds found: [String]) {
            self.about = about
            self.kind = kind
            self.name = name
            self.whole = whole ?? name
            self.found = found
        }
    }

    private static let shop = "shop.svc.cluster.local"

    static let lookups = [
        Lookup("a short name", "web", whole: "web.\(shop)", finds: "10.96.0.10"),
        Lookup("name and namespace", "web.shop", whole: "web.\(shop)", finds: "10.96.0.10"),
        Lookup("name, namespace and svc", "web.shop.svc", whole: "web.\(shop)", finds: "10.96.0.10"),
        Lookup("the whole name", "web.\(shop)", finds: "10.96.0.10"),
        Lookup("the whole name with its dot", "web.\(shop).", finds: "10.96.0.10"),
        Lookup(
            "both families", "kube-dns.kube-system", whole: "kube-dns.kube-system.svc.cluster.local",
            finds: "10.96.0.53", "fd00:10:96::35"),
        Lookup("headless", "db", whole: "db.\(shop)", finds: "10.244.1.7", "10.244.2.9"),
        Lookup("a Pod with a name", "db-0.db", whole: "db-0.db.\(shop)", finds: "10.244.1.7"),
        Lookup("an alias of ours", "storefront", whole: "storefront.\(shop)", finds: "10.96.0.10"),
        Lookup("an alias for outside", "payments", whole: "payments.\(shop)", finds: "192.0.2.21", "192.0.2.22"),
        Lookup(
            "a hundred endpoints", .addresses, "many", whole: "many.\(shop)",
            finds: (0..<100).map { "10.244.0.\($0 + 1)" }),
        Lookup("outside", "www.example.com", finds: "192.0.2.80", "2001:db8::80"),
        Lookup("nobody", .addresses, "nobody", whole: "nobody.\(shop)", finds: []),
        Lookup("nobody outside", .addresses, "nobody.example.com", finds: []),
        Lookup("the name of a Service", .pointer, "10.96.0.10", finds: ["web.\(shop)"]),
        Lookup("the name of a Pod", .pointer, "10.244.1.7", finds: ["db-0.db.\(shop)"]),
        Lookup("an IPv6 address", .pointer, "fd00:10:96::35", finds: ["kube-dns.kube-system.svc.cluster.local"]),
        Lookup("an address outside", .pointer, "192.0.2.80", finds: ["www.example.com"]),
        Lookup("an address of nobody", .pointer, "10.96.9.9", finds: []),
        Lookup("a port", .service, "_http._tcp.web.\(shop)", finds: ["80:web.\(shop)"]),
        Lookup(
            "a port of each Pod", .service, "_postgres._tcp.db.\(shop)",
            finds: ["5432:db-0.db.\(shop)", "5432:db-1.db.\(shop)"]),
    ]

    @Test(arguments: Client.installedForTests) func finds(_ client: Client) async throws {
        try await holdsTheTable(client)
    }

    @Test(.enabled(if: Tool.exists("node"), "no Node here: nothing asks through it"), arguments: Client.node)
    func findsWithNode(_ client: Client) async throws { try await holdsTheTable(client) }

    @Test(.enabled(if: Tool.exists("java"), "no Java here: nothing asks through it"))
    func findsWithJava() async throws { try await holdsTheTable(.java) }

    private func holdsTheTable(_ client: Client) async throws {
        let site = try #require(ClientPod.current)
        try #require(client.isInstalled, "\(client.tool) is missing: make test installs it")
        let lookups = Self.lookups.filter { client.kinds.contains($0.kind) }
        let answers = try await client.ask(lookups, site)
        try #require(answers.count == lookups.count)
        for (lookup, found) in zip(lookups, answers) {
            #expect(client.accepts(found, for: lookup.found), "\(lookup.about): \(lookup.name) gave \(found)")
        }
    }

    /// Nobody waits for a timeout: each step of the search path is asked once for each type, and answered.
    @Test func everyoneLearnsAtOnceThatANameIsMissing() async throws {
        let clients = (Client.installedForTests + Client.node + [.java]).filter(\.isInstalled)
        let traffic = try await ClientPod.open { site in
            for (index, client) in clients.enumerated() {
                let found = try await client.ask([Self.missing(index)], site)
                #expect(found == [[]], "\(client)")
            }
        }
        for (index, client) in clients.enumerated() {
            let word = "nobody-\(index)"
            let steps =
                client.searches(Self.missing(index))
                ? [Self.shop, "svc.cluster.local", "cluster.local"] : [Self.shop]
            let asked = traffic.asked.filter { $0.name.hasPrefix("\(word).") }
            #expect(Set(asked).count == asked.count, "\(client) asked again: \(asked)")
            #expect(asked.allSatisfy { $0.code == "NXDOMAIN" }, "\(client): \(asked)")
            #expect(
                Set(asked.map(\.name)).subtracting(["\(word)."]) == Set(steps.map { "\(word).\($0)." }), "\(client)")
            let forwarded = traffic.forwarded.filter { $0.hasPrefix("\(word) ") }
            #expect(Set(forwarded).count == forwarded.count, "\(client): \(forwarded)")
        }
    }

    private static func missing(_ index: Int) -> Lookup {
        Lookup("missing", .addresses, "nobody-\(index)", whole: "nobody-\(index).\(shop)", finds: [])
    }
}
