import DNS
import Foundation
import Glibc
import Testing

/// Whether this machine lets us make network namespaces: containers may be root and still not be allowed to.
enum PodMachine {
    static let isPossible = getuid() == 0 && Tool.exists("ip") && canMakeNamespaces

    private static let canMakeNamespaces: Bool = {
        let name = "clusterdns-try-\(getpid())"
        let inside = "ip -n \(name)"
        guard shell("ip netns add \(name) 2>/dev/null") else { return false }
        let isAllowed = shell("\(inside) link set lo up && \(inside) link add eth0 type veth peer name host0")
        return shell("ip netns delete \(name)") && isAllowed
    }()

    private static func shell(_ command: String) -> Bool { unsafe system(command) == 0 }
}

/// A Pod: a network namespace with a `resolv.conf` as the kubelet writes it, asking through C libraries.
@Suite(.enabled(if: PodMachine.isPossible, "needs root, ip from iproute2, and leave to make network namespaces"))
struct PodTests {
    static let names = ["web", "web.shop", "web.shop.svc", "web.shop.svc.cluster.local", "web.shop.svc.cluster.local."]

    /// Runs `body` in a namespace of its own, with a server there: by default on port 53 of its loopback.
    private func withPod(
        serving words: [String] = ["zones/demo", "--listen", "127.0.0.1:53"],
        _ body: (_ inPod: [String]) async throws -> Void
    ) async throws {
        let name = "clusterdns-\(getpid())-\(UInt32.random(in: .min ... .max))"
        let settings = "/etc/netns/\(name)"
        try FileManager.default.createDirectory(atPath: settings, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: settings) }
        let resolv =
            "nameserver 127.0.0.1\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n"
        try resolv.write(toFile: settings + "/resolv.conf", atomically: true, encoding: .utf8)
        // Names come from DNS alone.
        try "hosts: dns\n".write(toFile: settings + "/nsswitch.conf", atomically: true, encoding: .utf8)
        try await must(["ip", "netns", "add", name])
        let inPod = ["ip", "netns", "exec", name]
        do {
            try await must(inPod + ["ip", "link", "set", "lo", "up"])
            // Libraries look for addresses of a family only where the machine has one besides loopback.
            try await must(inPod + ["ip", "link", "add", "eth0", "type", "veth", "peer", "name", "host0"])
            try await must(inPod + ["ip", "address", "add", "10.244.1.200/24", "dev", "eth0"])
            for link in ["eth0", "host0"] { try await must(inPod + ["ip", "link", "set", link, "up"]) }
            try await withServer(words, under: inPod) { _ in try await body(inPod)
            }
        } catch {
            try await must(["ip", "netns", "delete", name])
            throw error
        }
        try await must(["ip", "netns", "delete", name])
    }

    private func must(_ words: [String]) async throws {
        let run = try await Program.run(words)
        guard run.code == 0 else { throw Trouble("\(words.joined(separator: " ")): \(run.errors)") }
    }

    @Test func findsNamesThroughTheGNULibrary() async throws {
        try await withPod { inPod in
            for name in Self.names {
                let hosts = try await Program.run(inPod + ["getent", "hosts", name])
                #expect(hosts.output.hasPrefix("10.96.0.10 "), "getent hosts \(name): \(hosts.output)")
                let ahosts = try await Program.run(inPod + ["getent", "ahosts", name])
                #expect(ahosts.output.hasPrefix("10.96.0.10 "), "getent ahosts \(name): \(ahosts.output)")
                #expect(!ahosts.output.contains(":"), "no IPv6 address: \(ahosts.output)")
            }
            let both = try await Program.run(inPod + ["getent", "ahosts", "kube-dns.kube-system"])
            #expect(both.output.contains("10.96.0.53 ") && both.output.contains("fd00:10:96::35 "), "\(both.output)")
            let headless = try await Program.run(inPod + ["getent", "ahostsv4", "db"])
            #expect(headless.output.contains("10.244.1.7 ") && headless.output.contains("10.244.2.9 "))
            let reverse = try await Program.run(inPod + ["getent", "hosts", "10.244.1.7"])
            #expect(reverse.output.contains("db-0.db.shop.svc.cluster.local"), "\(reverse.output)")
        }
    }

    /// Every search step answers, so that nobody waits for a timeout: five seconds with either library.
    @Test func learnsAtOnceThatANameIsMissing() async throws {
        try await withPod { inPod in
            let run = try await Program.run(
                ["timeout", "4"] + inPod + ["getent", "hosts", "nobody.shop.svc.cluster.local."])
            #expect(run.code == 2, "\(run.output)")
            for step in ["nobody.shop.svc.cluster.local", "nobody.svc.cluster.local", "nobody.cluster.local"] {
                let dig = try await Program.run(inPod + ["dig", "+tries=1", "+timeout=2", "@127.0.0.1", step])
                #expect(try ToolText(dig.output).answers.map(\.code) == ["NXDOMAIN"], "\(step)")
            }
        }
    }

    @Test(.enabled(if: Tool.exists("musl-gcc"), "needs musl-gcc from musl-tools"))
    func findsNamesThroughMusl() async throws {
        let scratch = try Scratch()
        let source = "Tests/ScenarioTests/Resources/lookup.c"
        try await must(["musl-gcc", "-static", "-O1", "-o", scratch.path("lookup"), source])
        try await withPod { inPod in
            for name in Self.names {
                let run = try await Program.run(inPod + [scratch.path("lookup"), name])
                #expect(run.output == "10.96.0.10\n", "\(name)")
            }
            let storefront = try await Program.run(inPod + [scratch.path("lookup"), "storefront"])
            #expect(storefront.output == "10.96.0.10\n")
            let missing = try await Program.run(
                ["timeout", "4"] + inPod + [scratch.path("lookup"), "nobody.shop.svc.cluster.local."])
            #expect(missing.code == 2, "\(missing.output)")
        }
    }

    /// The server is a Pod itself: the zone's name server is the Service in front of its address (behaviour 9.2).
    @Test func theServiceInFrontOfTheServerIsTheNameServer() async throws {
        let scratch = try Scratch()
        try scratch.write(
            "dns.yaml",
            """
            apiVersion: v1
            kind: Service
            metadata: { name: kube-dns, namespace: kube-system }
            spec: { clusterIP: 10.96.0.53, ports: [{ name: dns, port: 53, protocol: UDP }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: kube-dns-1, namespace: kube-system, labels: { kubernetes.io/service-name: kube-dns } }
            addressType: IPv4
            endpoints: [{ addresses: [10.244.1.200] }]
            ports: [{ name: dns, port: 53, protocol: UDP }]
            """)
        try await withPod(serving: [scratch.path, "--listen", "10.244.1.200:53"]) { inPod in
            let run = try await Program.run(inPod + ["dig", "@10.244.1.200", "+nocookie", "cluster.local", "NS"])
            let answer = try #require(try ToolText(run.output).answers.first)
            #expect(answer.answers == ["cluster.local. 5 NS kube-dns.kube-system.svc.cluster.local."])
            #expect(answer.additional == ["kube-dns.kube-system.svc.cluster.local. 5 A 10.96.0.53"])
            let own = try await Program.run(inPod + ["dig", "@10.244.1.200", "+short", "ns.dns.cluster.local"])
            #expect(own.output == "10.244.1.200\n")
        }
    }
}
