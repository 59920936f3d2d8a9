import ClusterCatalog
import LinuxIO
import Testing

let nowhere = Origin(file: "test", line: 1)

func ip(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
    return address
}

func name(_ text: String) -> ObjectName {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return ObjectName(namespace: String(parts[0]), name: String(parts[1]))
}

private func service(
    _ text: String, selector: Labels = [:], ports: [ServicePort] = [], publish: Bool = false,
    type: Service.Kind = .clusterIP, families: AddressFamilies = .all
) -> CatalogObject {
    .service(
        Service(
            name: name(text), origin: nowhere, type: type, publishNotReadyAddresses: publish, families: families,
            ports: ports, selector: selector))
}

private func slice(
    _ text: String, of service: String, _ endpoints: [Endpoint] = [], ports: [EndpointPort] = []
) -> CatalogObject {
    .endpointSlice(
        EndpointSlice(name: name(text), origin: nowhere, service: service, endpoints: endpoints, ports: ports))
}

private func pod(_ text: String, labels: Labels = [:], address: String = "10.0.0.1", ports: [EndpointPort] = []) -> Pod
{
    Pod(name: name(text), origin: nowhere, labels: labels, addresses: [ip(address)], containerPorts: ports)
}

private func catalog(_ objects: [CatalogObject]) -> Catalog {
    var catalog = Catalog()
    catalog.apply(CatalogChange(adding: objects))
    return catalog
}

@Suite struct CatalogTests {
    @Test func holdsWhatWasPutInUntilItIsTakenOut() {
        var catalog = catalog([service("shop/web"), service("shop/db"), .pod(pod("shop/p"))])
        #expect(catalog.services.count == 2)
        #expect(catalog.services[name("shop/web")]?.name == name("shop/web"))
        #expect(Set(catalog.services.keys) == [name("shop/web"), name("shop/db")])
        #expect(catalog.services.map(\.key).sorted() == [name("shop/db"), name("shop/web")])
        catalog.apply(CatalogChange(updates: [(ObjectKey(.service, name("shop/web")), nil)]))
        #expect(catalog.services.count == 1)
        #expect(catalog.services[name("shop/web")] == nil)
        catalog.apply(CatalogChange(updates: [(ObjectKey(.service, name("shop/gone")), nil)]))
        #expect(catalog.services.count == 1)
    }

    @Test func replacesAnObjectOfTheSameKey() {
        var catalog = catalog([service("shop/web")])
        catalog.apply(CatalogChange(adding: [service("shop/web", publish: true)]))
        #expect(catalog.services.count == 1)
        #expect(catalog.services[name("shop/web")]?.publishNotReadyAddresses == true)
    }

    @Test func findsSlicesByService() {
        var catalog = catalog([
            slice("shop/web-2", of: "web"), slice("shop/web-1", of: "web"), slice("shop/db-1", of: "db"),
            slice("other/web-1", of: "web"),
        ])
        #expect(catalog.slices(of: name("shop/web")).map(\.name.name) == ["web-1", "web-2"])
        catalog.apply(CatalogChange(adding: [slice("shop/web-1", of: "db")]))
        #expect(catalog.slices(of: name("shop/web")).map(\.name.name) == ["web-2"])
        #expect(catalog.slices(of: name("shop/db")).map(\.name.name) == ["db-1", "web-1"])
        catalog.apply(CatalogChange(updates: [(ObjectKey(.endpointSlice, name("shop/web-2")), nil)]))
        #expect(!catalog.hasSlices(name("shop/web")))
        #expect(catalog.hasSlices(name("other/web")))
    }

    @Test func namespaceExistsByObjectOrByWhatLivesInIt() {
        var catalog = catalog([
            service("shop/web"), .pod(pod("jobs/p")), slice("orphan/s", of: "x"),
            .namespace(Namespace(name: "empty", origin: nowhere)),
        ])
        #expect(catalog.namespaceNames == ["shop", "jobs", "empty"])
        #expect(catalog.namespaceExists("empty"))
        #expect(!catalog.namespaceExists("orphan"))
        catalog.apply(
            CatalogChange(updates: [
                (ObjectKey(.service, name("shop/web")), nil), (ObjectKey(.pod, name("jobs/p")), nil),
                (ObjectKey(.namespace, name("/empty")), nil),
            ]))
        #expect(catalog.namespaceNames.isEmpty)
        #expect(!catalog.namespaceExists("shop"))
    }

    @Test func countsANamespaceOnceForEachObject() {
        var catalog = catalog([service("shop/a"), service("shop/b"), service("shop/a")])
        catalog.apply(CatalogChange(updates: [(ObjectKey(.service, name("shop/a")), nil)]))
        #expect(catalog.namespaceExists("shop"))
        catalog.apply(CatalogChange(updates: [(ObjectKey(.service, name("shop/b")), nil)]))
        #expect(!catalog.namespaceExists("shop"))
    }
}

