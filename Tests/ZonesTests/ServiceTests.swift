import ClusterCatalog
import DNS
import Testing
import WireMessages

@testable import Zones

/// Services with a cluster IP, headless ones and external names (behaviour 3 to 6).
struct ServiceTests {
    @Test func clusterIP() throws {
        let zones = zones([
            service("shop/web", ["10.96.0.1"], ports: ["http/tcp/80", "dns/udp/53", "/tcp/9000"]),
            slice("shop/web", endpoint("10.244.1.7"), endpoint("10.244.1.8", ready: false)),
            service("shop/none", ["10.96.0.2"], ports: []),
            service("shop/pending"),
        ])
        try expect(
            zones,
            [
                Line("web.shop.svc", .a, "NOERROR 10.96.0.1"), Line("web.shop.svc", .aaaa, noData),
                Line("web.shop.svc", .mx, noData),
                // floor(100 / 3) for three ports, unnamed ones too.
                Line(
                    "web.shop.svc", .srv,
                    "NOERROR 0 33 53 web.shop.svc.cluster.local. 0 33 80 web.shop.svc.cluster.local. 0 33 9000 web.shop.svc.cluster.local."
                ),
                Line("_http._tcp.web.shop.svc", .srv, "NOERROR 0 100 80 web.shop.svc.cluster.local."),
                Line("_http._tcp.web.shop.svc", .a, "NOERROR 10.96.0.1"),
                Line("_dns._udp.web.shop.svc", .srv, "NOERROR 0 100 53 web.shop.svc.cluster.local."),
                Line("http.tcp.web.shop.svc", .srv, "NOERROR 0 100 80 web.shop.svc.cluster.local."),
                Line("_tcp.web.shop.svc", .srv, noData), Line("_udp.web.shop.svc", .a, noData),
                Line("_sctp.web.shop.svc", .a, noName),
                Line("_http._udp.web.shop.svc", .srv, noName), Line("_._tcp.web.shop.svc", .srv, noName),
                Line("x._http._tcp.web.shop.svc", .a, noName),
                Line("10-244-1-7.web.shop.svc", .a, "NOERROR 10.244.1.7"),
                Line("10-244-1-7.web.shop.svc", .srv, "NOERROR 0 100 80 10-244-1-7.web.shop.svc.cluster.local."),
                Line("10-244-1-8.web.shop.svc", .a, noName), Line("10-244-1-7.web.db.svc", .a, noName),
                Line("none.shop.svc", .a, "NOERROR 10.96.0.2"), Line("none.shop.svc", .srv, noData),
                Line("pending.shop.svc", .a, noData), Line("pending.shop.svc", .srv, noData),
                Line("_http._tcp.pending.shop.svc", .srv, noData),
                Line("shop.svc", .a, noData), Line("db.svc", .a, noName), Line("*.shop.svc", .a, noName),
                Line("any.shop.svc", .a, noName),
            ])
    }

    @Test func dualStack() throws {
        let zones = zones([service("shop/web", ["10.96.0.1", "fd00:96::1"])])
        try expect(
            zones,
            [
                Line("web.shop.svc", .a, "NOERROR 10.96.0.1"),
                Line("web.shop.svc", .aaaa, "NOERROR fd00:96:0:0:0:0:0:1"),
                // Two addresses and one port are two pairs; the equal targets are one record.
                Line("web.shop.svc", .srv, "NOERROR 0 50 80 web.shop.svc.cluster.local."),
            ])
        var asker = Asker()
        let message = try #require(try asker.message("web.shop.svc.cluster.local", .srv, zones.table))
        #expect(message.additionals.map(\.data) == ["10.96.0.1", "fd00:96:0:0:0:0:0:1"])
        #expect((message.answers + message.additionals).allSatisfy { $0.ttl == 5 })
    }

