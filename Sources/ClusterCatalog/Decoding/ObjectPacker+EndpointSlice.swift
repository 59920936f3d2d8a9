import LinuxIO
import SourceText

extension ObjectPacker {
    private struct EndpointFields {
        var addresses = 0
        var conditions = 0
        var hostname = 0
        var target = 0
    }

    /// What the addresses of a slice must be.
    private enum Family {
        case v4, v6, any
    }

    mutating func packSlice(_ nodes: NodeList, _ fields: Fields) throws(Unusual) {
        let facts = try packMetadata(nodes, fields.metadata, .endpointSlice)
        guard let service = unsafe facts.serviceName else { throw Unusual() }
        let family = try family(nodes, fields.addressType)

        // In the order of `EndpointSlice.pack`.
        unsafe writer.text(service)
        try packPorts(nodes, fields.ports)
        let list = try nodes.sequence(fields.endpoints)
        writer.count(nodes.count(list))
        var elements = nodes.elements(of: list)
        while let element = elements.next() { try packEndpoint(nodes, element, family) }
    }

    private func family(_ nodes: NodeList, _ index: Int) throws(Unusual) -> Family {
        guard nodes.isPresent(index) else { return .any }
        guard nodes.isWord(index) else { throw Unusual() }
        if nodes.isText(nodes[index], "IPv4") { return .v4 }
        if nodes.isText(nodes[index], "IPv6") { return .v6 }
        throw Unusual()
    }

    /// All of them have a number: a slice with one that has none is left to the decoder, which passes over that one.
    private mutating func packPorts(_ nodes: NodeList, _ index: Int) throws(Unusual) {
        let list = try nodes.sequence(index)
        writer.count(nodes.count(list))
        var elements = nodes.elements(of: list)
        while let element = elements.next() {
            let fields = try nodes.portFields(element)
            guard nodes.isPresent(fields.port) else { throw Unusual() }
            try packPort(nodes, fields, try nodes.portNumber(fields.port))
        }
    }

    private mutating func packEndpoint(_ nodes: NodeList, _ index: Int, _ family: Family) throws(Unusual) {
        let fields = try endpointFields(nodes, index)
        let isReady = try nodes.isReady(fields.conditions)
        let hostname = unsafe try nodes.label(fields.hostname)
        let podName = unsafe try nodes.targetName(fields.target)
        writer.flags(isReady, unsafe hostname != nil, unsafe podName != nil)
        if let hostname = unsafe hostname { unsafe writer.text(hostname) }
        if let podName = unsafe podName { unsafe writer.text(podName) }
        guard nodes.isPresent(fields.addresses) else { throw Unusual() }
        let list = try nodes.sequence(fields.addresses)
        writer.count(nodes.count(list))
        var elements = nodes.elements(of: list)
        while let element = elements.next() {
            let address = try nodes.address(element)
            guard family == .any || address.isIPv4 == (family == .v4) else { throw Unusual() }
            writer.address(address)
        }
    }

    private func endpointFields(_ nodes: NodeList, _ index: Int) throws(Unusual) -> EndpointFields {
        guard nodes[index].kind == .mapping else { throw Unusual() }
        var fields = EndpointFields()
        var pairs = nodes.pairs(of: index)
        while let (key, value) = try pairs.next() {
            switch key.length {
            case 8: if nodes.isText(key, "hostname") { fields.hostname = value }
            case 9:
                if nodes.isText(key, "addresses") {
                    fields.addresses = value
                } else if nodes.isText(key, "targetRef") {
                    fields.target = value
                }
            case 10: if nodes.isText(key, "conditions") { fields.conditions = value }
            default: break
            }
        }
        return fields
    }
}

extension NodeList {
    /// True where nothing is written.
    fileprivate func isReady(_ conditions: Int) throws(Unusual) -> Bool {
        let mapping = try mapping(conditions)
        guard mapping != 0 else { return true }
        return try boolean(try member(of: mapping, "ready")) ?? true
    }

    /// The name of the Pod behind an endpoint.
    fileprivate func targetName(_ target: Int) throws(Unusual) -> UnsafeRawBufferPointer? {
        let mapping = try mapping(target)
        guard mapping != 0 else { return nil }
        guard let text = unsafe try string(try member(of: mapping, "name")) else { return nil }
        // There is no rule for it, but Strings are repaired where they are no UTF-8, and these octets would not be.
        guard unsafe text.allSatisfy({ $0 < 0x80 }) else { throw Unusual() }
        return unsafe text
    }
}
