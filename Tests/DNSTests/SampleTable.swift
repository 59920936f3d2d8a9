import DNS

/// A table that has everything a table can have, made by hand.
enum Sample {
    static let table = compile(zones: zones)

    static let zones: [ZoneDescription] = [
        ZoneDescription(apex: name("cluster.local"), serial: Serial(rawValue: 7), ttl: 5, pods: .insecure),
        ZoneDescription(apex: name("10.in-addr.arpa"), serial: Serial(rawValue: 8), ttl: 400),
        ZoneDescription(
            apex: name("verified.test"), serial: Serial(rawValue: 9), ttl: 30, pods: .verified,
            fallthroughZones: [name("other.verified.test")]),
        ZoneDescription(apex: name("deep.verified.test"), serial: Serial(rawValue: 10), ttl: 0),
        ZoneDescription(apex: .root, serial: Serial(rawValue: 11), ttl: 5, isHosts: true),
    ]
    static let hosts = 4

    static func compile(zones: [ZoneDescription]) -> AnswerTable {
        var builder = AnswerTableBuilder()
        addCluster(to: &builder)
        addAliases(to: &builder)
        addOthers(to: &builder)
        return builder.compile(zones: zones)
    }

    private static func addCluster(to builder: inout AnswerTableBuilder) {
        builder.set(
            OwnerRecords(
                name("cluster.local"), sets("cluster.local", [.ns(name("ns.dns.cluster.local"))]),
                additional: sets("ns.dns.cluster.local", [.a(0x0a60_000a)])),
            zone: 0, isApex: true)
        for node in ["svc", "pod", "dns", "shop.svc", "_tcp.web.shop.svc"] {
            builder.set(OwnerRecords(name("\(node).cluster.local")), zone: 0)
        }
        builder.set(OwnerRecords(name("shop.pod.cluster.local"), kind: .podNamespace), zone: 0)
        let web = "web.shop.svc.cluster.local"
        let addresses: [Rdata] = [.a(0x0a60_0001), .a(0x0a60_0002), .a(0x0a60_0003)]
        let six: [Rdata] = [.aaaa(high: 0xfd00_0000_0000_0000, low: 1)]
        let ports: [Rdata] = [
            .srv(priority: 0, weight: 50, port: 80, target: name(web)),
            .srv(priority: 0, weight: 50, port: 443, target: name(web)),
        ]
        for owner in [web, "_http._tcp.\(web)"] {
            builder.set(
                OwnerRecords(
                    name(owner), sets(owner, addresses) + sets(owner, six) + sets(owner, ports),
                    additional: sets(web, addresses) + sets(web, six)),
                zone: 0)
        }
        builder.set(
            OwnerRecords(
                name("dns-version.cluster.local"),
                sets("dns-version.cluster.local", [.txt([Array("1.1.0".utf8)])], ttl: 28800)), zone: 0)
        builder.set(
            OwnerRecords(name("ns.dns.cluster.local"), sets("ns.dns.cluster.local", [.a(0x0a60_000a)])), zone: 0)
    }

    private static func addAliases(to builder: inout AnswerTableBuilder) {
        func alias(_ owner: String, _ target: String) {
            let owner = "\(owner).svc.cluster.local"
            builder.set(OwnerRecords(name(owner), sets(owner, [.cname(name(target))])), zone: 0)
        }
        alias("near.shop", "web.shop.svc.cluster.local")
        alias("far.shop", "www.example.com")
        alias("gone.shop", "nobody.shop.svc.cluster.local")
        alias("empty.shop", "shop.svc.cluster.local")
        alias("self.shop", "self.shop.svc.cluster.local")
        alias("ping.shop", "pong.shop.svc.cluster.local")
        alias("pong.shop", "ping.shop.svc.cluster.local")
        alias("pod.shop", "10-244-1-7.shop.pod.cluster.local")
        alias("host.shop", "app.wild.example")
        alias("other.shop", "self.deep.verified.test")
        for step in 1...12 {
            alias("c\(step).shop", step == 12 ? "web.shop.svc.cluster.local" : "c\(step + 1).shop.svc.cluster.local")
        }
    }

    private static func addOthers(to builder: inout AnswerTableBuilder) {
        let reverse = "10.in-addr.arpa"
        builder.set(
            OwnerRecords(
                name(reverse), sets(reverse, [.ns(name("ns.dns.cluster.local"))]),
                additional: sets("ns.dns.cluster.local", (0..<60).map { .a(0x0a60_0100 + $0) })),
            zone: 1, isApex: true)
        builder.set(
            OwnerRecords(
                name("1.0.96.10.in-addr.arpa"),
                sets(
                    "1.0.96.10.in-addr.arpa",
                    [.ptr(name("a.shop.svc.cluster.local")), .ptr(name("b.shop.svc.cluster.local"))])),
            zone: 1)
        builder.set(OwnerRecords(name("verified.test")), zone: 2, isApex: true)
        builder.set(OwnerRecords(name("shop.pod.verified.test")), zone: 2)
        let pod = "10-244-1-7.shop.pod.verified.test"
        builder.set(OwnerRecords(name(pod), sets(pod, [.a(0x0af4_0107)])), zone: 2)
        builder.set(OwnerRecords(name("deep.verified.test")), zone: 3, isApex: true)
        builder.set(OwnerRecords(name("self.deep.verified.test"), sets("self.deep.verified.test", [.a(1)])), zone: 3)
        builder.set(
            OwnerRecords(name("shop.example.com"), sets("shop.example.com", [.a(0xc000_0201)]), kind: .host),
            zone: hosts)
        builder.set(
            OwnerRecords(
                name("*.wild.example"), sets("*.wild.example", [.a(0xc000_0202), .a(0xc000_0203)]), kind: .host),
            zone: hosts)
        builder.set(
            OwnerRecords(name("*.cdn.example"), sets("*.cdn.example", [.cname(name("shop.example.com"))]), kind: .host),
            zone: hosts)
    }
}

/// A name that the test knows to be one.
func name(_ text: String) -> Name {
    guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
    return name
}

/// One RRset as the list that `OwnerRecords` takes.
func sets(_ owner: String, _ records: [Rdata], ttl: UInt32 = 5) -> [RecordSet] {
    [RecordSet(name(owner), ttl: ttl, records)].compactMap(\.self)
}