@Suite struct ServicesTouchedTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: [CatalogObject]
        let updates: [(key: ObjectKey, object: CatalogObject?)]
        let touched: Set<ObjectName>
        init(
            _ description: String, _ before: [CatalogObject], _ updates: [(key: ObjectKey, object: CatalogObject?)],
            _ touched: Set<ObjectName>
        ) {
            testDescription = description
            self.before = before
            self.updates = updates
            self.touched = touched
        }
    }

    static let chosen: Labels = ["app": "web"]
    static let web = service("shop/web", selector: chosen)

    static let cases = [
        Case("a Service", [], [(web.key, web)], [name("shop/web")]),
        Case("a Service that goes", [web], [(web.key, nil)], [name("shop/web")]),
        Case(
            "a slice that changes its Service", [slice("shop/s", of: "a")],
            [(ObjectKey(.endpointSlice, name("shop/s")), slice("shop/s", of: "b"))], [name("shop/a"), name("shop/b")]),
        Case(
            "a slice that goes", [slice("shop/s", of: "a")], [(ObjectKey(.endpointSlice, name("shop/s")), nil)],
            [name("shop/a")]),
        Case(
            "an Endpoints object", [],
            [(ObjectKey(.endpoints, name("shop/e")), .endpoints(Endpoints(name: name("shop/e"), origin: nowhere)))],
            [name("shop/e")]),
        Case(
            "a new Pod", [web], [(ObjectKey(.pod, name("shop/p")), .pod(pod("shop/p", labels: chosen)))],
            [name("shop/web")]),
        Case(
            "a Pod that stops matching", [web, .pod(pod("shop/p", labels: chosen))],
            [(ObjectKey(.pod, name("shop/p")), .pod(pod("shop/p")))], [name("shop/web")]),
        Case(
            "a Pod that goes", [web, .pod(pod("shop/p", labels: chosen))], [(ObjectKey(.pod, name("shop/p")), nil)],
            [name("shop/web")]),
        Case(
            "a Pod of another namespace", [web],
            [(ObjectKey(.pod, name("jobs/p")), .pod(pod("jobs/p", labels: chosen)))], []),
        Case(
            "a Pod behind a Service with slices", [slice("shop/s", of: "web"), web],
            [(ObjectKey(.pod, name("shop/p")), .pod(pod("shop/p", labels: chosen)))], []),
        Case(
            "a Namespace", [web],
            [(ObjectKey(.namespace, name("/shop")), .namespace(Namespace(name: "shop", origin: nowhere)))], []),
    ]

    @Test(arguments: cases) func names(_ c: Case) {
        #expect(catalog(c.before).servicesTouched(by: CatalogChange(updates: c.updates)) == c.touched)
    }

    @Test func theAnswersBeforeAndAfterAreCompleteTogether() {
        // A Service arrives in the same change as its Pod: only the state after knows its selector.
        let change = CatalogChange(adding: [.pod(pod("shop/p", labels: Self.chosen)), Self.web])
        var catalog = Catalog()
        let before = catalog.servicesTouched(by: change)
        catalog.apply(change)
        #expect(before.union(catalog.servicesTouched(by: change)) == [name("shop/web")])
    }
}

@Suite struct EndpointSetTests {
    static let chosen: Labels = ["app": "web"]
    static let http = EndpointPort(name: "http", port: 8080)

    private func groups(_ objects: [CatalogObject], of service: String = "shop/web") -> [ServiceEndpoints.Group] {
        catalog(objects).endpointSet(of: name(service)).groups
    }

    @Test func slicesComeFirst() {
        let endpoint = Endpoint(addresses: [ip("10.0.0.1"), ip("10.0.0.2")], hostname: "a", podName: "web-0")
        let endpoints = Endpoints(
            name: name("shop/web"), origin: nowhere,
            subsets: [EndpointSubset(ready: [.init(addresses: [ip("10.0.0.9")])])])
        let found = groups([
            service("shop/web", selector: Self.chosen), slice("shop/s", of: "web", [endpoint], ports: [Self.http]),
            .endpoints(endpoints), .pod(pod("shop/p", labels: Self.chosen, address: "10.0.0.8")),
        ])
        let members = ["10.0.0.1", "10.0.0.2"].map {
            ServiceEndpoints.Member(address: ip($0), hostname: "a", podName: "web-0")
        }
        #expect(found == [.init(members: members, ports: [Self.http])])
    }

