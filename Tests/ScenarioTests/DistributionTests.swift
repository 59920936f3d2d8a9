import DNS
import LinuxIO
import Plugins
import ScriptedUpstreams
import SourceText
import Testing
import WireMessages

@testable import ClusterDNSTestKit
@testable import Serving

/// The Corefiles that distributions write, at work: only where they listen and whom they ask is another place.
@Suite(.timeLimit(.minutes(5))) struct DistributionTests {
    static let names = [
        "kubeadm", "kubeadm-before", "kops", "eks", "microk8s", "kind", "minikube", "talos", "openshift", "nodelocal",
    ]

    @Test(arguments: names) func answersClusterNamesAndOthers(_ name: String) async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        let address = freshLoopback()
        let blocks = try Self.blocks(name, on: address, asking: server)
        await Gate.servers.enter()
        defer { Gate.servers.leave() }
        try await withCluster(Configuration(.blocks(blocks), workers: 1), logger: .silent) { dns async throws in
            let hasCatalog = blocks.contains { $0.kubernetes != nil }
            func ask(
                _ name: String, _ type: RecordType, over transport: Conversation.Transport = .udp
            ) async throws -> Reply {
                try await Asking.ask(dns.address, name, type, over: transport) { $0.edns() }
            }
            let web = try await ask("web.shop.svc.cluster.local", .a)
            #expect(web.addresses == [hasCatalog ? "10.96.0.10" : "192.0.2.7"], "\(web)")
            let pointer = try await ask("10.0.96.10.in-addr.arpa", .ptr)
            #expect(pointer.names == (hasCatalog ? ["web.shop.svc.cluster.local."] : []), "\(pointer)")

            for transport in [Conversation.Transport.udp, .tcp] {
                #expect(try await ask("www.example.org", .a, over: transport).addresses == ["192.0.2.7"])
            }
            #expect(server.count("www.example.org.") == 1, "cache")
            // With fallthrough what is no pointer of ours is somebody else's.
            _ = try await ask("1.2.0.192.in-addr.arpa", .ptr)
            #expect(server.count("1.2.0.192.in-addr.arpa.") >= 1)

            if blocks.contains(where: { $0.health != nil }) { #expect(try await page("health", address) == "200") }
            if blocks.contains(where: { $0.ready != nil }) { #expect(try await page("ready", address) == "200") }
            #expect(try await page("metrics", "\(address):9153") == "200")
        }
        await server.stop()
    }

    /// The Corefile as it is, then moved.
    private static func blocks(
        _ name: String, on address: String, asking server: ScriptedUpstream
    ) throws -> [ServerBlock] {
        var surroundings = CorefileSurroundings.machine()
        let reading = surroundings.reading
        surroundings.reading = { $0 == "/etc/resolv.conf" ? "nameserver 192.0.2.53\n" : try reading($0) }
        let (blocks, diagnostics) = compileCorefile(
            path: "\(Place.root)/zones/corefiles/\(name).corefile", surroundings: surroundings)
        guard diagnostics.allSatisfy({ $0.severity == .warning }) else {
            throw Trouble(diagnostics.map(\.description).joined(separator: "\n"))
        }
        func place(_ port: UInt16) throws -> SocketAddress { try #require(SocketAddress("\(address):\(port)")) }
        let upstream = try #require(SocketAddress(server.place))
        return try blocks.map { block in
            var block = block
            block.listen = [try place(5300)]
            block.health?.listen = [try place(8080)]
            block.health?.lameduck = .zero
            block.ready?.listen = [try place(8181)]
            block.prometheus?.listen = [try place(9153)]
            for index in block.forward.indices {
                // What comes to the upstream is counted.
                block.forward[index].maxConnectAttempts = 1
                block.forward[index].readTimeout = .seconds(5)
                // The one over TLS is a name of an example.
                for other in block.forward[index].upstreams.indices where !block.forward[index].upstreams[other].isTLS {
                    block.forward[index].upstreams[other].address = upstream
                }
            }
            return block
        }
    }
}
