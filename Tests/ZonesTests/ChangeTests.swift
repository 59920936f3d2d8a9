import ClusterCatalog
import DNS
import Testing
import WireMessages

@testable import Zones

/// One change, one snapshot; serials move when, and only when, a record does (head 2, behaviour 9.10).
struct ChangeTests {
    static let base = [
        service("shop/web", ["10.96.0.1"]), slice("shop/web", endpoint("10.244.1.7"), endpoint("10.244.1.8")),
        headless("shop/db"),
        slice(
            "shop/db", ports: ["a/tcp/1", "b/tcp/2"], endpoint("10.244.2.1", "fd00::1", host: "a"),
            endpoint("10.244.2.2")),
        pod("shop/p", ["10.244.1.7"]), ingress("shop/i", hosts: ["shop.example.com"], ["192.0.2.1", "192.0.2.2"]),
    ]

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let change: CatalogChange
        /// Which serials move: forward, 10.in-addr.arpa, d.f.ip6.arpa, hosts.
        let moved: [Bool]

        init(_ name: String, _ change: CatalogChange, _ moved: [Bool]) {
            testDescription = name
            self.change = change
            self.moved = moved
        }

        init(_ name: String, _ objects: CatalogObject..., moved: [Bool]) {
            self.init(name, CatalogChange(adding: objects), moved)
        }
    }

    static let still = [false, false, false, false]

    static let cases: [Case] = [
        Case("nothing", CatalogChange(), still),
        Case("the same objects", CatalogChange(adding: base), still),
        Case("a label that nothing selects", service("shop/web", ["10.96.0.1"], labels: ["a": "b"]), moved: still),
        Case(
            "endpoints in another order", slice("shop/web", endpoint("10.244.1.8"), endpoint("10.244.1.7")),
            moved: still),
        Case(
            "addresses and ports in another order",
            slice(
                "shop/db", ports: ["b/tcp/2", "a/tcp/1"], endpoint("10.244.2.2"),
                endpoint("fd00::1", "10.244.2.1", host: "a")), moved: still),
        Case(
            "an endpoint in another slice",
            CatalogChange(adding: [
                slice("shop/web", endpoint("10.244.1.8")), slice("shop/web", "2", endpoint("10.244.1.7")),
            ]), still),
        Case(
            "hosts in another order", ingress("shop/i", hosts: ["shop.example.com"], ["192.0.2.2", "192.0.2.1"]),
            moved: still),
        Case("a Pod while pods are disabled", pod("shop/q", ["10.244.1.9"]), moved: still),
        Case("a Node", .node(Node(name: "n", origin: origin)), moved: still),
        Case("a slice of no Service", slice("shop/nobody", endpoint("10.244.1.9")), moved: still),
        Case("a not-ready endpoint", slice("shop/web", "2", endpoint("10.244.1.9", ready: false)), moved: still),
        Case("what is not there goes", removal(of: service("shop/nobody"), slice("shop/nobody")), still),
        Case("the object of a namespace that exists", namespace("shop"), moved: still),
        Case("a new endpoint", slice("shop/web", "2", endpoint("10.244.1.9")), moved: [true, true, false, false]),
        Case(
            "a new endpoint of the other family", slice("shop/web", "2", endpoint("fd00::2")),
            moved: [true, false, true, false]),
        Case(
            "a hostname", slice("shop/web", endpoint("10.244.1.7", host: "x"), endpoint("10.244.1.8")),
            moved: [true, true, false, false]),
        Case(
            "another port", service("shop/web", ["10.96.0.1"], ports: ["http/tcp/81"]),
            moved: [true, false, false, false]),
        Case("another address", service("shop/web", ["10.96.0.2"]), moved: [true, true, false, false]),
        Case(
            "an address outside of the reverse zones", service("shop/other", ["192.0.2.1"]),
            moved: [true, false, false, false]),
        Case("a new namespace", namespace("new"), moved: [true, false, false, false]),
        Case(
            "another host", ingress("shop/j", hosts: ["other.example.com"], ["192.0.2.1"]),
            moved: [false, false, false, true]),
        Case("a Service goes", removal(of: service("shop/web")), [true, true, false, false]),
    ]

    @Test(arguments: cases)
    func serials(_ c: Case) {
        let zones = zones(Self.base)
        #expect(zones.serials.map(\.rawValue) == [1, 1, 1, 1])
        let table = zones.table
        let result = zones.apply(c.change)
        #expect(zones.serials.map { $0.rawValue == 2 } == c.moved)
        #expect((result.table == nil) == !c.moved.contains(true) && result.isEmpty == (result.table == nil))
        #expect((zones.table === table) == (result.table == nil))
    }

    @Test func theSerialIsAnswered() throws {
        let zones = zones(Self.base)
        _ = zones.apply(CatalogChange(adding: [namespace("new")]))
        var asker = Asker()
        let soa = try #require(try asker.message("cluster.local", .soa, zones.table)?.answers.first)
        #expect(soa.data == "ns.dns.cluster.local. hostmaster.cluster.local. 2 7200 1800 86400 5")
    }

    /// Everything of a change appears in one table, and the table before it stays what it was.
    @Test func oneChangeIsOneSnapshot() throws {
        let zones = zones(Self.base)
        let before = zones.table
        let change = CatalogChange(adding: [
            service("shop/api", ["10.96.0.3"]), external("shop/alias", "api.shop.svc.cluster.local"),
        ])
        let table = try #require(
            zones.apply(CatalogChange(updates: change.updates + removal(of: service("shop/web")).updates)).table)
        #expect(table === zones.table)
        try expect(
            zones,
            [
                Line("alias.shop.svc", .a, "NOERROR api.shop.svc.cluster.local. 10.96.0.3"),
                Line("web.shop.svc", .a, noName),
            ])
        var asker = Asker()
        #expect(try asker.message("web.shop.svc.cluster.local", .a, before)?.data == ["10.96.0.1"])
        #expect(try asker.message("alias.shop.svc.cluster.local", .a, before)?.code == 3)
    }

    /// A slice that changes its Service: the one loses, the other gains, in one step.
    @Test func aSliceMoves() throws {
        let zones = zones([headless("shop/a"), headless("shop/b"), slice("shop/a", endpoint("10.244.1.7"))])
        var moved = try #require(EndpointSlice(slice("shop/a", endpoint("10.244.1.7"))))
        moved.service = "b"
        _ = zones.apply(CatalogChange(adding: [.endpointSlice(moved)]))
        try expect(
            zones,
            [
                Line("a.shop.svc", .a, noName), Line("b.shop.svc", .a, "NOERROR 10.244.1.7"),
                Line("7.1.244.10.in-addr.arpa.", .ptr, "NOERROR 10-244-1-7.b.shop.svc.cluster.local."),
            ])
    }

    /// Where Pods are the endpoints, and then slices come and go again.
    @Test func podsGiveWayToSlices() throws {
        let zones = zones([
            headless("shop/db", selector: ["app": "db"]), pod("shop/p", ["10.244.1.7"], labels: ["app": "db"]),
        ])
        let byPod = [Line("db.shop.svc", .a, "NOERROR 10.244.1.7")]
        try expect(zones, byPod)
        _ = zones.apply(CatalogChange(adding: [slice("shop/db", endpoint("10.244.9.9"))]))
        try expect(zones, [Line("db.shop.svc", .a, "NOERROR 10.244.9.9")])
        _ = zones.apply(removal(of: slice("shop/db")))
        try expect(zones, byPod)
        _ = zones.apply(CatalogChange(adding: [pod("shop/p", ["10.244.1.7"], labels: ["app": "other"])]))
        try expect(zones, [Line("db.shop.svc", .a, noName)])
    }
}
