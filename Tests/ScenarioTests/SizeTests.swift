import ClusterDNSTestKit
import DNS
import Testing

/// How large an answer may be, and in which order records come.
@Suite struct SizeTests {
    /// A headless Service with many endpoints.
    static func many(_ count: Int) -> String {
        let endpoints = (0..<count).map { "  - { addresses: [10.244.\($0 / 250).\($0 % 250 + 1)] }" }
        return """
            apiVersion: v1
            kind: Service
            metadata: { name: many, namespace: shop }
            spec: { clusterIP: None, ports: [{ name: http, port: 80 }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: many-1, namespace: shop, labels: { kubernetes.io/service-name: many } }
            addressType: IPv4
            endpoints:
            \(endpoints.joined(separator: "\n"))
            ports: [{ name: http, port: 80 }]

            """
    }

    static let name = "many.shop.svc.cluster.local"

    struct Size: Sendable, CustomTestStringConvertible {
        let offered: UInt16?
        let room: Int
        var testDescription: String { offered.map { "EDNS \($0)" } ?? "no EDNS" }
    }

    static let sizes = [
        Size(offered: nil, room: 512), Size(offered: 100, room: 512), Size(offered: 512, room: 512),
        Size(offered: 1000, room: 1000), Size(offered: 1232, room: 1232), Size(offered: 4096, room: 1232),
    ]

    /// As many whole records as fit, then TC; over TCP everything.
    @Test(arguments: sizes) func cutsAnAnswerToWholeRecords(_ size: Size) async throws {
        let scratch = try Scratch()
        try scratch.write("many.yaml", Self.many(300))
        await Gate.servers.enter()
        defer { Gate.servers.leave() }
        try await withCluster(catalog: scratch.path("many.yaml")) { dns in
            let cut = try await dns.ask(Self.name, .a, ednsByteCount: size.offered)
            #expect(cut.isTruncated)
            // Twelve of the header, the question, eleven of an OPT record, sixteen for each address.
            let fixed = 12 + 33 + (size.offered == nil ? 0 : 11)
            #expect(cut.answers.count == (size.room - fixed) / 16)
            #expect(cut.bytes.count <= size.room)
            let whole = try await dns.ask(Self.name, .a, over: .tcp, ednsByteCount: size.offered)
            #expect(!whole.isTruncated && Set(whole.addresses).count == 300)
        }
    }

    /// Additional records give way first, and their loss is no truncation.
    @Test func additionalRecordsGiveWayFirst() async throws {
        let scratch = try Scratch()
        try scratch.write("many.yaml", Self.many(8))
        await Gate.servers.enter()
        defer { Gate.servers.leave() }
        try await withCluster(catalog: scratch.path("many.yaml")) { dns in
            let small = try await dns.ask(Self.name, .srv, ednsByteCount: nil)
            #expect(!small.isTruncated && small.answers.count == 8 && small.additional.count < 8)
            #expect(small.bytes.count <= 512)
            let large = try await dns.ask(Self.name, .srv, over: .tcp)
            #expect(large.answers.count == 8 && large.additional.count == 8)
        }
    }

    /// Every address is first for some query (behaviour, head, 5).
    @Test func addressesTakeTurns() async throws {
        let scratch = try Scratch()
        try scratch.write("many.yaml", Self.many(5))
        await Gate.servers.enter()
        defer { Gate.servers.leave() }
        try await withCluster(catalog: scratch.path("many.yaml")) { dns in
            var first: Set<Reply.Data> = []
            var sets: Set<[String]> = []
            for _ in 0..<5 {
                let reply = try await dns.ask(Self.name, .a)
                first.insert(try #require(reply.answers.first?.data))
                sets.insert(reply.addresses)
            }
            #expect(first.count == 5)
            #expect(sets.count == 1)
        }
    }

    /// Pointers do not: names with a hostname, then the oldest Service.
    @Test func pointersKeepTheirOrder() async throws {
        await Gate.servers.enter()
        defer { Gate.servers.leave() }
        try await withCluster(catalog: Place.root + "/zones/statefulset") { dns in
            for _ in 0..<4 {
                let reply = try await dns.ask("7.1.244.10.in-addr.arpa", .ptr)
                #expect(
                    reply.names == ["db-0.db.data.svc.cluster.local.", "10-244-1-7.db-read.data.svc.cluster.local."])
            }
        }
    }
}
