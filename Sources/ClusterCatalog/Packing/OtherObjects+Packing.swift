extension Pod: Packable {
    static let kind = ObjectKind.pod
    var objectName: ObjectName { name }

    func pack(into writer: inout ObjectWriter) {
        writer.flags(isReady, isEnded)
        writer.addresses(addresses)
        writer.optionalText(hostname)
        writer.optionalText(subdomain)
        writer.endpointPorts(containerPorts)
    }

    init(_ name: ObjectName, _ origin: Origin, _ labels: Labels, _ reader: inout ObjectReader) {
        self.init(name: name, origin: origin, labels: labels)
        (isReady, isEnded, _) = reader.flags()
        addresses = reader.addresses()
        hostname = reader.optionalText()
        subdomain = reader.optionalText()
        containerPorts = reader.endpointPorts()
    }
}

extension Namespace: Packable {
    static let kind = ObjectKind.namespace
    var objectName: ObjectName { ObjectName(namespace: "", name: name) }

    func pack(into writer: inout ObjectWriter) {}

    init(_ name: ObjectName, _ origin: Origin, _ labels: Labels, _ reader: inout ObjectReader) {
        self.init(name: name.name, origin: origin, labels: labels)
    }
}

extension Node: Packable {
    static let kind = ObjectKind.node
    var objectName: ObjectName { ObjectName(namespace: "", name: name) }

    func pack(into writer: inout ObjectWriter) { writer.addresses(addresses) }

    init(_ name: ObjectName, _ origin: Origin, _ labels: Labels, _ reader: inout ObjectReader) {
        self.init(name: name.name, origin: origin, labels: labels, addresses: reader.addresses())
    }
}

extension Ingress: Packable {
    static let kind = ObjectKind.ingress
    var objectName: ObjectName { name }

    func pack(into writer: inout ObjectWriter) {
        writer.list(hosts) { $0.text($1) }
        writer.addresses(addresses)
        writer.list(hostnames) { $0.text($1) }
        writer.optionalText(controllerService?.namespace)
        writer.optionalText(controllerService?.name)
    }

    init(_ name: ObjectName, _ origin: Origin, _ labels: Labels, _ reader: inout ObjectReader) {
        self.init(name: name, origin: origin, labels: labels)
        hosts = reader.list { $0.text() }
        addresses = reader.addresses()
        hostnames = reader.list { $0.text() }
        if let namespace = reader.optionalText(), let name = reader.optionalText() {
            controllerService = ObjectName(namespace: namespace, name: name)
        }
    }
}
