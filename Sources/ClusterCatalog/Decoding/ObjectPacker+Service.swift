import LinuxIO
import SourceText

extension ObjectPacker {
    private struct ServiceFields {
        var type = 0
        var clusterIP = 0
        var clusterIPs = 0
        var families = 0
        var ports = 0
        var selector = 0
        var publishNotReady = 0
        var externalName = 0
    }

    mutating func packService(_ nodes: NodeList, _ fields: Fields) throws(Unusual) {
        let facts = try packMetadata(nodes, fields.metadata, .service)
        let spec = try serviceFields(nodes, fields.spec)
        selector.clear()
        _ = unsafe try nodes.addLabels(spec.selector, to: &selector, isSlice: false)
        let hasSameSelector = selector.isEqual(to: labels)
        let type = try nodes.serviceType(spec.type)
        let publishesNotReady = try nodes.boolean(spec.publishNotReady) ?? false
        let isTolerant = try nodes.toleratesUnready(facts.annotations)

        // In the order of `Service.pack`.
        let flags = writer.byteCount
        writer.octet(0)
        writer.octet(type.rawValue)
        writer.octet(try nodes.families(spec.families).rawValue)
        // An ExternalName has no addresses, whatever is written.
        let isHeadless = type == .externalName ? packNoClusterIP() : try packClusterIPs(nodes, spec)
        writer.replaceFlags(at: flags, isHeadless, publishesNotReady || isTolerant, hasSameSelector)
        try packServicePorts(nodes, spec.ports)
        if !hasSameSelector { selector.write(into: &writer) }
        if type == .externalName { try packExternalName(nodes, spec) } else { writer.octet(0) }
        if let creation = facts.creation { writer.time(creation) } else { writer.octet(TextMark.none) }
    }

    private func serviceFields(_ nodes: NodeList, _ index: Int) throws(Unusual) -> ServiceFields {
        let mapping = try nodes.mapping(index)
        guard mapping != 0 else { throw Unusual() }
        var fields = ServiceFields()
        var pairs = nodes.pairs(of: mapping)
        while let (key, value) = try pairs.next() {
            switch key.length {
            case 4: if nodes.isText(key, "type") { fields.type = value }
            case 5: if nodes.isText(key, "ports") { fields.ports = value }
            case 8: if nodes.isText(key, "selector") { fields.selector = value }
            case 9: if nodes.isText(key, "clusterIP") { fields.clusterIP = value }
            case 10:
                if nodes.isText(key, "clusterIPs") {
                    fields.clusterIPs = value
                } else if nodes.isText(key, "ipFamilies") {
                    fields.families = value
                }
            case 12: if nodes.isText(key, "externalName") { fields.externalName = value }
            case 24: if nodes.isText(key, "publishNotReadyAddresses") { fields.publishNotReady = value }
            default: break
            }
        }
        return fields
    }

    /// Lower case, no dot at the end, no address: the others are the decoder's.
    private mutating func packExternalName(_ nodes: NodeList, _ fields: ServiceFields) throws(Unusual) {
        guard let name = unsafe try nodes.string(fields.externalName),
            unsafe NameRule.isSubdomain(Span(_unsafeBytes: name)), unsafe IPAddress(utf8: name) == nil
        else { throw Unusual() }
        unsafe writer.text(name)
    }

    // MARK: Addresses

    private mutating func packNoClusterIP() -> Bool {
        writer.octet(0)
        return false
    }

    /// - Returns: whether the Service is headless.
    private mutating func packClusterIPs(_ nodes: NodeList, _ fields: ServiceFields) throws(Unusual) -> Bool {
        let list = try nodes.sequence(fields.clusterIPs)
        let single = unsafe try nodes.string(fields.clusterIP)
        let isList = nodes.count(list) > 0
        guard nodes.count(list) < 128 else { throw Unusual() }
        if isList, unsafe single != nil, !nodes.haveSameText(fields.clusterIP, list + 1) { throw Unusual() }
        let countAt = writer.byteCount
        writer.octet(0)
        var count: UInt8 = 0
        var isHeadless = false
        var elements = nodes.elements(of: list)
        while let element = isList ? elements.next() : nil {
            if try packClusterIP(nodes, element) { count += 1 } else { isHeadless = true }
        }
        if !isList, unsafe single != nil {
            if try packClusterIP(nodes, fields.clusterIP) { count += 1 } else { isHeadless = true }
        }
        writer.replaceOctet(at: countAt, with: count)
        return isHeadless
    }

