import ClusterCatalog
import Foundation
import LinuxIO
import Testing

/// What right objects become.
@Suite struct DecodingTests {
    /// The only object of a text.
    private func object(_ text: String, as name: String = "catalog.yaml") throws -> CatalogObject {
        let found = try DiagnosticTests.read(text, as: name)
        #expect(found.said == [])
        return try #require(found.objects.first)
    }

    private func service(_ spec: String, metadata: String = "{name: web, namespace: shop}") throws -> Service {
        try #require(Service(object("apiVersion: v1\nkind: Service\nmetadata: \(metadata)\nspec: \(spec)")))
    }

    @Test func service() throws {
        let web = try service(
            """
            {type: NodePort, clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, 'fd00::1'], selector: {app: web},
             ipFamilies: [IPv4, IPv6], publishNotReadyAddresses: true, sessionAffinity: None,
             ports: [{name: http, port: 80, targetPort: web, nodePort: 30080},
                     {name: dns, protocol: UDP, port: 53, targetPort: 5353}, {port: 9, protocol: SCTP}]}
            """,
            metadata:
                "{name: web, namespace: shop, labels: {b: '2', a: '1'}, creationTimestamp: '2026-01-02T03:04:05Z'}")
        #expect(web.name == name("shop/web"))
        #expect(web.origin.line == 1)
        #expect(web.labels == ["a": "1", "b": "2"])
        #expect(web.type == .nodePort)
        #expect(Array(web.clusterIPs) == [ip("10.96.0.1"), ip("fd00::1")])
        #expect(!web.isHeadless)
        #expect(web.selector == ["app": "web"])
        #expect(web.families == .all)
        #expect(web.publishNotReadyAddresses)
        #expect(web.creation == "2026-01-02T03:04:05Z")
        #expect(
            web.ports == [
                ServicePort(name: "http", port: 80, target: .name("web")),
                ServicePort(name: "dns", proto: .udp, port: 53, target: .number(5353)),
                ServicePort(proto: .sctp, port: 9),
            ])
    }

    @Test(arguments: ["{clusterIP: None}", "{clusterIPs: [None]}", "{clusterIP: None, clusterIPs: [None]}"])
    func headless(_ spec: String) throws {
        let web = try service(spec)
        #expect(web.isHeadless)
        #expect(web.clusterIPs.isEmpty)
        #expect(web.type == .clusterIP)
    }

    @Test func theDefaultsOfAService() throws {
        let web = try service("{ipFamilies: [IPv6]}", metadata: "{name: web}")
        #expect(web.name == name("default/web"))
        #expect(!web.isHeadless && web.clusterIPs.isEmpty && web.ports.isEmpty && web.selector.isEmpty)
        #expect(web.families == .v6)
        #expect(web.creation == nil)
    }

    @Test func externalName() throws {
        let web = try service("{type: ExternalName, externalName: WWW.Example.COM., clusterIP: ''}")
        #expect(web.type == .externalName)
        #expect(web.externalName == "www.example.com")
    }

    @Test func theOldAnnotationPublishesNotReadyAddresses() throws {
        let key = "service.alpha.kubernetes.io/tolerate-unready-endpoints"
        #expect(try service("{}", metadata: "{name: a, annotations: {\(key): 'true'}}").publishNotReadyAddresses)
        #expect(try !service("{}", metadata: "{name: a, annotations: {\(key): 'false'}}").publishNotReadyAddresses)
    }

    @Test(arguments: ["discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"]) func endpointSlice(_ version: String) throws {
        let slice = try #require(
            EndpointSlice(
                object(
                    """
                    apiVersion: \(version)
                    kind: EndpointSlice
                    metadata:
                      name: web-x7k2p
                      namespace: shop
                      labels: {kubernetes.io/service-name: web, app: web}
                    addressType: IPv4
                    endpoints:
                    - addresses: [10.0.0.1, 10.0.0.2]
                      conditions: {ready: true, serving: false}
                      hostname: web-0
                      targetRef: {kind: Pod, name: web-0-pod}
                    - addresses: [10.0.0.3]
                      conditions: {ready: false}
                    - addresses: [10.0.0.4]
                    ports: [{name: http, port: 8080}, {name: dns, protocol: UDP, port: 53}, {name: all}]
                    """)))
        #expect(slice.name == name("shop/web-x7k2p"))
        #expect(slice.serviceName == name("shop/web"))
        #expect(slice.labels == ["app": "web"])
        #expect(
            slice.endpoints == [
                Endpoint(addresses: [ip("10.0.0.1"), ip("10.0.0.2")], hostname: "web-0", podName: "web-0-pod"),
                Endpoint(addresses: [ip("10.0.0.3")], isReady: false), Endpoint(addresses: [ip("10.0.0.4")]),
            ])
        #expect(
            slice.ports == [EndpointPort(name: "http", port: 8080), EndpointPort(name: "dns", proto: .udp, port: 53)])
    }

    @Test func endpoints() throws {
        let endpoints = try #require(
            Endpoints(
                object(
                    """
                    apiVersion: v1
                    kind: Endpoints
                    metadata: {name: web, namespace: shop}
                    subsets:
                    - addresses: [{ip: 10.0.0.1, hostname: a, targetRef: {name: p}}]
                      notReadyAddresses: [{ip: 10.0.0.2}]
                      ports: [{name: http, port: 8080}]
                    """)))
        let subset = EndpointSubset(
            ready: [Endpoint(addresses: [ip("10.0.0.1")], hostname: "a", podName: "p")],
            notReady: [Endpoint(addresses: [ip("10.0.0.2")], isReady: false)],
            ports: [EndpointPort(name: "http", port: 8080)])
        #expect(endpoints.subsets == [subset])
    }

    @Test(arguments: [
        ("{}", true, false), ("{phase: Pending}", false, false), ("{phase: Running}", true, false),
        ("{phase: Running, conditions: [{type: Ready, status: 'False'}]}", false, false),
        ("{phase: Running, conditions: [{type: Ready, status: 'True'}]}", true, false),
        ("{phase: Running, conditions: [{type: Initialized, status: 'True'}]}", false, false),
        ("{phase: Succeeded}", true, true), ("{phase: Failed}", true, true), ("{phase: Unknown}", true, true),
    ])
    func podStatus(_ status: String, _ isReady: Bool, _ isEnded: Bool) throws {
        let pod = try #require(Pod(object("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nstatus: \(status)")))
        #expect(pod.isReady == isReady)
        #expect(pod.isEnded == isEnded)
    }

    @Test func pod() throws {
        let pod = try #require(
            Pod(
                object(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: web-0, namespace: shop, labels: {app: web}, deletionTimestamp: '2026-01-01T00:00:00Z'}
                    spec:
                      hostname: web-0
                      subdomain: web
                      containers:
                      - {name: a, ports: [{name: http, containerPort: 8080}]}
                      - {name: b, ports: [{containerPort: 53, protocol: UDP}]}
                    status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]}
                    """)))
        #expect(Array(pod.addresses) == [ip("10.0.0.1"), ip("fd00::1")])
        #expect(pod.hostname == "web-0" && pod.subdomain == "web" && pod.labels == ["app": "web"])
        #expect(pod.containerPorts == [EndpointPort(name: "http", port: 8080), EndpointPort(proto: .udp, port: 53)])
        #expect(pod.isEnded)
    }

    @Test func namespaceAndNode() throws {
        let namespace = try object(
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, namespace: x, labels: {a: b}}")
        #expect(namespace.key == ObjectKey(.namespace, name("/shop")))
        #expect(namespace.labels == ["a": "b"])
        let node = try #require(
            Node(
                object(
                    """
                    {apiVersion: v1, kind: Node, metadata: {name: n1.example.com}, status: {addresses: [
                      {type: ExternalIP, address: 192.0.2.1}, {type: InternalIP, address: 10.0.0.1},
                      {type: Hostname, address: n1}]}}
                    """)))
        #expect(Array(node.addresses) == [ip("10.0.0.1"), ip("192.0.2.1")])
    }

    @Test(arguments: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"])
    func ingress(_ version: String) throws {
        let ingress = try #require(
            Ingress(
                object(
                    """
                    apiVersion: \(version)
                    kind: Ingress
                    metadata: {name: i, namespace: shop, annotations: {clusterdns.io/controller-service: ingress/nginx}}
                    spec:
                      rules: [{host: WWW.example.com}, {host: '*.example.com'}, {http: {}}]
                      tls: [{hosts: [www.example.com, shop.example.com]}]
                    status: {loadBalancer: {ingress: [{ip: 192.0.2.1}, {hostname: LB.example.net}]}}
                    """)))
        #expect(ingress.hosts == ["www.example.com", "*.example.com", "shop.example.com"])
        #expect(Array(ingress.addresses) == [ip("192.0.2.1")])
        #expect(ingress.hostnames == ["lb.example.net"])
        #expect(ingress.controllerService == name("ingress/nginx"))
    }

    // MARK: Documents

    /// What `helm template` writes, with a hook, a definition of a kind, an empty document, and no namespaces.
    @Test func aRenderedChart() throws {
        let found = try DiagnosticTests.read(
            """
            ---
            # Source: shop/templates/configmap.yaml
            ---
            # Source: shop/crds/cart.yaml
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: carts.example.com}
            spec: {names: {kind: Service, plural: carts}}
            ---
            # Source: shop/templates/service.yaml
            apiVersion: v1
            kind: Service
            metadata:
              name: release-name-shop
              labels:
                helm.sh/chart: shop-0.1.0
                app.kubernetes.io/version: "1.16.0"
                app.kubernetes.io/managed-by: Helm
              annotations:
            spec:
              type: ClusterIP
              ports:
                - port: 80
                  targetPort: http
                  protocol: TCP
                  name: http
              selector:
                app.kubernetes.io/name: shop
            ---
            # Source: shop/templates/tests/test-connection.yaml
            apiVersion: v1
            kind: Pod
            metadata:
              name: "release-name-shop-test-connection"
              annotations:
                "helm.sh/hook": test
            spec:
              containers:
                - name: wget
                  image: busybox
                  args: ['release-name-shop:80']
              restartPolicy: Never
            ---
            """)
        #expect(found.said == [])
        #expect(
            Set(found.objects.map(\.key)) == [
                ObjectKey(.service, name("default/release-name-shop")),
                ObjectKey(.pod, name("default/release-name-shop-test-connection")),
            ])
    }

    @Test func otherKindsAreCountedByGroup() throws {
        let scratch = Scratch()
        scratch.write(
            "a.yaml",
            """
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}
            ---
            {apiVersion: apps/v1, kind: Deployment}
            ---
            {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: web}}
            ---
            {apiVersion: metrics.k8s.io/v1beta1, kind: PodMetricsList, items: [{metadata: {name: a}}]}
            """)
        let loaded = try loadCatalog(paths: [scratch.path])
        #expect(loaded.change.isEmpty && loaded.diagnostics.isEmpty)
        #expect(
            loaded.ignoredKinds == [
                "apps/v1 Deployment": 2, "serving.knative.dev/v1 Service": 1,
                "metrics.k8s.io/v1beta1 PodMetricsList": 1,
            ])
    }

    static let lists = [
        (
            "a.yaml",
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Namespace\n  metadata:\n    name: a\n- apiVersion: v1\n  kind: Namespace\n  metadata:\n    name: b\n"
        ),
        (
            "a.yaml",
            "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}, {apiVersion: v1, kind: Namespace, metadata: {name: b}}]}"
        ),
        (
            "a.yaml",
            "kind: NamespaceList\napiVersion: v1\nmetadata: {}\nitems:\n- metadata:\n    name: a\n- metadata:\n    name: b\n"
        ),
        (
            "a.json",
            #"{"kind":"NamespaceList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}"#
        ),
        (
            "a.json",
            #"{"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}],"kind":"NamespaceList","apiVersion":"v1"}"#
        ),
        (
            "a.json",
            #"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}},{"apiVersion":"v1","kind":"NamespaceList","items":[{"metadata":{"name":"b"}}]}]}"#
        ),
        (
            "a.yml",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: b}}\n"
        ),
    ]

    @Test(arguments: lists) func listsOfEveryForm(_ file: String, _ text: String) throws {
        let found = try DiagnosticTests.read(text, as: file)
        #expect(found.said == [])
        #expect(Set(found.objects.map(\.key.name.name)) == ["a", "b"])
    }

    @Test func anElementKnowsItsLine() throws {
        let found = try DiagnosticTests.read(Self.lists[0].1)
        #expect(found.objects.map(\.origin.line).sorted() == [4, 8])
    }
}