    @Test(arguments: [0, 30, 3600] as [UInt32])
    func ttl(_ ttl: UInt32) throws {
        let zones = zones([service("shop/web", ["10.96.0.1"])], settings { $0.ttl = ttl })
        var asker = Asker()
        #expect(try asker.message("web.shop.svc.cluster.local", .a, zones.table)?.answers.map(\.ttl) == [ttl])
        let soa = try #require(try asker.message("x.shop.svc.cluster.local", .a, zones.table)?.authorities.first)
        #expect(soa.ttl == min(ttl, 300) && soa.data.hasSuffix(" 7200 1800 86400 \(ttl)"))
        #expect(try asker.message("dns-version.cluster.local", .txt, zones.table)?.answers.map(\.ttl) == [28800])
    }

    @Test func headlessService() throws {
        let zones = zones([
            headless("shop/db"),
            slice(
                "shop/db", "4", ports: ["sql/tcp/5432"], endpoint("10.244.1.7", host: "db-0"),
                endpoint("10.244.1.8", "10.244.1.9"), endpoint("10.244.1.10", ready: false)),
            slice(
                "shop/db", "6", ports: ["sql/tcp/5432", "/tcp/9"], endpoint("fd00::1"), endpoint("fd00::", host: "db-0")
            ),
        ])
        let all = ["10-244-1-8", "10-244-1-9", "db-0"]
        try expect(
            zones,
            [
                Line("db.shop.svc", .a, "NOERROR 10.244.1.7 10.244.1.8 10.244.1.9"),
                Line("db.shop.svc", .aaaa, "NOERROR fd00:0:0:0:0:0:0:0 fd00:0:0:0:0:0:0:1"),
                Line("db-0.db.shop.svc", .a, "NOERROR 10.244.1.7"),
                Line("db-0.db.shop.svc", .aaaa, "NOERROR fd00:0:0:0:0:0:0:0"),
                Line("10-244-1-7.db.shop.svc", .a, noName), Line("10-244-1-8.db.shop.svc", .a, "NOERROR 10.244.1.8"),
                Line("10-244-1-8.db.shop.svc", .aaaa, noData),
                Line("fd00--1.db.shop.svc", .aaaa, "NOERROR fd00:0:0:0:0:0:0:1"),
                Line(
                    "fd00--1.db.shop.svc", .srv,
                    "NOERROR 0 50 5432 fd00--1.db.shop.svc.cluster.local. 0 50 9 fd00--1.db.shop.svc.cluster.local."),
                Line("10-244-1-10.db.shop.svc", .a, noName), Line("x.db.shop.svc", .a, noName),
                // Three pairs of the first slice, four of the second: floor(100 / 7), and db-0 twice with one port is one record.
                Line(
                    "_sql._tcp.db.shop.svc", .srv,
                    (["NOERROR"] + (all + ["fd00--1"]).map { "0 20 5432 \($0).db.shop.svc.cluster.local." }).joined(
                        separator: " ")),
                Line("_sql._udp.db.shop.svc", .srv, noName), Line("db-0._sql._tcp.db.shop.svc", .srv, noName),
                Line(
                    "db-0.db.shop.svc", .srv,
                    "NOERROR 0 33 5432 db-0.db.shop.svc.cluster.local. 0 33 9 db-0.db.shop.svc.cluster.local."),
            ])
    }

    @Test func headlessWithoutAReadyEndpoint() throws {
        let hidden = [
            Line("db.shop.svc", .a, noName), Line("db.shop.svc", .srv, noName),
            Line("_http._tcp.db.shop.svc", .a, noName), Line("shop.svc", .a, noData),
        ]
        try expect(zones([headless("shop/db", ports: ["http/tcp/80"])]), hidden)
        try expect(zones([headless("shop/db"), slice("shop/db", endpoint("10.244.1.7", ready: false))]), hidden)
        let six = zones([headless("shop/db"), slice("shop/db", endpoint("fd00::1"))])
        try expect(six, [Line("db.shop.svc", .a, noData), Line("db.shop.svc", .aaaa, "NOERROR fd00:0:0:0:0:0:0:1")])
    }

