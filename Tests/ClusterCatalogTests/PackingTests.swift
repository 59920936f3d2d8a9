import LinuxIO
import Testing

@testable import ClusterCatalog

/// What is packed comes back as it was, whatever it is.
@Suite struct PackingTests {
    static let texts = [
        "", "a", "web", "http", "app.kubernetes.io/name", "web-7f9c", "web-7f9c-x2k9p", "shop", "shop-1", "sho",
        "Ünï–cödé", "Ü", String(repeating: "x", count: 126), String(repeating: "x", count: 127),
        String(repeating: "web-7f9c", count: 40), "2025-03-14T09:26:53Z", "\u{0}",
    ]

    @Test(arguments: texts, texts) func textsBesideAName(_ name: String, _ text: String) {
        var writer = ObjectWriter(ObjectName(namespace: "shop", name: name))
        writer.text(text)
        writer.word(text)
        writer.optionalText(nil)
        writer.timestamp(text)
        writer.timestamp(nil)
        writer.count(text.utf8.count << 20)
        let packed = PackedObject(.service, nowhere, writer)
        packed.read { reader in
            #expect(reader.name == ObjectName(namespace: "shop", name: name))
            #expect(reader.isNamed(name) && reader.isIn("shop") && !reader.isNamed(name + "x") && !reader.isIn("web"))
            #expect(reader.text() == text)
            #expect(reader.text() == text)
            #expect(reader.optionalText() == nil)
            #expect(reader.optionalText() == text)
            #expect(reader.optionalText() == nil)
            #expect(reader.count() == text.utf8.count << 20)
        }
    }

    @Test(arguments: [
        ("2025-03-14T09:26:53Z", true), ("0000-00-00T00:00:00Z", true), ("9999-99-99T99:99:99Z", true),
        ("2025-03-14T09:26:53z", false), ("2025-03-14 09:26:53Z", false), ("2025-03-14T09:26:5xZ", false),
        ("2025-03-14T09:26:53.1Z", false), ("", false),
    ])
    func times(_ text: String, isPacked: Bool) {
        let digits = PackedTime.digits(of: text)
        #expect((digits != nil) == isPacked)
        if let digits { #expect(PackedTime.text(of: digits) == text) }
    }

    @Test func knownWordsFitTheirOctet() {
        #expect(WellKnownWords.all.count <= 64 && Set(WellKnownWords.all).count == WellKnownWords.all.count)
    }

    @Test func wordsAreFoundByTheirOctets() {
        for (number, word) in WellKnownWords.all.enumerated() {
            for text in [word, word + "x", String(word.dropLast()), word.uppercased(), "x" + word] {
                let octets = Array(text.utf8)
                let found = unsafe octets.withUnsafeBytes { unsafe WellKnownWords.number(of: $0) }
                #expect(found.map(Int.init) == WellKnownWords.all.firstIndex(of: text), "\(text)")
            }
            // The decoder does not ask again whether such a key is one.
            #expect(number == 0 || NameRule.isLabelKey(word.utf8.span))
        }
    }

    static let endpoints = [
        Endpoint(addresses: []),
        Endpoint(addresses: [ip("10.0.0.1")], isReady: false, hostname: "web-0", podName: "web-0-x7k2p"),
        Endpoint(addresses: [ip("10.0.0.2"), ip("fd00::1"), ip("255.255.255.255")], podName: "other"),
    ]
    static let ports = [EndpointPort(port: 1), EndpointPort(name: "http", proto: .sctp, port: 65535)]
    static let labels: Labels = ["app": "web", "zone/odd.key": "shop", "version": ""]
    static let web = ObjectName(namespace: "shop", name: "web")

    static let service = Service(
        name: web, origin: nowhere, labels: labels, type: .loadBalancer, isHeadless: true,
        publishNotReadyAddresses: true, families: .v6, clusterIPs: [ip("10.0.0.1"), ip("fd00::1")],
        ports: [
            ServicePort(port: 80), ServicePort(name: "dns", proto: .udp, port: 53, target: .number(5353)),
            ServicePort(name: "web", port: 8080, target: .name("http-port")),
        ],
        selector: ["app": "web"], externalName: "web.example.com", creation: "2025-03-14T09:26:53Z")

    @Test func services() {
        var same = Self.service
        same.selector = same.labels
        for service in [Self.service, same, Service(name: Self.web, origin: nowhere)] {
            let object = CatalogObject.service(service)
            #expect(Service(object) == service && object.key == ObjectKey(.service, Self.web))
            #expect(object.labels == service.labels && object.origin == nowhere && object.kind == .service)
            #expect(object == .service(service) && Pod(object) == nil && object.serviceName == nil)
        }
        #expect(CatalogObject.service(Self.service) != .service(same))
        var moved = Self.service
        moved.origin = Origin(file: "test", line: 2)
        #expect(CatalogObject.service(Self.service) != .service(moved))
    }

    @Test func otherKinds() {
        let slice = EndpointSlice(
            name: ObjectName(namespace: "shop", name: "web-x7k2p"), origin: nowhere, labels: Self.labels,
            service: "web", endpoints: Self.endpoints, ports: Self.ports)
        #expect(EndpointSlice(.endpointSlice(slice)) == slice)
        #expect(CatalogObject.endpointSlice(slice).serviceName == Self.web)
        let endpoints = Endpoints(
            name: Self.web, origin: nowhere,
            subsets: [EndpointSubset(), EndpointSubset(ready: Self.endpoints, notReady: [], ports: Self.ports)])
        #expect(Endpoints(.endpoints(endpoints)) == endpoints)
        let pod = Pod(
            name: Self.web, origin: nowhere, labels: Self.labels, addresses: [ip("10.0.0.1")], isReady: false,
            isEnded: true, hostname: "web-0", subdomain: "web", containerPorts: Self.ports)
        #expect(Pod(.pod(pod)) == pod)
        let namespace = Namespace(name: "shop", origin: nowhere, labels: Self.labels)
        #expect(Namespace(.namespace(namespace)) == namespace)
        #expect(CatalogObject.namespace(namespace).key.name == ObjectName(namespace: "", name: "shop"))
        let node = Node(name: "node-1.example", origin: nowhere, addresses: [ip("fd00::1"), ip("10.0.0.1")])
        #expect(Node(.node(node)) == node)
        var ingress = Ingress(
            name: Self.web, origin: nowhere, hosts: ["*.example.com", "web.example.com"], addresses: [ip("10.0.0.1")],
            hostnames: ["lb.example.net"], controllerService: ObjectName(namespace: "ingress", name: "nginx"))
        #expect(Ingress(.ingress(ingress)) == ingress)
        ingress.controllerService = nil
        #expect(Ingress(.ingress(ingress)) == ingress)
    }

    /// A Service and its slice as the benchmark has them: the reason for all this.
    @Test func theyAreSmall() {
        let name = ObjectName(namespace: "checkout-17", name: "payment-gateway-12345")
        let labels: Labels = ["app.kubernetes.io/name": name.name, "app.kubernetes.io/part-of": name.namespace]
        let ports = [("http", 80), ("metrics", 9090)].map { ServicePort(name: $0.0, port: $0.1) }
        var writer = ObjectWriter(name)
        writer.labels(labels)
        Service(
            name: name, origin: nowhere, labels: labels, families: .v4, clusterIPs: [ip("10.96.0.1")], ports: ports,
            selector: ["app.kubernetes.io/name": name.name], creation: "2025-03-14T09:26:53Z"
        ).pack(into: &writer)
        #expect(writer.byteCount <= 80)
    }
}
