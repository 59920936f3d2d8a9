import DNS
import Testing

/// The server is a Pod itself.
@Suite(.enabled(if: PodMachine.isPossible, "needs root, ip from iproute2, and leave to make network namespaces"))
struct PodTests {
    /// The zone's name server is the Service in front of the server's address (behaviour 9.2).
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
        try await Pod.with(nameserver: "10.244.1.200") { pod in
            let words = [scratch.path, "--listen", "10.244.1.200:53"]
            try await withServer(words, under: pod.inside) { _ in
                let output = try await must(
                    pod.inside + [
                        "dig", "@10.244.1.200", "+nocookie", "+tries=1", "+timeout=30", "cluster.local", "NS",
                    ])
                let answer = try #require(try ToolText(output).answers.first)
                #expect(answer.answers == ["cluster.local. 5 NS kube-dns.kube-system.svc.cluster.local."])
                #expect(answer.additional == ["kube-dns.kube-system.svc.cluster.local. 5 A 10.96.0.53"])
                let own = try await must(
                    pod.inside + [
                        "dig", "@10.244.1.200", "+tries=1", "+timeout=30", "+short", "ns.dns.cluster.local",
                    ])
                #expect(own == "10.244.1.200\n")
            }
        }
    }
}
