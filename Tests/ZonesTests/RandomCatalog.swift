import ClusterCatalog
import DNS
import LinuxIO
import WireMessages

@testable import Zones

/// Random numbers that are the same in every run (Steele, Lea, Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }
    mutating func some<Element>(_ elements: [Element], upTo count: Int) -> [Element] {
        (0..<Int.random(in: 0...count, using: &self)).map { _ in pick(elements) }
    }
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

/// Catalogs from a small world, so that objects meet: few names, few addresses, every kind of oddity that is allowed.
struct RandomCatalog {
    var random: SplitMix

    static let namespaces = ["shop", "db", "prod"]
    static let services = ["web", "api", "db"]
    static let podNames = ["p1", "p2", "a"]
    static let hostnames = ["a", "b", "tcp"]
    static let clusterIPs = ["10.96.0.1", "10.96.0.2", "10.244.0.1", "fd00:96::1", "fd00:96::2"]
    static let podIPs = [
        "10.244.0.1", "10.244.0.2", "10.244.1.1", "10.0.0.53", "192.0.2.1", "fd00::1", "fd00::", "fd01:2::3",
    ]
    static let ports = ["http/tcp/80", "http/udp/80", "dns/udp/53", "dns-tcp/tcp/53", "/tcp/80", "/udp/9"]
    static let hosts = [
        "shop.example.com", "*.apps.example.com", "a.apps.example.com", "web.shop.svc.cluster.local",
        "x.y.apps.example.com",
    ]
    static let targets = [
        "www.example.com", "web.shop.svc.cluster.local", "api.shop.svc.cluster.local", "db.db.svc.cluster.local",
        "web.shop.svc.zone.test",
        "10.1.2.3", "b.apps.example.com", "10-244-0-1.shop.pod.cluster.local", "a.db.db.svc.cluster.local",
        "svc.cluster.local", "shop.example.com",
    ]

    mutating func change() -> CatalogChange {
        var updates: [ObjectKey: CatalogObject?] = [:]
        for _ in 0..<(random.oneIn(3) ? Int.random(in: 2...6, using: &random) : 1) {
            let object = object()
            updates.updateValue(random.oneIn(4) ? nil : object, forKey: object.key)
        }
        return CatalogChange(updates: updates.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private mutating func name(_ names: [String]) -> ObjectName {
        ObjectName(namespace: random.pick(Self.namespaces), name: random.pick(names))
    }

    private mutating func labels() -> Labels {
        var labels: [Label] = []
        if !random.oneIn(4) { labels.append(Label(key: "app", value: random.pick(["web", "api"]))) }
        if random.oneIn(3) { labels.append(Label(key: "env", value: random.pick(["prod", "test"]))) }
        return Labels(labels)
    }

    private mutating func object() -> CatalogObject {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<6: return .service(service())
        case 6..<11: return .endpointSlice(slice())
        case 11..<13: return .endpoints(endpoints())
        case 13..<16: return .pod(pod())
        case 16..<18: return .namespace(Namespace(name: random.pick(Self.namespaces), origin: origin, labels: labels()))
        case 18: return .ingress(ingress())
        default: return .node(Node(name: "n1", origin: origin))
        }
    }

    private mutating func service() -> Service {
        var service = Service(name: name(Self.services), origin: origin, labels: labels())
        service.ports = random.some(Self.ports, upTo: 3).map(servicePort)
        for index in service.ports.indices where random.oneIn(4) { service.ports[index].target = .name("main") }
        service.publishNotReadyAddresses = random.oneIn(5)
        service.families = random.pick([.all, .all, .v4, .v6])
        service.creation = random.pick([nil, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"])
        if random.oneIn(2) { service.selector = ["app": random.pick(["web", "api"])] }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            service.type = .externalName
            service.externalName = random.pick(Self.targets)
        case 1, 2: service.isHeadless = true
        default:
            service.type = random.pick([.clusterIP, .nodePort, .loadBalancer])
            service.clusterIPs = addresses(Array(Set(random.some(Self.clusterIPs, upTo: 2))))
        }
        return service
    }

    private mutating func endpoint(addressCount: Int) -> Endpoint {
        Endpoint(
            addresses: addresses((0..<addressCount).map { _ in random.pick(Self.podIPs) }), isReady: !random.oneIn(4),
            hostname: random.oneIn(3) ? random.pick(Self.hostnames) : nil,
            podName: random.oneIn(2) ? random.pick(Self.podNames) : nil)
    }

    private mutating func slice() -> EndpointSlice {
        EndpointSlice(
            name: name(["s1", "s2", "s3", "s4"]), origin: origin, labels: labels(), service: random.pick(Self.services),
            endpoints: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                endpoint(addressCount: random.oneIn(6) ? 2 : 1)
            },
            ports: random.some(Self.ports, upTo: 2).map(endpointPort))
    }

    private mutating func endpoints() -> Endpoints {
        let subsets = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            EndpointSubset(
                ready: (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    var endpoint = endpoint(addressCount: 1)
                    endpoint.isReady = true
                    return endpoint
                },
                notReady: random.oneIn(2)
                    ? [Endpoint(addresses: addresses([random.pick(Self.podIPs)]), isReady: false)] : [],
                ports: random.some(Self.ports, upTo: 2).map(endpointPort))
        }
        return Endpoints(name: name(Self.services), origin: origin, subsets: subsets)
    }

