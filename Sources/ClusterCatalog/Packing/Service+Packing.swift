extension Service: Packable {
    static let kind = ObjectKind.service
    var objectName: ObjectName { name }

    func pack(into writer: inout ObjectWriter) {
        // Mostly the selector is one of the labels, or all of them.
        writer.flags(isHeadless, publishNotReadyAddresses, selector == labels)
        writer.octet(type.rawValue)
        writer.octet(families.rawValue)
        writer.addresses(clusterIPs)
        writer.list(ports) { $0.servicePort($1) }
        if selector != labels { writer.labels(selector) }
        writer.text(externalName)
        writer.timestamp(creation)
    }

    init(_ name: ObjectName, _ origin: Origin, _ labels: Labels, _ reader: inout ObjectReader) {
        self.init(name: name, origin: origin, labels: labels)
        let hasSameSelector: Bool
        (isHeadless, publishNotReadyAddresses, hasSameSelector) = reader.flags()
        type = Kind(rawValue: reader.octet()) ?? .clusterIP
        families = AddressFamilies(rawValue: reader.octet())
        clusterIPs = reader.addresses()
        ports = reader.list { $0.servicePort() }
        selector = hasSameSelector ? labels : reader.labels()
        externalName = reader.text()
        creation = reader.optionalText()
    }
}

/// How the target of a port is packed.
enum TargetMark {
    /// The port's own number.
    static let same: UInt8 = 0
    static let number: UInt8 = 1
    static let name: UInt8 = 2
}

extension ObjectWriter {
    fileprivate mutating func servicePort(_ port: ServicePort) {
        word(port.name)
        octet(port.proto.rawValue)
        fixed(port.port)
        switch port.target {
        case .number(let number): target(number, of: port.port)
        case .name(let name):
            octet(TargetMark.name)
            word(name)
        }
    }
}

extension ObjectWriter {
    mutating func target(_ number: UInt16, of port: UInt16) {
        guard number != port else { return octet(TargetMark.same) }
        octet(TargetMark.number)
        fixed(number)
    }
}

extension ObjectReader {
    fileprivate mutating func servicePort() -> ServicePort {
        let name = text()
        let proto = proto()
        let port = fixed(UInt16.self)
        return ServicePort(name: name, proto: proto, port: port, target: target())
    }

    /// Nil for the port's own number.
    private mutating func target() -> ServicePort.Target? {
        switch octet() {
        case TargetMark.same: nil
        case TargetMark.number: .number(fixed(UInt16.self))
        default: .name(text())
        }
    }
}
