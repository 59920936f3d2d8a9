import Foundation
import Testing

/// The Pod in which the clients of a suite ask: its server is the built program with a Corefile as kubeadm writes it, its
/// upstream is an unbound beside it.
struct ClientPod: SuiteTrait, TestScoping {
    /// Where a client runs.
    struct Site: Sendable {
        let pod: Pod
        /// A static program that asks through musl.
        let musl: String
    }

    /// A query that came to the server, and the code of the answer.
    struct Asked: Hashable, Sendable {
        let name: String
        let type: String
        let transport: String
        let code: String
    }

    struct Traffic: Sendable {
        var asked: [Asked] = []
        /// "www.example.com a"
        var forwarded: [String] = []
    }

    @TaskLocal static var current: Site?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let traffic = try await Self.open { site in
            try await Self.$current.withValue(site) { try await function() }
        }
        // Too much for a datagram comes over TCP.
        #expect(traffic.asked.contains { $0.name == "many.shop.svc.cluster.local." && $0.transport == "tcp" })
    }

    /// Addresses that are the Pod's own: whatever a client finds, the server's page of health is there.
    private static let nearNetworks = [
        "10.96.0.0/12", "10.244.0.0/16", "192.0.2.0/24", "fd00:10:96::/108", "2001:db8::/32",
    ]

    /// - Returns: what was asked for, of the server and of its upstream.
    static func open(_ body: (Site) async throws -> Void) async throws -> Traffic {
        let scratch = try Scratch()
        try write(to: scratch)
        try await must(["musl-gcc", "-static", "-O1", "-o", scratch.path("lookup"), "\(resources)/lookup.c"])
        return try await Pod.with(nameserver: "10.96.0.53", nearNetworks: nearNetworks) { pod in
            let upstream = try await Unbound(
                at: "127.0.0.1@5353", in: scratch, under: pod.inside)
            let site = Site(pod: pod, musl: scratch.path("lookup"))
            let words = ["--config", scratch.path("Corefile")]
            var traffic = Traffic()
            do {
                let exit = try await withServer(words, under: pod.inside) { _ in
                    try await body(site)
                }
                traffic.asked = asked(exit.output + exit.errors)
            } catch {
                try await upstream.end()
                throw error
            }
            traffic.forwarded = try await upstream.end()
            return traffic
        }
    }

    static let resources = "Tests/ScenarioTests/Resources"

    private static func write(to scratch: Scratch) throws {
        let demo = Place.root + "/zones/demo"
        try scratch.makeFolder("catalog")
        for file in try FileManager.default.contentsOfDirectory(atPath: demo) where file.hasSuffix(".yaml") {
            try scratch.link("\(demo)/\(file)", "catalog/\(file)")
        }
        try scratch.write("catalog/many.yaml", SizeTests.many(100))
        try scratch.write(
            "Corefile",
            """
            .:53 {
                errors
                log . "asked {proto} {type} {name} {rcode}"
                health
                ready
                kubernetes cluster.local in-addr.arpa ip6.arpa {
                    catalog \(scratch.path("catalog"))
                    pods insecure
                    fallthrough in-addr.arpa ip6.arpa
                    ttl 30
                }
                prometheus :9153
                forward . 127.0.0.1:5353 {
                    max_concurrent 1000
                    max_connect_attempts 1
                    read_timeout 5s
                }
                cache 30
                loop
                reload
                loadbalance
            }

            """)
    }

    /// [INFO] asked udp A www.example.com. NOERROR
    private static func asked(_ log: String) -> [Asked] {
        log.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 6, words[1] == "asked" else { return nil }
            return Asked(name: words[4].lowercased(), type: words[3], transport: words[2], code: words[5])
        }
    }
}