    private mutating func pod() -> Pod {
        Pod(
            name: name(Self.podNames), origin: origin, labels: labels(),
            addresses: addresses(random.some(Self.podIPs, upTo: 2)),
            isReady: !random.oneIn(4), isEnded: random.oneIn(5),
            hostname: random.oneIn(2) ? random.pick(Self.hostnames) : nil,
            subdomain: random.oneIn(2) ? random.pick(Self.services) : nil,
            containerPorts: random.oneIn(2)
                ? [EndpointPort(name: "main", proto: random.pick([.tcp, .udp]), port: 8080)] : [])
    }

    private mutating func ingress() -> Ingress {
        Ingress(
            name: name(["i1", "i2"]), origin: origin, hosts: Array(Set(random.some(Self.hosts, upTo: 2))),
            addresses: addresses(random.some(Self.podIPs, upTo: 2)),
            hostnames: random.oneIn(2) ? [random.pick(["www.example.com", "shop.example.com"])] : [],
            controllerService: random.oneIn(3) ? name(Self.services) : nil)
    }

    // MARK: Settings

    mutating func settings() -> ClusterSettings {
        var settings = ZonesTests.settings()
        if random.oneIn(3) { settings.forwardZones.append(ZonesTests.name("zone.test")) }
        if random.oneIn(4) { settings.reverseZones.append(ZonesTests.name("244.10.in-addr.arpa")) }
        if random.oneIn(6) { settings.reverseZones = [] }
        if random.oneIn(6) { settings.serverAddresses = [] }
        settings.pods = random.pick([.disabled, .insecure, .verified])
        settings.usesPodNames = random.oneIn(3)
        settings.servesEndpoints = !random.oneIn(6)
        settings.ignoresEmptyServices = random.oneIn(4)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: settings.namespaces = ["shop", "db"]
        case 1: settings.namespaceLabels = selector(random.pick(["env=prod", "env!=prod", "!env", "app in (web)"]))
        default: break
        }
        if random.oneIn(5) { settings.labels = selector(random.pick(["app=web", "env notin (test)"])) }
        if random.oneIn(4) {
            settings.fallthroughZones = [ZonesTests.name(random.pick(["shop.svc.cluster.local", "arpa", "."]))]
        }
        return settings
    }
}

/// Every name that the small world can give, and neighbours that it cannot.
enum Universe {
    static let types: [RecordType] = [.a, .aaaa, .srv, .cname, .ptr, .ns, .txt, .soa, .mx]

    static func names(_ settings: ClusterSettings) -> [String] {
        var names = settings.forwardZones.flatMap { forward($0.description) }
        let addresses = (RandomCatalog.clusterIPs + RandomCatalog.podIPs + ["10.0.0.54"]).map(address)
        names += addresses.flatMap { tails(of: $0.reverseName.description) }
        names +=
            RandomCatalog.hosts.map { $0 + "." } + [
                "b.apps.example.com.", "apps.example.com.", "q.b.apps.example.com.", "x.test.",
            ]
        return Set(names).sorted()
    }

    private static func forward(_ zone: String) -> [String] {
        let fixed = ["", "svc.", "pod.", "dns.", "ns.dns.", "x.dns.", "dns-version.", "any.", "svc.svc."]
        var names = fixed
        for namespace in namespaces {
            names += ["\(namespace).svc.", "\(namespace).pod.", "10-244-0-1.\(namespace).svc."]
            names += pods.map { "\($0).\(namespace).pod." }
            for service in RandomCatalog.services + ["zz"] {
                names.append("\(service).\(namespace).svc.")
                names += labels.map { "\($0).\(service).\(namespace).svc." }
            }
        }
        return names.map { $0 + zone }
    }

    private static let namespaces = RandomCatalog.namespaces + ["nobody"]
    private static let pods =
        RandomCatalog.podIPs.map { label(of: address($0)) } + ["x.10-244-0-1", "p1", "10-1-1-1", "fd00--7"]
    private static let labels =
        RandomCatalog.hostnames + [
            "p1", "_tcp", "_udp", "udp", "_sctp", "_http._tcp", "_http._udp", "http.tcp", "_dns._udp", "_dns-tcp._tcp",
        ]
        + ["_main._tcp", "_.tcp", "x._http._tcp"] + RandomCatalog.podIPs.map { label(of: address($0)) }

    private static func tails(of name: String) -> [String] {
        let labels = name.split(separator: ".")
        return labels.indices.map { labels[$0...].joined(separator: ".") + "." } + ["1." + name]
    }
}