    @Test func sliceWithoutPorts() throws {
        let zones = zones([
            headless("shop/db", ports: ["sql/tcp/5432"]), slice("shop/db", ports: [], endpoint("10.244.1.7")),
        ])
        try expect(
            zones,
            [
                Line("db.shop.svc", .a, "NOERROR 10.244.1.7"), Line("db.shop.svc", .srv, noData),
                Line("10-244-1-7.db.shop.svc", .srv, noData),
                Line("_sql._tcp.db.shop.svc", .srv, noName),
            ])
    }

    /// Every address of a name that SRV records lead to, also of an endpoint without that port.
    @Test func additionalSetsAreWhole() throws {
        let zones = zones([
            headless("shop/db"), slice("shop/db", "1", ports: ["sql/tcp/5432"], endpoint("10.244.1.7", host: "a")),
            slice("shop/db", "2", ports: ["web/tcp/80"], endpoint("10.244.1.8", host: "a"), endpoint("10.244.1.9")),
        ])
        var asker = Asker()
        let message = try #require(try asker.message("_sql._tcp.db.shop.svc.cluster.local", .srv, zones.table))
        #expect(
            message.additionals.map { "\($0.owner) \($0.data)" } == [
                "a.db.shop.svc.cluster.local. 10.244.1.7", "a.db.shop.svc.cluster.local. 10.244.1.8",
            ])
    }

    @Test func publishNotReadyAddresses() throws {
        let zones = zones([
            headless("shop/db", publishesNotReady: true), slice("shop/db", endpoint("10.244.1.7", ready: false)),
        ])
        try expect(
            zones,
            [Line("db.shop.svc", .a, "NOERROR 10.244.1.7"), Line("10-244-1-7.db.shop.svc", .a, "NOERROR 10.244.1.7")])
    }

    @Test func podNamesAsLabels() throws {
        let long = String(repeating: "p", count: 64)
        let objects = [
            headless("shop/db"),
            slice(
                "shop/db", endpoint("10.244.1.7", pod: "db-x"), endpoint("10.244.1.8", host: "h", pod: "db-y"),
                endpoint("10.244.1.9", pod: long)),
        ]
        let zones = zones(objects, settings { $0.usesPodNames = true })
        try expect(
            zones,
            [
                Line("db-x.db.shop.svc", .a, "NOERROR 10.244.1.7"), Line("10-244-1-7.db.shop.svc", .a, noName),
                Line("db-y.db.shop.svc", .a, noName),
                Line("h.db.shop.svc", .a, "NOERROR 10.244.1.8"),
                Line("10-244-1-9.db.shop.svc", .a, "NOERROR 10.244.1.9"),
                Line("7.1.244.10.in-addr.arpa.", .ptr, "NOERROR db-x.db.shop.svc.cluster.local."),
            ])
        try expect(
            ZonesTests.zones(objects),
            [Line("db-x.db.shop.svc", .a, noName), Line("10-244-1-7.db.shop.svc", .a, "NOERROR 10.244.1.7")])
    }

    /// One unnamed port of a slice is the one named port of the Service.
    @Test func portNamesOfTheService() throws {
        let one = zones([
            headless("shop/db", ports: ["sql/tcp/5432"]),
            slice("shop/db", ports: ["/tcp/5432"], endpoint("10.244.1.7")),
        ])
        try expect(
            one, [Line("_sql._tcp.db.shop.svc", .srv, "NOERROR 0 100 5432 10-244-1-7.db.shop.svc.cluster.local.")])
        let two = zones([
            headless("shop/db", ports: ["sql/tcp/5432", "web/tcp/80"]),
            slice("shop/db", ports: ["/tcp/5432"], endpoint("10.244.1.7")),
        ])
        try expect(
            two,
            [
                Line("_sql._tcp.db.shop.svc", .srv, noName),
                Line("db.shop.svc", .srv, "NOERROR 0 100 5432 10-244-1-7.db.shop.svc.cluster.local."),
            ])
    }

    /// More than a hundred pairs: a weight is at least 1.
    @Test func weightsNeverVanish() throws {
        let many = (1...120).map { endpoint("10.244.2.\($0)") }
        var slices: [CatalogObject] = [headless("shop/db")]
        slices += many.enumerated().map { slice("shop/db", "\($0)", $1) }
        var asker = Asker()
        let message = try #require(try asker.message("db.shop.svc.cluster.local", .srv, zones(slices).table))
        #expect(
            message.answers.count == 120 && message.answers.allSatisfy { $0.data.hasPrefix("0 1 80 ") }
                && message.additionals.count == 120)
    }

    @Test func endpointsObjects() throws {
        let old = endpoints(
            "shop/db", ready: [endpoint("10.244.1.7", host: "a")], notReady: [endpoint("10.244.1.8", ready: false)])
        try expect(
            zones([headless("shop/db"), old]),
            [
                Line("db.shop.svc", .a, "NOERROR 10.244.1.7"),
                Line("a.db.shop.svc", .srv, "NOERROR 0 100 80 a.db.shop.svc.cluster.local."),
            ])
        // Slices win, even without an endpoint.
        try expect(
            zones([headless("shop/db"), old, slice("shop/db", endpoint("10.244.9.9"))]),
            [Line("db.shop.svc", .a, "NOERROR 10.244.9.9")])
        try expect(zones([headless("shop/db"), old, slice("shop/db")]), [Line("db.shop.svc", .a, noName)])
    }

    @Test func plainManifests() throws {
        let zones = zones([
            headless("shop/db", ports: ["sql/tcp/5432"], selector: ["app": "db"], families: .v4),
            pod("shop/p1", ["10.244.1.7", "fd00::7"], labels: ["app": "db", "x": "y"], host: "h", subdomain: "db"),
            pod("shop/p2", ["10.244.1.8"], labels: ["app": "db"], host: "h2", subdomain: "other"),
            pod("shop/p3", ["10.244.1.9"], labels: ["app": "db"], ready: false),
            pod("shop/p4", ["10.244.1.10"], labels: ["app": "db"], ended: true),
            pod("shop/p5", ["10.244.1.11"], labels: ["app": "web"]),
            pod("other/p6", ["10.244.1.12"], labels: ["app": "db"]),
        ])
        try expect(
            zones,
            [
                Line("db.shop.svc", .a, "NOERROR 10.244.1.7 10.244.1.8"), Line("db.shop.svc", .aaaa, noData),
                Line("h.db.shop.svc", .a, "NOERROR 10.244.1.7"),
                Line("h2.db.shop.svc", .a, noName), Line("10-244-1-8.db.shop.svc", .a, "NOERROR 10.244.1.8"),
                Line(
                    "_sql._tcp.db.shop.svc", .srv,
                    "NOERROR 0 50 5432 10-244-1-8.db.shop.svc.cluster.local. 0 50 5432 h.db.shop.svc.cluster.local."),
            ])
    }

    @Test func externalNames() throws {
        let zones = zones([
            external("shop/out", "www.example.com"), external("shop/in", "web.shop.svc.cluster.local"),
            external("shop/gone", "nobody.shop.svc.cluster.local"),
            external("shop/address", "192.0.2.1"), external("shop/loop", "loop.shop.svc.cluster.local"),
            service("shop/web", ["10.96.0.1"]),
            slice("shop/out", endpoint("10.244.1.7")),
        ])
        try expect(
            zones,
            [
                Line("out.shop.svc", .a, "NOERROR www.example.com."),
                Line("out.shop.svc", .cname, "NOERROR www.example.com."), Line("out.shop.svc", .srv, noData),
                Line("_http._tcp.out.shop.svc", .a, noName), Line("10-244-1-7.out.shop.svc", .a, noName),
                Line("in.shop.svc", .a, "NOERROR web.shop.svc.cluster.local. 10.96.0.1"),
                Line("gone.shop.svc", .a, "NXDOMAIN nobody.shop.svc.cluster.local."),
                Line("address.shop.svc", .a, noName), Line("address.shop.svc", .cname, noName),
                Line("loop.shop.svc", .a, "NOERROR loop.shop.svc.cluster.local."),
            ])
    }
}
