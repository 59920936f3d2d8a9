extension EndpointSlice: Packable {
    static let kind = ObjectKind.endpointSlice
    var objectName: ObjectName { name }

    func pack(into writer: inout ObjectWriter) {
        writer.text(service)
        writer.endpointPorts(ports)
        writer.endpoints(endpoints)
    }

    init(_ name: ObjectName, _ origin: Origin, _ labels: Labels, _ reader: inout ObjectReader) {
        self.init(name: name, origin: origin, labels: labels, service: reader.text())
        ports = reader.endpointPorts()
        endpoints = reader.endpoints()
    }
}

extension CatalogObject {
    /// The Service of an EndpointSlice, without unpacking its endpoints; nil for any other object.
    var serviceOfSlice: String? {
        guard kind == .endpointSlice else { return nil }
        return packed.read { reader in
            reader.skipLabels()
            return reader.text()
        }
    }

    /// The same with the namespace, which is the slice's own.
    var serviceName: ObjectName? {
        serviceOfSlice.map { ObjectName(namespace: packed.read { $0.name }.namespace, name: $0) }
    }
}

extension Endpoints: Packable {
    static let kind = ObjectKind.endpoints
    var objectName: ObjectName { name }

    func pack(into writer: inout ObjectWriter) {
        writer.list(subsets) { writer, subset in
            writer.endpoints(subset.ready)
            writer.endpoints(subset.notReady)
            writer.endpointPorts(subset.ports)
        }
    }

    init(_ name: ObjectName, _ origin: Origin, _ labels: Labels, _ reader: inout ObjectReader) {
        self.init(name: name, origin: origin, labels: labels)
        subsets = reader.list { reader in
            let ready = reader.endpoints()
            let notReady = reader.endpoints()
            return EndpointSubset(ready: ready, notReady: notReady, ports: reader.endpointPorts())
        }
    }
}
