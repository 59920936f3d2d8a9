import ClusterCatalog
import DNS
import Testing
import WireMessages

@testable import Zones

/// What zones have whatever Services are in them, and what the options hide (behaviour 2, 7, 8, 9, head 13).
struct ZoneTests {
    static let web = service("shop/web", ["10.96.0.1"])

    @Test func apex() throws {
        try expect(
            zones([Self.web]),
            [
                Line("cluster.local.", .ns, "NOERROR ns.dns.cluster.local."), Line("cluster.local.", .txt, noData),
                Line("svc", .txt, noData), Line("pod", .a, noData),
                Line("dns", .a, noData), Line("ns.dns", .a, "NOERROR 10.0.0.53"), Line("ns.dns", .aaaa, noData),
                Line("dns-version", .txt, "NOERROR \"1.1.0\""),
                Line("dns-version", .a, noData), Line("x.dns", .a, noName), Line("x", .soa, noName),
                Line("x", .ns, noName), Line("svc", .soa, noData),
                Line("10.in-addr.arpa.", .ns, "NOERROR ns.dns.cluster.local."), Line("10.in-addr.arpa.", .ptr, noData),
                Line("www.example.com.", .a, "passed"),
            ])
    }

    @Test func nothingButApexesInAnEmptyCatalog() throws {
        let zones = zones([])
        #expect(zones.table.nameCount == 8)
        try expect(
            zones, [Line("web.shop.svc", .a, noName), Line("cluster.local.", .ns, "NOERROR ns.dns.cluster.local.")])
    }

    @Test func beforeTheFirstLoad() throws {
        var asker = Asker()
        let zones = ClusterZones(settings())
        for name in ["web.shop.svc.cluster.local", "1.0.96.10.in-addr.arpa", "cluster.local"] {
            #expect(try asker.message(name, .a, zones.table)?.code == 2)
        }
    }

