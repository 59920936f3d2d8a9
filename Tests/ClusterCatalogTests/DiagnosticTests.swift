import ClusterCatalog
import SourceText
import Testing

/// What is said about wrong objects: the whole sentence and its place.
@Suite struct DiagnosticTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let said: [String]
        let objects: Int
        init(_ description: String, _ text: String, _ said: [String], objects: Int = 0) {
            testDescription = description
            self.text = text
            self.said = said
            self.objects = objects
        }
    }

    /// What is said about this text as the file `catalog.yaml`, and how many objects it gives.
    static func read(_ text: String, as name: String = "catalog.yaml") throws -> (
        said: [String], objects: [CatalogObject]
    ) {
        let scratch = Scratch()
        scratch.write(name, text)
        let loaded = try loadCatalog(paths: [scratch.path(name)])
        let said = loaded.diagnostics.map { diagnostic in
            var diagnostic = diagnostic
            diagnostic.location.file = ""
            return String(diagnostic.description.dropFirst().replacing(scratch.path + "/", with: ""))
        }
        return (said, loaded.change.updates.compactMap(\.object))
    }

    @Test(arguments: headers + metadata + services + ports + slices + others) func says(_ c: Case) throws {
        let found = try Self.read(c.text)
        #expect(found.said == c.said)
        #expect(found.objects.count == c.objects)
    }

    @Test func brokenSyntaxLeavesItsNeighboursAlone() throws {
        let found = try Self.read(serviceText("web") + "---\nkind: [\n---\n" + serviceText("db"))
        #expect(found.said.count == 1)
        #expect(found.said.first?.hasPrefix("7:1: error: ") == true)
        #expect(found.objects.count == 2)
    }

    static let labelRule = "1 to 63 lower-case letters, digits and hyphens, a letter or digit at both ends"
    static let nameRule =
        "at most 253 lower-case letters, digits, hyphens and dots, a letter or digit around every dot and at both ends"
    static let long = String(repeating: "a", count: 64)

    static let headers = [
        Case(
            "a text", "just a text",
            ["1:1: error: an object must be a mapping with apiVersion, kind and metadata, not a string"]),
        Case(
            "no kind", "apiVersion: v1\nmetadata: {name: a}",
            ["1:1: error: kind is missing; every object needs apiVersion, kind and metadata"]),
        Case(
            "no apiVersion", "kind: Service",
            ["1:1: error: apiVersion is missing; every object needs apiVersion, kind and metadata"]),
        Case(
            "apiVersion a number", "kind: Service\napiVersion: 1",
            ["2:13: error: apiVersion must be a string, not a number"]),
        Case("kind a list", "kind: [Service]\napiVersion: v1", ["1:7: error: kind must be a string, not a list"]),
        Case(
            "items no list", "apiVersion: v1\nkind: List\nitems: {a: b}",
            ["3:8: error: items must be a list, not a mapping"]),
        Case(
            "an element without kind", "apiVersion: v1\nkind: List\nitems:\n- metadata: {name: a}",
            ["4:3: error: kind is missing; every object needs apiVersion, kind and metadata"]),
    ]

    static func metadata(_ text: String, spec: String = "{}") -> String {
        "apiVersion: v1\nkind: Service\nmetadata: \(text)\nspec: \(spec)\n"
    }

    static let metadata = [
        Case(
            "no metadata", "apiVersion: v1\nkind: Service\nspec: {}",
            ["1:1: error: metadata is missing; write metadata.name"]),
        Case("no name", metadata("{namespace: shop}"), ["3:11: error: metadata.name is missing; write one"]),
        Case(
            "generateName", metadata("{generateName: web-}"),
            ["3:11: error: metadata.generateName needs an API server that makes a name; write metadata.name"]),
        Case("a bad name", metadata("{name: Web}"), ["3:18: error: metadata.name must be \(labelRule), not \"Web\""]),
        Case(
            "a long name", metadata("{name: \(long)}"),
            ["3:18: error: metadata.name must be \(labelRule), not \"\(long)\""]),
        Case(
            "a name that is a number", metadata("{name: 12}"),
            ["3:18: error: metadata.name must be a string, not a number; put it in quotes"]),
        Case("a name of digits", metadata("{name: '12'}"), [], objects: 1),
        Case(
            "a bad namespace", metadata("{name: web, namespace: a.b}"),
            ["3:34: error: metadata.namespace must be \(labelRule), not \"a.b\""]),
        Case("metadata a list", metadata("[a]"), ["3:11: error: metadata must be a mapping, not a list"]),
        Case(
            "a label that is a number", metadata("{name: web, labels: {app: 1}}"),
            ["3:37: error: metadata.labels.app must be a string, not a number; put it in quotes"]),
        Case(
            "a long label", metadata("{name: web, labels: {app: \(long)}}"),
            [
                "3:37: error: metadata.labels.app must be at most 63 letters, digits, \"-\", \"_\" or \".\", a letter or digit at both ends, not \"\(long)\""
            ]),
        Case(
            "a bad label key", metadata("{name: web, labels: {'a b': c}}"),
            [
                "3:32: error: metadata.labels has the key \"a b\"; a key is 1 to 63 letters, digits, \"-\", \"_\" or \".\", with a DNS name and \"/\" before it if need be"
            ]),
        Case("an empty label", metadata("{name: web, labels: {app: }}"), [], objects: 1),
        Case(
            "several at once", metadata("{name: web, labels: {app: 1}}", spec: "{type: X, clusterIP: y}"),
            [
                "3:37: error: metadata.labels.app must be a string, not a number; put it in quotes",
                "4:14: error: spec.type must be ClusterIP, NodePort, LoadBalancer or ExternalName, not \"X\"",
                "4:28: error: spec.clusterIP must be an IP address, not \"y\"",
            ]),
    ]

    static func spec(_ text: String) -> String {
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  \(text)\n"
    }

    static let services = [
        Case(
            "no spec", "apiVersion: v1\nkind: Service\nmetadata: {name: web}",
            ["1:1: error: spec is missing; a Service needs spec.ports and mostly spec.selector"]),
        Case(
            "a bad address", spec("clusterIP: 10.96.0.256"),
            ["5:14: error: spec.clusterIP must be an IP address, not \"10.96.0.256\""]),
        Case(
            "an address with zeros", spec("clusterIP: 010.96.0.1"),
            ["5:14: error: spec.clusterIP must be an IP address, not \"010.96.0.1\""]),
        Case(
            "a bad address in the list", spec("clusterIPs: [fd00::1, x]"),
            ["5:25: error: spec.clusterIPs[] must be an IP address, not \"x\""]),
        Case(
            "addresses that disagree", spec("{clusterIP: 10.96.0.1, clusterIPs: [10.96.0.2]}"),
            [
                "5:15: warning: spec.clusterIP is \"10.96.0.1\" but spec.clusterIPs begins with \"10.96.0.2\"; the list counts, correct one of them"
            ],
            objects: 1),
        Case("no address yet", spec("{clusterIP: '', clusterIPs: []}"), [], objects: 1),
        Case(
            "an unknown type", spec("type: Cluster"),
            ["5:9: error: spec.type must be ClusterIP, NodePort, LoadBalancer or ExternalName, not \"Cluster\""]),
        Case(
            "an unknown family", spec("ipFamilies: [IPv5]"),
            ["5:16: error: spec.ipFamilies[] must be IPv4 or IPv6, not \"IPv5\""]),
        Case(
            "a boolean in quotes", spec("publishNotReadyAddresses: 'true'"),
            ["5:29: error: spec.publishNotReadyAddresses must be true or false, not \"true\""]),
        Case(
            "no external name", spec("type: ExternalName"),
            [
                "5:3: error: spec.externalName is missing; a Service of type ExternalName needs the name that it stands for"
            ]),
        Case(
            "an external address", spec("{type: ExternalName, externalName: 192.0.2.1}"),
            [
                "5:38: error: spec.externalName is the address \"192.0.2.1\"; such a Service answers NXDOMAIN. For an address use a Service without selector and an EndpointSlice"
            ],
            objects: 1),
        Case(
            "a bad external name", spec("{type: ExternalName, externalName: a..b}"),
            ["5:38: error: spec.externalName must be \(nameRule), not \"a..b\""]),
        Case(
            "a selector with a number", spec("selector: {app: 1}"),
            ["5:19: error: spec.selector.app must be a string, not a number; put it in quotes"]),
    ]

    static let ports = [
        Case(
            "port 0", spec("ports: [{port: 0}]"),
            ["5:18: error: spec.ports[].port must be a port number from 1 to 65535, not \"0\""]),
        Case(
            "port 65536", spec("ports: [{port: 65536}]"),
            ["5:18: error: spec.ports[].port must be a port number from 1 to 65535, not \"65536\""]),
        Case(
            "port in quotes", spec("ports: [{port: '80'}]"),
            ["5:18: error: spec.ports[].port must be a port number from 1 to 65535, not \"80\""]),
        Case(
            "port missing", spec("ports: [{name: http}]"),
            ["5:11: error: spec.ports[].port is missing; write the port number of the Service"]),
        Case(
            "port no mapping", spec("ports: [80]"),
            ["5:11: error: every element of spec.ports must be a mapping, not a number"]),
        Case("ports no list", spec("ports: {port: 80}"), ["5:10: error: spec.ports must be a list, not a mapping"]),
        Case(
            "protocol", spec("ports: [{port: 80, protocol: tcp}]"),
            ["5:32: error: spec.ports[].protocol must be TCP, UDP or SCTP, not \"tcp\""]),
        Case(
            "port name", spec("ports: [{port: 80, name: a_b}]"),
            ["5:28: error: spec.ports[].name must be \(labelRule), not \"a_b\""]),
        Case(
            "target 0", spec("ports: [{port: 80, targetPort: 0}]"),
            ["5:34: error: spec.ports[].targetPort must be a port number from 1 to 65535, not \"0\""]),
        Case("the largest", spec("ports: [{port: 65535, targetPort: http}]"), [], objects: 1),
    ]

    static func slice(_ text: String, metadata: String = "{name: s, labels: {kubernetes.io/service-name: web}}")
        -> String
    {
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: \(metadata)\n\(text)\n"
    }

    static let slices = [
        Case(
            "no Service", slice("addressType: IPv4", metadata: "{name: s}"),
            ["1:1: error: the label kubernetes.io/service-name is missing; without it the slice belongs to no Service"]),
        Case(
            "a bad Service", slice("addressType: IPv4", metadata: "{name: s, labels: {kubernetes.io/service-name: A}}"),
            ["3:58: error: the label kubernetes.io/service-name must be \(labelRule), not \"A\""]),
        Case(
            "address type", slice("addressType: IP"),
            ["4:14: error: addressType must be IPv4, IPv6 or FQDN, not \"IP\""]),
        Case(
            "names", slice("addressType: FQDN\nendpoints: [{addresses: [a.example.com]}]"),
            [
                "4:14: warning: addressType FQDN is not served; write a slice with the addresses, or a Service of type ExternalName"
            ],
            objects: 1),
        Case(
            "the other family", slice("addressType: IPv6\nendpoints: [{addresses: [10.0.0.1]}]"),
            ["5:26: error: addressType is IPv6 but \"10.0.0.1\" is not; put it into a slice of its own"]),
        Case(
            "a bad address", slice("endpoints:\n- addresses: [10.0.0]"),
            ["5:15: error: endpoints[].addresses[] must be an IP address, not \"10.0.0\""]),
        Case(
            "no addresses", slice("endpoints: [{}]"),
            ["4:13: error: endpoints[].addresses is missing; write the addresses of the endpoint"]),
        Case(
            "a hostname with a dot", slice("endpoints: [{addresses: [10.0.0.1], hostname: a.b}]"),
            ["4:47: error: endpoints[].hostname must be \(labelRule), not \"a.b\""]),
        Case(
            "ready in quotes", slice("endpoints: [{addresses: [10.0.0.1], conditions: {ready: 'no'}}]"),
            ["4:57: error: endpoints[].conditions.ready must be true or false, not \"no\""]),
        Case(
            "port", slice("ports: [{port: 70000}]"),
            ["4:16: error: ports[].port must be a port number from 1 to 65535, not \"70000\""]),
        Case(
            "ready null, port null",
            slice("endpoints: [{addresses: [10.0.0.1], conditions: {ready: }}]\nports: [{name: x, port: }]"), [],
            objects: 1),
    ]

    static let others = [
        Case(
            "an Endpoints address",
            "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\nsubsets: [{addresses: [{ip: x}]}]",
            ["4:29: error: subsets[].addresses[].ip must be an IP address, not \"x\""]),
        Case(
            "no Endpoints address",
            "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\nsubsets: [{addresses: [{hostname: x}]}]",
            ["4:24: error: subsets[].addresses[].ip is missing; write the address of the endpoint"]),
        Case(
            "a Pod address", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nstatus: {podIP: 1.2.3}",
            ["4:17: error: status.podIP must be an IP address, not \"1.2.3\""]),
        Case(
            "a Pod hostname", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostname: A}",
            ["4:18: error: spec.hostname must be \(labelRule), not \"A\""]),
        Case(
            "a container port",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{ports: [{containerPort: -1}]}]}",
            ["4:46: error: spec.containers[].ports[].containerPort must be a port number from 1 to 65535, not \"-1\""]),
        Case(
            "a Node address",
            "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: InternalIP, address: n1}]}",
            ["4:50: error: status.addresses[].address must be an IP address, not \"n1\""]),
        Case(
            "a Namespace with a dot", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a.b}",
            ["3:18: error: metadata.name must be \(labelRule), not \"a.b\""]),
        Case(
            "an Ingress host",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {rules: [{host: 'a.*.b'}]}",
            ["4:23: error: spec.rules[].host must be \(nameRule), perhaps after \"*.\", not \"a.*.b\""]),
        Case(
            "a controller",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {clusterdns.io/controller-service: web}}",
            [
                "3:69: error: the annotation clusterdns.io/controller-service must be NAMESPACE/NAME of a Service, not \"web\""
            ]),
        Case(
            "twice in a file", serviceText("web") + "---\n" + serviceText("web", "10.96.0.2"),
            ["6:1: error: Service shop/web is written already at catalog.yaml:1, which counts; delete one of them"],
            objects: 1),
        Case(
            "twice in a flow list",
            "{apiVersion: v1, kind: List, items: [\n{apiVersion: v1, kind: Namespace, metadata: {name: a}},\n{apiVersion: v1, kind: Namespace, metadata: {name: a}}]}",
            ["3:1: error: Namespace a is written already at catalog.yaml:2, which counts; delete one of them"],
            objects: 1),
        Case("nothing", "", [], objects: 0),
        Case("nothing but comments", "# a\n---\n# b\n---\n", [], objects: 0),
    ]
}
