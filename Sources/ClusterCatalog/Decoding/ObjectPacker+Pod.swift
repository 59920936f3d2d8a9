import LinuxIO
import SourceText

extension ObjectPacker {
    private struct PodSpec {
        var hostname = 0
        var subdomain = 0
        var containers = 0
    }

    private struct PodStatus {
        var address = 0
        var addresses = 0
        var conditions = 0
        var phase = 0
    }

    mutating func packPod(_ nodes: NodeList, _ fields: Fields) throws(Unusual) {
        let facts = try packMetadata(nodes, fields.metadata, .pod)
        let spec = try podSpec(nodes, fields.spec)
        let status = try podStatus(nodes, fields.status)
        let phase = status.phase
        guard phase == 0 || nodes.isWord(phase) else { throw Unusual() }
        let isReady = try nodes.isReady(status.conditions, phase)

        // In the order of `Pod.pack`.
        writer.flags(isReady, facts.isBeingDeleted || nodes.hasEnded(phase))
        try packAddresses(nodes, status)
        unsafe optionalText(try nodes.label(spec.hostname))
        unsafe optionalText(try nodes.label(spec.subdomain))
        try packContainerPorts(nodes, spec.containers)
    }

    private func podSpec(_ nodes: NodeList, _ index: Int) throws(Unusual) -> PodSpec {
        var fields = PodSpec()
        let mapping = try nodes.mapping(index)
        guard mapping != 0 else { return fields }
        var pairs = nodes.pairs(of: mapping)
        while let (key, value) = try pairs.next() {
            switch key.length {
            case 8: if nodes.isText(key, "hostname") { fields.hostname = value }
            case 9: if nodes.isText(key, "subdomain") { fields.subdomain = value }
            case 10: if nodes.isText(key, "containers") { fields.containers = value }
            default: break
            }
        }
        return fields
    }

    private func podStatus(_ nodes: NodeList, _ index: Int) throws(Unusual) -> PodStatus {
        var fields = PodStatus()
        let mapping = try nodes.mapping(index)
        guard mapping != 0 else { return fields }
        var pairs = nodes.pairs(of: mapping)
        while let (key, value) = try pairs.next() {
            switch key.length {
            case 5:
                if nodes.isText(key, "podIP") { fields.address = value }
                if nodes.isText(key, "phase") { fields.phase = value }
            case 6: if nodes.isText(key, "podIPs") { fields.addresses = value }
            case 10: if nodes.isText(key, "conditions") { fields.conditions = value }
            default: break
            }
        }
        return fields
    }

    private mutating func optionalText(_ text: UnsafeRawBufferPointer?) {
        if let text = unsafe text { unsafe writer.text(text) } else { writer.octet(TextMark.none) }
    }

    private mutating func packAddresses(_ nodes: NodeList, _ status: PodStatus) throws(Unusual) {
        let list = try nodes.sequence(status.addresses)
        guard nodes.count(list) < 128 else { throw Unusual() }
        let countAt = writer.byteCount
        writer.octet(0)
        var count: UInt8 = 0
        var elements = nodes.elements(of: list)
        while let element = elements.next() {
            guard nodes[element].kind == .mapping else { throw Unusual() }
            if try packAddress(nodes, try nodes.member(of: element, "ip")) { count += 1 }
        }
        if count == 0, try packAddress(nodes, status.address) { count = 1 }
        writer.replaceOctet(at: countAt, with: count)
    }

    /// False where there is none, or the empty text.
    private mutating func packAddress(_ nodes: NodeList, _ index: Int) throws(Unusual) -> Bool {
        guard nodes.isPresent(index) else { return false }
        if nodes.isWord(index), nodes[index].length == 0 { return false }
        writer.address(try nodes.address(index))
        return true
    }

    private mutating func packContainerPorts(_ nodes: NodeList, _ index: Int) throws(Unusual) {
        let countAt = writer.byteCount
        writer.octet(0)
        var count = 0
        var containers = nodes.elements(of: try nodes.sequence(index))
        while let container = containers.next() {
            guard nodes[container].kind == .mapping else { throw Unusual() }
            let list = try nodes.sequence(try nodes.member(of: container, "ports"))
            count += nodes.count(list)
            guard count < 128 else { throw Unusual() }
            var elements = nodes.elements(of: list)
            while let element = elements.next() {
                let fields = try nodes.portFields(element)
                // One without a number would not count.
                guard nodes.isPresent(fields.containerPort) else { throw Unusual() }
                try packPort(nodes, fields, try nodes.portNumber(fields.containerPort))
            }
        }
        writer.replaceOctet(at: countAt, with: UInt8(count))
    }
}

extension NodeList {
    /// By the condition Ready, the first one; without conditions a Pod is ready unless it is pending.
    fileprivate func isReady(_ conditions: Int, _ phase: Int) throws(Unusual) -> Bool {
        let list = try sequence(conditions)
        var found: Bool?
        var elements = elements(of: list)
        while let element = elements.next() {
            guard self[element].kind == .mapping else { throw Unusual() }
            let type = try member(of: element, "type")
            guard type == 0 || isWord(type) else { throw Unusual() }
            guard found == nil, type != 0, isText(self[type], "Ready") else { continue }
            let status = try member(of: element, "status")
            guard status == 0 || isWord(status) else { throw Unusual() }
            found = status != 0 && isText(self[status], "True")
        }
        return found ?? (count(list) == 0 && !(phase != 0 && isText(self[phase], "Pending")))
    }

    fileprivate func hasEnded(_ phase: Int) -> Bool {
        guard phase != 0 else { return false }
        let node = self[phase]
        return isText(node, "Succeeded") || isText(node, "Failed") || isText(node, "Unknown")
    }
}