    /// False for `None`.
    private mutating func packClusterIP(_ nodes: NodeList, _ index: Int) throws(Unusual) -> Bool {
        if nodes.isWord(index), nodes.isText(nodes[index], "None") { return false }
        writer.address(try nodes.address(index))
        return true
    }

    // MARK: Ports

    private mutating func packServicePorts(_ nodes: NodeList, _ index: Int) throws(Unusual) {
        let list = try nodes.sequence(index)
        writer.count(nodes.count(list))
        var elements = nodes.elements(of: list)
        while let element = elements.next() { try packServicePort(nodes, element) }
    }

    private mutating func packServicePort(_ nodes: NodeList, _ index: Int) throws(Unusual) {
        let fields = try nodes.portFields(index)
        let port = try nodes.portNumber(fields.port)
        try packPort(nodes, fields, port)
        guard nodes.isPresent(fields.target) else { return writer.octet(TargetMark.same) }
        if let target = nodes.decimal(nodes[fields.target]) {
            writer.target(target, of: port)
        } else if let name = unsafe try nodes.label(fields.target) {
            writer.octet(TargetMark.name)
            unsafe writer.word(name)
        } else {
            writer.octet(TargetMark.same)
        }
    }

    /// What every kind of port begins with.
    mutating func packPort(_ nodes: NodeList, _ fields: NodeList.PortFields, _ port: UInt16) throws(Unusual) {
        if let name = unsafe try nodes.label(fields.name) { unsafe writer.word(name) } else { writer.word(0) }
        writer.octet(try nodes.proto(fields.proto).rawValue)
        writer.fixed(port)
    }
}

extension NodeList {
    struct PortFields {
        var name = 0
        var proto = 0
        var port = 0
        var target = 0
        var containerPort = 0
    }

    func portFields(_ index: Int) throws(Unusual) -> PortFields {
        guard self[index].kind == .mapping else { throw Unusual() }
        var fields = PortFields()
        var pairs = pairs(of: index)
        while let (key, value) = try pairs.next() {
            switch key.length {
            case 4: if isText(key, "name") { fields.name = value } else if isText(key, "port") { fields.port = value }
            case 8: if isText(key, "protocol") { fields.proto = value }
            case 10: if isText(key, "targetPort") { fields.target = value }
            case 13: if isText(key, "containerPort") { fields.containerPort = value }
            default: break
            }
        }
        return fields
    }

    fileprivate func serviceType(_ index: Int) throws(Unusual) -> Service.Kind {
        guard isPresent(index) else { return .clusterIP }
        guard isWord(index) else { throw Unusual() }
        let node = self[index]
        if isText(node, "ClusterIP") { return .clusterIP }
        if isText(node, "NodePort") { return .nodePort }
        if isText(node, "LoadBalancer") { return .loadBalancer }
        if isText(node, "ExternalName") { return .externalName }
        throw Unusual()
    }

    fileprivate func families(_ index: Int) throws(Unusual) -> AddressFamilies {
        var families: AddressFamilies = []
        var elements = elements(of: try sequence(index))
        while let element = elements.next() {
            guard isWord(element) else { throw Unusual() }
            if isText(self[element], "IPv4") {
                families.insert(.v4)
            } else if isText(self[element], "IPv6") {
                families.insert(.v6)
            } else {
                throw Unusual()
            }
        }
        return families.isEmpty ? .all : families
    }

    /// The annotation that came before `publishNotReadyAddresses`.
    fileprivate func toleratesUnready(_ annotations: Int) throws(Unusual) -> Bool {
        guard annotations != 0 else { return false }
        let found = try member(of: annotations, "service.alpha.kubernetes.io/tolerate-unready-endpoints")
        guard found != 0 else { return false }
        guard isWord(found) else { throw Unusual() }
        return isText(self[found], "true")
    }

    fileprivate func haveSameText(_ left: Int, _ right: Int) -> Bool {
        guard isWord(left), isWord(right) else { return false }
        let (mine, theirs) = unsafe (text(of: self[left]), text(of: self[right]))
        return unsafe mine.elementsEqual(theirs)
    }
}
