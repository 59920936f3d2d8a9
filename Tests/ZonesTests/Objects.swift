import ClusterCatalog
import DNS
import LinuxIO

// Catalog objects in one line each.

let origin = Origin(file: "test.yaml", line: 1)

func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
    return address
}

func addresses(_ texts: [String]) -> AddressList { AddressList(texts.map(address)) }

func name(_ text: String) -> Name {
    guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
    return name
}

func selector(_ text: String) -> LabelSelector {
    do { return try LabelSelector(parsing: text) } catch { preconditionFailure("\(error)") }
}

/// `shop/web`.
func object(_ text: String) -> ObjectName {
    let parts = text.split(separator: "/").map(String.init)
    return ObjectName(namespace: parts[0], name: parts[1])
}

/// `http/tcp/80`, or `/tcp/80` for an unnamed port.
func servicePort(_ text: String) -> ServicePort {
    let port = endpointPort(text)
    return ServicePort(name: port.name, proto: port.proto, port: port.port)
}

func endpointPort(_ text: String) -> EndpointPort {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let proto = PortProtocol.allCases.first { $0.label == parts[1] } ?? .tcp
    return EndpointPort(name: parts[0], proto: proto, port: UInt16(parts[2]) ?? 0)
}

func service(
    _ name: String, _ clusterIPs: [String] = [], ports: [String] = ["http/tcp/80"], labels: Labels = [:],
    selector: Labels = [:],
    creation: String? = nil
) -> CatalogObject {
    .service(
        Service(
            name: object(name), origin: origin, labels: labels, clusterIPs: addresses(clusterIPs),
            ports: ports.map(servicePort),
            selector: selector, creation: creation))
}

func headless(
    _ name: String, ports: [String] = [], selector: Labels = [:], publishesNotReady: Bool = false,
    creation: String? = nil,
    families: AddressFamilies = .all
) -> CatalogObject {
    .service(
        Service(
            name: object(name), origin: origin, isHeadless: true, publishNotReadyAddresses: publishesNotReady,
            families: families,
            ports: ports.map(servicePort), selector: selector, creation: creation))
}

func external(_ name: String, _ target: String) -> CatalogObject {
    .service(Service(name: object(name), origin: origin, type: .externalName, externalName: target))
}

func endpoint(
    _ addresses: String..., host: String? = nil, pod: String? = nil, ready: Bool = true
) -> Endpoint {
    Endpoint(addresses: ZonesTests.addresses(addresses), isReady: ready, hostname: host, podName: pod)
}

/// The slice `NAMESPACE/SERVICE-1`.
func slice(_ service: String, ports: [String] = ["http/tcp/80"], labels: Labels = [:], _ endpoints: Endpoint...)
    -> CatalogObject
{
    slice(service, "1", ports, labels, endpoints)
}

/// The slice `NAMESPACE/SERVICE-SUFFIX`.
func slice(
    _ service: String, _ suffix: String, ports: [String] = ["http/tcp/80"], labels: Labels = [:],
    _ endpoints: Endpoint...
) -> CatalogObject {
    slice(service, suffix, ports, labels, endpoints)
}

private func slice(_ service: String, _ suffix: String, _ ports: [String], _ labels: Labels, _ endpoints: [Endpoint])
    -> CatalogObject
{
    let name = object(service)
    return .endpointSlice(
        EndpointSlice(
            name: ObjectName(namespace: name.namespace, name: "\(name.name)-\(suffix)"), origin: origin, labels: labels,
            service: name.name, endpoints: endpoints, ports: ports.map(endpointPort)))
}

func endpoints(_ service: String, ready: [Endpoint] = [], notReady: [Endpoint] = [], ports: [String] = ["http/tcp/80"])
    -> CatalogObject
{
    .endpoints(
        Endpoints(
            name: object(service), origin: origin,
            subsets: [EndpointSubset(ready: ready, notReady: notReady, ports: ports.map(endpointPort))]))
}

func pod(
    _ name: String, _ addresses: [String], labels: Labels = [:], ready: Bool = true, ended: Bool = false,
    host: String? = nil,
    subdomain: String? = nil, ports: [String] = []
) -> CatalogObject {
    .pod(
        Pod(
            name: object(name), origin: origin, labels: labels, addresses: ZonesTests.addresses(addresses),
            isReady: ready, isEnded: ended,
            hostname: host, subdomain: subdomain, containerPorts: ports.map(endpointPort)))
}

func namespace(_ name: String, labels: Labels = [:]) -> CatalogObject {
    .namespace(Namespace(name: name, origin: origin, labels: labels))
}

func ingress(
    _ name: String, hosts: [String], _ addresses: [String] = [], hostnames: [String] = [], service: String? = nil
) -> CatalogObject {
    .ingress(
        Ingress(
            name: object(name), origin: origin, hosts: hosts, addresses: ZonesTests.addresses(addresses),
            hostnames: hostnames,
            controllerService: service.map(object)))
}

/// What takes these objects out again.
func removal(of objects: CatalogObject...) -> CatalogChange { CatalogChange(updates: objects.map { ($0.key, nil) }) }