    @Test func endpointsComeSecond() {
        let subset = EndpointSubset(
            ready: [.init(addresses: [ip("10.0.0.9")])], notReady: [.init(addresses: [ip("10.0.0.7")], isReady: false)],
            ports: [Self.http])
        let found = groups([
            service("shop/web", selector: Self.chosen),
            .endpoints(Endpoints(name: name("shop/web"), origin: nowhere, subsets: [subset])),
            .pod(pod("shop/p", labels: Self.chosen, address: "10.0.0.8")),
        ])
        let members = [
            ServiceEndpoints.Member(address: ip("10.0.0.9")),
            ServiceEndpoints.Member(address: ip("10.0.0.7"), isReady: false),
        ]
        #expect(found == [.init(members: members, ports: [Self.http])])
    }

    @Test func podsComeThirdWithTheirPortsLookedUp() {
        let ports = [
            ServicePort(name: "http", port: 80, target: .name("web")),
            ServicePort(name: "raw", port: 81, target: .number(8081)),
            ServicePort(name: "none", port: 82, target: .name("missing")), ServicePort(name: "same", port: 83),
        ]
        let first = pod(
            "shop/a", labels: Self.chosen, address: "10.0.0.1", ports: [EndpointPort(name: "web", port: 8080)])
        var second = pod(
            "shop/b", labels: Self.chosen, address: "10.0.0.2", ports: [EndpointPort(name: "web", port: 9090)])
        second.isReady = false
        var ended = pod("shop/c", labels: Self.chosen, address: "10.0.0.3")
        ended.isEnded = true
        let found = groups([
            service("shop/web", selector: Self.chosen, ports: ports), .pod(first), .pod(second), .pod(ended),
            .pod(pod("shop/d", address: "10.0.0.4")), .pod(pod("jobs/e", labels: Self.chosen, address: "10.0.0.5")),
        ])
        let others = [EndpointPort(name: "raw", port: 8081), EndpointPort(name: "same", port: 83)]
        #expect(
            found == [
                .init(members: [.init(address: ip("10.0.0.1"), podName: "a")], ports: [Self.http] + others),
                .init(
                    members: [.init(address: ip("10.0.0.2"), podName: "b", isReady: false)],
                    ports: [EndpointPort(name: "http", port: 9090)] + others),
            ])
    }

    @Test func aPodHasItsHostnameUnderItsSubdomainOnly() {
        var web = pod("shop/a", labels: Self.chosen)
        web.hostname = "web-0"
        web.subdomain = "web"
        let found = catalog([
            service("shop/web", selector: Self.chosen), service("shop/all", selector: Self.chosen), .pod(web),
        ])
        #expect(found.endpointSet(of: name("shop/web")).groups.first?.members.first?.hostname == "web-0")
        #expect(found.endpointSet(of: name("shop/all")).groups.first?.members.first?.hostname == nil)
    }

    @Test func podsGiveOnlyTheFamiliesOfTheService() {
        var both = pod("shop/a", labels: Self.chosen)
        both.addresses = [ip("10.0.0.1"), ip("fd00::1")]
        let found = groups([service("shop/web", selector: Self.chosen, families: .v6), .pod(both)])
        #expect(found.first?.members.map(\.address) == [ip("fd00::1")])
    }

    @Test func noSelectorNoPods() {
        #expect(groups([service("shop/web"), .pod(pod("shop/p"))]).isEmpty)
        let external = service("shop/web", selector: Self.chosen, type: .externalName)
        #expect(groups([external, .pod(pod("shop/p", labels: Self.chosen))]).isEmpty)
    }

    @Test func aServiceMayPublishNotReadyAddresses() {
        let endpoint = Endpoint(addresses: [ip("10.0.0.1")], isReady: false)
        let objects = [slice("shop/s", of: "web", [endpoint])]
        #expect(!catalog(objects + [service("shop/web")]).endpointSet(of: name("shop/web")).hasReadyMember)
        #expect(
            catalog(objects + [service("shop/web", publish: true)]).endpointSet(of: name("shop/web")).hasReadyMember)
    }

    @Test(arguments: [
        (["http"], [""], ["http"]), (["http", "more"], [""], [""]), ([""], [""], [""]), (["http"], ["own"], ["own"]),
        (["http"], ["", "b"], ["", "b"]),
    ])
    func anOnlyPortTakesTheNameOfTheOnlyPortOfTheService(_ of: [String], _ in: [String], _ names: [String]) {
        let found = groups([
            service("shop/web", ports: of.map { ServicePort(name: $0, port: 80) }),
            slice("shop/s", of: "web", ports: `in`.map { EndpointPort(name: $0, port: 8080) }),
        ])
        #expect(found.first?.ports.map(\.name) == names)
    }
}
