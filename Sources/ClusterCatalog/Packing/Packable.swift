import LinuxIO

/// A structure that packs itself behind the name and the labels, and makes itself of what it packed.
protocol Packable {
    static var kind: ObjectKind { get }
    var objectName: ObjectName { get }
    var origin: Origin { get }
    var labels: Labels { get }
    func pack(into writer: inout ObjectWriter)
    init(_ name: ObjectName, _ origin: Origin, _ labels: Labels, _ reader: inout ObjectReader)
}

extension Packable {
    /// Nil if the object is of another kind.
    static func unpack(_ object: CatalogObject) -> Self? {
        let packed = object.packed
        guard packed.kind == kind else { return nil }
        return packed.read { reader in
            let labels = reader.labels()
            return Self(reader.name, packed.origin, labels, &reader)
        }
    }
}

// MARK: What several kinds have

extension ObjectWriter {
    mutating func flags(_ first: Bool, _ second: Bool, _ third: Bool = false) {
        octet(Self.octet(of: first, second, third))
    }

    /// For flags that are known only once more is written.
    mutating func replaceFlags(at index: Int, _ first: Bool, _ second: Bool, _ third: Bool) {
        replaceOctet(at: index, with: Self.octet(of: first, second, third))
    }

    private static func octet(of first: Bool, _ second: Bool, _ third: Bool) -> UInt8 {
        (first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0)
    }

    mutating func address(_ address: IPAddress) {
        octet(address.isIPv4 ? 4 : 6)
        guard !address.isIPv4 else { return fixed(address.v4) }
        fixed(address.v6.high)
        fixed(address.v6.low)
    }

    mutating func addresses(_ addresses: AddressList) { list(addresses) { $0.address($1) } }

    mutating func endpointPorts(_ ports: [EndpointPort]) {
        list(ports) { writer, port in
            writer.word(port.name)
            writer.octet(port.proto.rawValue)
            writer.fixed(port.port)
        }
    }

    mutating func endpoints(_ endpoints: [Endpoint]) {
        list(endpoints) { writer, endpoint in
            // Mostly one address and a flag.
            writer.flags(endpoint.isReady, endpoint.hostname != nil, endpoint.podName != nil)
            if let hostname = endpoint.hostname { writer.text(hostname) }
            if let podName = endpoint.podName { writer.text(podName) }
            writer.addresses(endpoint.addresses)
        }
    }
}

extension ObjectReader {
    mutating func flags() -> (Bool, Bool, Bool) {
        let octet = octet()
        return (octet & 1 != 0, octet & 2 != 0, octet & 4 != 0)
    }

    mutating func address() -> IPAddress {
        if octet() == 4 { return IPAddress(v4: fixed(UInt32.self)) }
        let high = fixed(UInt64.self)
        return IPAddress(v6High: high, low: fixed(UInt64.self))
    }

    mutating func addresses() -> AddressList {
        var addresses = AddressList()
        for _ in 0..<count() { addresses.append(address()) }
        return addresses
    }

    mutating func proto() -> PortProtocol { PortProtocol(rawValue: octet()) ?? .tcp }

    mutating func endpointPorts() -> [EndpointPort] {
        list { reader in
            let name = reader.text()
            let proto = reader.proto()
            return EndpointPort(name: name, proto: proto, port: reader.fixed(UInt16.self))
        }
    }

    mutating func endpoints() -> [Endpoint] {
        list { reader in
            let (isReady, hasHostname, hasPodName) = reader.flags()
            let hostname = hasHostname ? reader.text() : nil
            let podName = hasPodName ? reader.text() : nil
            return Endpoint(addresses: reader.addresses(), isReady: isReady, hostname: hostname, podName: podName)
        }
    }
}
