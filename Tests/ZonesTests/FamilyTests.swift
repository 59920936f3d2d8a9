import ClusterCatalog
import DNS
import LinuxIO
import Testing

@testable import Zones

/// Added Services are rendered from numbers, changed ones from records: both ways give the same octets.
struct FamilyTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let objects: [CatalogObject]
        let settings: ClusterSettings
        var testDescription: String { name }

        init(_ name: String, _ objects: [CatalogObject], _ change: (inout ClusterSettings) -> Void = { _ in }) {
            self.name = name
            self.objects = objects
            settings = ZonesTests.settings(change)
        }
    }

    private static let long = String(repeating: "n", count: 63)
    private static func many(_ count: Int, _ host: (Int) -> String? = { _ in nil }) -> EndpointSlice {
        EndpointSlice(
            name: object("shop/db-1"), origin: origin, service: "db",
            endpoints: (0..<count).map { index in
                let address = IPAddress(v4: 0x0af4_0000 + UInt32(index))
                return Endpoint(addresses: [address, IPAddress(v6High: 1, low: UInt64(index))], hostname: host(index))
            },
            ports: ["http/tcp/80", "dns/udp/53", "dns-tcp/tcp/53"].map(endpointPort))
    }

    static let cases = [
        Case("a cluster IP", [service("shop/web", ["10.96.0.1"]), slice("shop/web", endpoint("10.244.0.1"))]),
        Case("dual stack", [service("shop/web", ["10.96.0.1", "fd00:96::1"], ports: ["http/tcp/80", "x/udp/81"])]),
        Case("only IPv6", [service("shop/web", ["fd00:96::1"]), slice("shop/web", endpoint("fd00::1", host: "a"))]),
        Case("no address yet", [service("shop/web", [], ports: ["http/tcp/80", "/udp/9"])]),
        Case("no port", [service("shop/web", ["10.96.0.1"], ports: []), headless("shop/db")]),
        Case("unnamed ports", [service("shop/web", ["10.96.0.1"], ports: ["/tcp/80", "/udp/80"])]),
        Case("a port of two protocols", [service("shop/web", ["10.96.0.1"], ports: ["dns/tcp/53", "dns/udp/53"])]),
        Case(
            "headless",
            [
                headless("shop/db"), slice("shop/db", endpoint("10.244.1.1", host: "tcp"), endpoint("10.244.1.12")),
                slice(
                    "shop/db", "2", ports: ["http/udp/80"], endpoint("fd00::1"), endpoint("10.244.1.3", ready: false)),
            ]),
        Case(
            "shared hostnames",
            [
                headless("shop/db"),
                slice("shop/db", ports: [], endpoint("10.244.1.1", host: "b"), endpoint("10.244.1.2", host: "a")),
                slice("shop/db", "2", endpoint("10.244.1.3", host: "a"), endpoint("fd00::1", "fd00::2", host: "b")),
            ]),
        Case("many endpoints", [headless("shop/db"), .endpointSlice(many(40))]),
        Case("more than pointers reach", [headless("shop/db"), .endpointSlice(many(700))]),
        Case("many that share names", [headless("shop/db"), .endpointSlice(many(60) { "h\($0 % 7)" })]),
        Case("upper case", [service("Shop/Web", ["10.96.0.1"], ports: ["HTTP/tcp/80", "http/udp/80"])]),
        Case(
            "long names",
            [
                service("\(long)/\(long)", ["10.96.0.1"], ports: ["\(long.dropLast())/tcp/80", "\(long)/tcp/81"]),
                headless("\(long)/h"),
                slice("\(long)/h", endpoint("10.244.1.1", host: long), endpoint("10.244.1.2", host: "a")),
            ]
        ) { $0.forwardZones = [name("a23456789.b23456789.c23456789.d23456789.e23456789.f23456789.cluster.local")] },
        Case(
            "Pods",
            [
                headless("shop/db", ports: ["http/tcp/80", "m/udp/1"], selector: ["app": "db"]),
                pod("shop/p1", ["10.244.1.1"], labels: ["app": "db"], host: "a", subdomain: "db"),
                pod("shop/p2", ["10.244.1.2", "fd00::2"], labels: ["app": "db"]),
            ]
        ) { $0.usesPodNames = true },
    ]

    @Test(arguments: cases) func sameOctets(_ c: Case) { expectSameOctets(zones(c.objects, c.settings), c.name) }

    @Test(arguments: 0..<80 as Range<UInt64>) func sameOctetsOfRandomCatalogs(_ seed: UInt64) {
        var world = RandomCatalog(random: SplitMix(seed: seed))
        let settings = world.settings()
        var objects: [ObjectKey: CatalogObject] = [:]
        for _ in 0..<12 {
            for (key, object) in world.change().updates { objects[key] = object }
        }
        expectSameOctets(zones(Array(objects.values), settings), "seed \(seed)")
    }

    private func expectSameOctets(_ zones: ClusterZones, _ place: String) {
        var nameCount = 0
        for name in zones.catalog.services.keys {
            guard let view = zones.view(of: name) else { continue }
            for (index, zone) in zones.settings.forwardZones.enumerated() {
                for owner in view.owners(in: zone, ttl: zones.settings.ttl) {
                    #expect(zones.table.holds(owner, zone: index), "\(place): \(owner.owner)")
                    nameCount += 1
                }
            }
        }
        for found in zones.records() {
            guard let zone = zones.settings.reverseZone(of: found.owner), found.sets.first?.type == .ptr else {
                continue
            }
            #expect(zones.table.holds(OwnerRecords(found.owner, found.sets), zone: zone), "\(place): \(found.owner)")
        }
        #expect(nameCount == 0 || zones.table.nameCount > nameCount)
    }

    /// Two names of one port, one protocol each: one record, as a set has each record once (RFC 2181 §5).
    @Test func aPortWithTwoNames() throws {
        let zones = zones([
            headless("shop/db"), slice("shop/db", ports: ["http/tcp/80", "web/tcp/80"], endpoint("10.244.1.1")),
        ])
        let answer = "NOERROR 0 50 80 10-244-1-1.db.shop.svc.cluster.local."
        try expect(zones, [Line("db.shop.svc", .srv, answer), Line("10-244-1-1.db.shop.svc", .srv, answer)])
    }

    @Test(arguments: [
        ("0.9.10.99", "0-9-10-99", "99.10.9.0.in-addr.arpa."),
        ("100.101.199.255", "100-101-199-255", "255.199.101.100.in-addr.arpa."),
        ("fd00::", "fd00--0", "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa."),
    ])
    func anAddressAsLabels(_ text: String, _ label: String, _ reverse: String) {
        #expect(dashed(address(text)) == label)
        #expect(address(text).reverseName.description == reverse)
    }
}