    @Test func nameServersInFrontOfThisMachine() throws {
        let zones = zones([
            service("kube-system/dns", ["10.96.0.10", "fd00:96::10"]), slice("kube-system/dns", endpoint("10.0.0.53")),
            headless("shop/db"),
            slice("shop/db", endpoint("10.0.0.53", "10.244.1.1", host: "a")),
        ])
        for zone in ["cluster.local.", "10.in-addr.arpa."] {
            try expect(
                zones, [Line(zone, .ns, "NOERROR a.db.shop.svc.cluster.local. dns.kube-system.svc.cluster.local.")])
            var asker = Asker()
            let message = try #require(try asker.message(zone, .ns, zones.table))
            #expect(
                Set(message.additionals.map(\.data)) == [
                    "10.96.0.10", "fd00:96:0:0:0:0:0:10", "10.0.0.53", "10.244.1.1",
                ])
        }
        _ = zones.apply(removal(of: slice("kube-system/dns"), slice("shop/db")))
        try expect(zones, [Line("cluster.local.", .ns, "NOERROR ns.dns.cluster.local.")])
    }

    // MARK: Namespaces

    @Test func listedNamespaces() throws {
        let objects = [Self.web, service("db/web", ["10.96.0.2"]), namespace("empty"), namespace("hidden")]
        try expect(
            zones(objects, settings { $0.namespaces = ["shop", "empty", "nobody"] }),
            [
                Line("web.shop.svc", .a, "NOERROR 10.96.0.1"), Line("web.db.svc", .a, noName),
                Line("db.svc", .a, noName), Line("empty.svc", .a, noData),
                Line("hidden.svc", .a, noName), Line("nobody.svc", .a, noName),
                Line("1.0.96.10.in-addr.arpa.", .ptr, "NOERROR web.shop.svc.cluster.local."),
                Line("2.0.96.10.in-addr.arpa.", .ptr, noName),
            ])
        try expect(
            zones(objects),
            [
                Line("empty.svc", .a, noData), Line("web.db.svc", .a, "NOERROR 10.96.0.2"),
                Line("nobody.svc", .a, noName),
            ])
    }

    @Test func namespacesByLabel() throws {
        let zones = zones(
            [Self.web, namespace("shop", labels: ["env": "prod"]), service("db/web", ["10.96.0.2"])],
            settings { $0.namespaceLabels = selector("env=prod") })
        let shown = [
            Line("web.shop.svc", .a, "NOERROR 10.96.0.1"), Line("shop.svc", .a, noData),
            Line("1.0.96.10.in-addr.arpa.", .ptr, "NOERROR web.shop.svc.cluster.local."),
        ]
        let hidden = [
            Line("web.shop.svc", .a, noName), Line("shop.svc", .a, noName),
            Line("1.0.96.10.in-addr.arpa.", .ptr, noName),
        ]
        try expect(zones, shown + [Line("web.db.svc", .a, noName)])
        _ = zones.apply(CatalogChange(adding: [namespace("shop", labels: ["env": "test"])]))
        try expect(zones, hidden)
        _ = zones.apply(CatalogChange(adding: [namespace("shop", labels: ["env": "prod"])]))
        try expect(zones, shown)
        _ = zones.apply(removal(of: namespace("shop")))
        try expect(zones, hidden)
    }

    @Test func objectsByLabel() throws {
        let zones = zones(
            [
                service("shop/web", ["10.96.0.1"], labels: ["app": "web"]),
                service("shop/api", ["10.96.0.2"], labels: ["app": "api"]),
                slice("shop/web", "1", labels: ["app": "web"], endpoint("10.244.1.7")),
                slice("shop/web", "2", endpoint("10.244.1.8")),
            ], settings { $0.labels = selector("app=web") })
        try expect(
            zones,
            [
                Line("web.shop.svc", .a, "NOERROR 10.96.0.1"), Line("api.shop.svc", .a, noName),
                Line("10-244-1-7.web.shop.svc", .a, "NOERROR 10.244.1.7"),
                Line("10-244-1-8.web.shop.svc", .a, noName),
            ])
        _ = zones.apply(CatalogChange(adding: [service("shop/web", ["10.96.0.1"])]))
        try expect(zones, [Line("web.shop.svc", .a, noName), Line("shop.svc", .a, noName)])
    }

    @Test func noEndpoints() throws {
        let objects = [
            Self.web, slice("shop/web", endpoint("10.244.1.7")), headless("shop/db"),
            slice("shop/db", endpoint("10.244.1.8")),
        ]
        try expect(
            zones(objects, settings { $0.servesEndpoints = false }),
            [
                Line("web.shop.svc", .a, "NOERROR 10.96.0.1"), Line("10-244-1-7.web.shop.svc", .a, noName),
                Line("db.shop.svc", .a, noName),
                Line("7.1.244.10.in-addr.arpa.", .ptr, noName),
                Line("1.0.96.10.in-addr.arpa.", .ptr, "NOERROR web.shop.svc.cluster.local."),
            ])
    }

    @Test func ignoreEmptyService() throws {
        let zones = zones(
            [Self.web, external("shop/out", "www.example.com")], settings { $0.ignoresEmptyServices = true })
        let hidden = [
            Line("web.shop.svc", .a, noName), Line("_http._tcp.web.shop.svc", .a, noName),
            Line("1.0.96.10.in-addr.arpa.", .ptr, noName),
        ]
        try expect(zones, hidden + [Line("out.shop.svc", .a, "NOERROR www.example.com.")])
        _ = zones.apply(CatalogChange(adding: [slice("shop/web", endpoint("10.244.1.7", ready: false))]))
        try expect(zones, hidden)
        _ = zones.apply(CatalogChange(adding: [slice("shop/web", endpoint("10.244.1.7"))]))
        try expect(
            zones,
            [
                Line("web.shop.svc", .a, "NOERROR 10.96.0.1"),
                Line("1.0.96.10.in-addr.arpa.", .ptr, "NOERROR web.shop.svc.cluster.local."),
            ])
    }

    @Test func fallthroughHandsOnWhatIsMissing() throws {
        try expect(
            zones([Self.web], settings { $0.fallthroughZones = [name("shop.svc.cluster.local")] }),
            [
                Line("nobody.shop.svc", .a, "passed"), Line("web.shop.svc", .mx, noData),
                Line("nobody.svc", .a, noName), Line("1.1.96.10.in-addr.arpa.", .ptr, noName),
            ])
    }

    // MARK: Pods

    static let pods = [
        pod("shop/p1", ["10.244.1.7", "fd00::"]), pod("shop/p2", ["10.244.1.8"], ended: true),
        pod("shop/p3", ["10.244.1.9"], ready: false), pod("db/p4", ["10.244.1.7"]),
    ]

    @Test func podsDisabled() throws {
        try expect(
            zones(Self.pods),
            [
                Line("10-244-1-7.shop.pod", .a, noName), Line("shop.pod", .a, noName), Line("pod", .a, noData),
                Line("shop.svc", .a, noData),
            ])
    }

    @Test func podsInsecure() throws {
        try expect(
            zones(Self.pods, settings { $0.pods = .insecure }),
            [
                Line("10-1-2-3.shop.pod", .a, "NOERROR 10.1.2.3"), Line("x.10-1-2-3.shop.pod", .a, "NOERROR 10.1.2.3"),
                Line("10-1-2-3.shop.pod", .aaaa, noData),
                Line("fd00--1.shop.pod", .aaaa, "NOERROR fd00:0:0:0:0:0:0:1"), Line("10-1-2-3.nobody.pod", .a, noName),
                Line("p1.shop.pod", .a, noName), Line("shop.pod", .a, noData),
            ])
    }

    @Test func podsVerified() throws {
        let zones = zones(Self.pods, settings { $0.pods = .verified })
        try expect(
            zones,
            [
                Line("10-244-1-7.shop.pod", .a, "NOERROR 10.244.1.7"),
                Line("x.10-244-1-7.shop.pod", .a, "NOERROR 10.244.1.7"),
                Line("fd00--0.shop.pod", .aaaa, "NOERROR fd00:0:0:0:0:0:0:0"),
                Line("10-244-1-8.shop.pod", .a, noName), Line("10-244-1-9.shop.pod", .a, "NOERROR 10.244.1.9"),
                Line("10-244-1-9.db.pod", .a, noName), Line("shop.pod", .a, noData),
            ])
        // Two Pods may have one address: it goes with the last of them.
        _ = zones.apply(CatalogChange(adding: [pod("shop/p5", ["10.244.1.7", "10.244.1.7"])]))
        _ = zones.apply(removal(of: pod("shop/p1", [])))
        try expect(
            zones, [Line("10-244-1-7.shop.pod", .a, "NOERROR 10.244.1.7"), Line("fd00--0.shop.pod", .aaaa, noName)])
        _ = zones.apply(CatalogChange(adding: [pod("shop/p5", ["10.244.1.7"], ended: true)]))
        try expect(
            zones, [Line("10-244-1-7.shop.pod", .a, noName), Line("10-244-1-7.db.pod", .a, "NOERROR 10.244.1.7")])
    }

    // MARK: Pointers

    @Test func pointers() throws {
        let zones = zones([
            service("shop/web", ["10.96.0.1"], creation: "2024-01-01T00:00:00Z"),
            slice("shop/web", "1", endpoint("10.244.1.7")), slice("shop/web", "2", endpoint("10.244.1.7")),
            headless("shop/young", creation: "2025-01-01T00:00:00Z"), slice("shop/young", endpoint("10.244.1.7")),
            headless("shop/named", creation: "2026-01-01T00:00:00Z"),
            slice(
                "shop/named", endpoint("10.244.1.7", host: "h"), endpoint("10.244.1.8", ready: false),
                endpoint("192.0.2.1")),
            headless("shop/ageless"),
            slice("shop/ageless", endpoint("10.244.1.7"), endpoint("10.96.0.1"), endpoint("fd00::1")),
            service("db/web", ["10.96.0.1"], creation: "2023-01-01T00:00:00Z"),
        ])
        let names = ["h.named", "10-244-1-7.web", "10-244-1-7.young", "10-244-1-7.ageless"].map {
            "\($0).shop.svc.cluster.local."
        }
        var asker = Asker()
        let message = try #require(try asker.message("7.1.244.10.in-addr.arpa", .ptr, zones.table))
        #expect(message.answers.map(\.data) == names)
        try expect(
            zones,
            [
                Line("1.0.96.10.in-addr.arpa.", .ptr, "NOERROR web.db.svc.cluster.local."),
                Line("8.1.244.10.in-addr.arpa.", .ptr, noName), Line("1.2.0.192.in-addr.arpa.", .ptr, "passed"),
                Line("1.244.10.in-addr.arpa.", .ptr, noData), Line("2.244.10.in-addr.arpa.", .ptr, noName),
                Line("7.1.244.10.in-addr.arpa.", .a, noData),
                Line("1." + (0..<30).map { _ in "0." }.joined() + "d.f.ip6.arpa.", .ptr, noName),
                Line(
                    "1." + (0..<29).map { _ in "0." }.joined() + "d.f.ip6.arpa.", .ptr,
                    "NOERROR fd00--1.ageless.shop.svc.cluster.local."),
                Line("0.0.d.f.ip6.arpa.", .ptr, noData), Line("7.1.244.10.web.shop.svc", .ptr, noName),
                Line("web.shop.svc", .ptr, noData),
            ])
        _ = zones.apply(removal(of: service("db/web"), service("shop/web")))
        try expect(zones, [Line("1.0.96.10.in-addr.arpa.", .ptr, "NOERROR 10-96-0-1.ageless.shop.svc.cluster.local.")])
        _ = zones.apply(removal(of: slice("shop/ageless"), slice("shop/named"), slice("shop/young")))
        try expect(
            zones,
            [
                Line("7.1.244.10.in-addr.arpa.", .ptr, noName), Line("244.10.in-addr.arpa.", .ptr, noName),
                Line("96.10.in-addr.arpa.", .ptr, noName),
            ])
    }

    @Test func theLongestReverseZoneHasThePointer() throws {
        let zones = zones(
            [service("shop/web", ["10.96.0.1", "10.97.0.1"])],
            settings { $0.reverseZones.append(name("96.10.in-addr.arpa")) })
        var asker = Asker()
        #expect(
            try asker.message("2.0.96.10.in-addr.arpa", .ptr, zones.table)?.authorities.map(\.owner) == [
                "96.10.in-addr.arpa."
            ])
        try expect(
            zones,
            [
                Line("1.0.96.10.in-addr.arpa.", .ptr, "NOERROR web.shop.svc.cluster.local."),
                Line("1.0.97.10.in-addr.arpa.", .ptr, "NOERROR web.shop.svc.cluster.local."),
            ])
    }

    // MARK: Hosts

    @Test func hostsOfIngresses() throws {
        let zones = zones([
            ingress(
                "shop/i", hosts: ["shop.example.com", "*.apps.example.com", "web.shop.svc.cluster.local"],
                ["192.0.2.1", "2001:db8::1"]),
            ingress("shop/j", hosts: ["shop.example.com"], ["192.0.2.2"]),
            ingress("shop/k", hosts: ["lb.example.com"], hostnames: ["elb.example.net"]),
            ingress("shop/l", hosts: ["ctl.example.com"], ["192.0.2.9"], service: "shop/web"),
            ingress("shop/m", hosts: ["bare.example.com"]), Self.web,
        ])
        try expect(
            zones,
            [
                Line("shop.example.com.", .a, "NOERROR 192.0.2.1 192.0.2.2"),
                Line("shop.example.com.", .aaaa, "NOERROR 2001:db8:0:0:0:0:0:1"),
                Line("shop.example.com.", .mx, noData),
                Line("x.apps.example.com.", .a, "NOERROR 192.0.2.1"), Line("x.y.apps.example.com.", .a, "passed"),
                Line("apps.example.com.", .a, "passed"),
                Line("lb.example.com.", .a, "NOERROR elb.example.net."),
                Line("ctl.example.com.", .a, "NOERROR 10.96.0.1"), Line("bare.example.com.", .a, "passed"),
                Line("web.shop.svc", .a, "NOERROR 10.96.0.1"), Line("www.example.com.", .a, "passed"),
            ])
        _ = zones.apply(CatalogChange(adding: [service("shop/web", ["10.96.0.7"])]))
        try expect(zones, [Line("ctl.example.com.", .a, "NOERROR 10.96.0.7")])
        _ = zones.apply(removal(of: ingress("shop/i", hosts: []), service("shop/web")))
        try expect(
            zones,
            [
                Line("shop.example.com.", .a, "NOERROR 192.0.2.2"), Line("x.apps.example.com.", .a, "passed"),
                Line("ctl.example.com.", .a, "NOERROR 192.0.2.9"),
            ])
    }
}
