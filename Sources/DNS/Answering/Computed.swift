/// Names that no table lists: Pod addresses (`pods insecure`), port names without underscores, hosts under a wildcard.
///
/// Looked for only after the table had nothing, and only for names of the right shape, so that an ordinary NXDOMAIN
/// pays for a walk over its labels at most.
enum ComputedName {
    /// It has what another name has, which is `longerBy` octets longer.
    case leaf(Leaf, longerBy: Int)
    case address(PodAddress)
}

extension TableView {
    /// Whether a name has the shape of those that `compute` looks for: a look at its labels, which most names that do not
    /// exist end with. A resolver's search list makes names that are too long, or whose labels stand for nothing.
    @inline(__always)
    func mayCompute(_ name: NamePlace, _ zone: ZoneEntry, apexAt: Int, in message: MessageBytes) -> Bool {
        var (at, last, second, count) = (name.at, name.at, name.at, 0)
        while at < apexAt {
            count &+= 1
            guard count <= LabelOffsets.most else { return false }
            last = at
            at &+= Int(message[at]) &+ 1
            if count == 1 { second = at }
        }
        guard count >= 3 else { return false }
        switch message.load32(at: last) | 0x0020_2020 {
        case ClusterLabel.svc: return count >= 4 && message.isProtocol(at: count == 4 ? name.at : second)
        case ClusterLabel.pod: return zone.pods != .disabled
        default: return false
        }
    }

    /// What a name of this zone stands for; nil when it does not exist.
    func compute(_ name: NamePlace, _ zone: ZoneEntry, apexAt: Int, in message: MessageBytes) -> ComputedName? {
        guard let labels = LabelOffsets(in: message, from: name.at, to: apexAt) else { return nil }
        if labels.count >= 4, message.isLabel("svc", at: labels.last) {
            return portName(name, labels, in: message)
        }
        // One more label in front of the address is read over, as CoreDNS does.
        guard (3...4).contains(labels.count), message.isLabel("pod", at: labels.last) else { return nil }
        switch zone.pods {
        case .disabled: return nil
        case .verified: return labels.count == 4 ? verifiedPod(name, labels, in: message) : nil
        case .insecure: return anyPod(name, labels, in: message)
        }
    }

    private func verifiedPod(_ name: NamePlace, _ labels: LabelOffsets, in message: MessageBytes) -> ComputedName? {
        let address = NamePlace(at: labels[1], byteCount: name.end - labels[1])
        guard let leaf = find(address, in: message), leaf.setCount > 0 else { return nil }
        return .leaf(leaf, longerBy: 0)
    }

    private func anyPod(_ name: NamePlace, _ labels: LabelOffsets, in message: MessageBytes) -> ComputedName? {
        let namespaceAt = labels[labels.count - 2]
        let namespace = NamePlace(at: namespaceAt, byteCount: name.end - namespaceAt)
        guard let leaf = find(namespace, in: message), leaf.flags.contains(.podNamespace) else { return nil }
        return PodAddress(label: message, at: labels[labels.count - 3]).map { .address($0) }
    }

    /// `http.tcp.web.shop.svc…` means `_http._tcp.web.shop.svc…`: CoreDNS takes the underscores as optional.
    private func portName(_ name: NamePlace, _ labels: LabelOffsets, in message: MessageBytes) -> ComputedName? {
        let protocolIndex = labels.count - 4
        guard message.isProtocol(at: labels[protocolIndex]) else { return nil }
        return withScratch { scratch in
            var end = 0
            for index in 0...protocolIndex { end = message.copyUnderscored(labels[index], to: scratch, at: end) }
            let tailAt = labels[protocolIndex + 1]
            scratch.copy(message, from: tailAt, byteCount: name.end - tailAt, to: end)
            let full = NamePlace(at: 0, byteCount: end + name.end - tailAt)
            guard full.byteCount > name.byteCount, full.byteCount <= 255 else { return nil }
            return find(full, in: scratch).map { .leaf($0, longerBy: full.byteCount - name.byteCount) }
        }
    }

    /// The host of an Ingress that stands for every name one label below (`*.apps.example.com`).
    func wildcard(for name: NamePlace, in message: MessageBytes) -> Leaf? {
        guard hasWildcards, name.byteCount > 1 else { return nil }
        return withScratch { scratch in
            let parentAt = name.at + Int(message[name.at]) + 1
            scratch.store8(1, at: 0)
            scratch.store8(UInt8(ascii: "*"), at: 1)
            scratch.copy(message, from: parentAt, byteCount: name.end - parentAt, to: 2)
            return find(NamePlace(at: 0, byteCount: 2 + name.end - parentAt), in: scratch)
        }
    }

    /// The leaf of a name that lies anywhere in a message.
    func find(_ name: NamePlace, in message: MessageBytes) -> Leaf? {
        find(hash: name.hash(in: message, seed: seed), in: message, at: name.at, byteCount: name.byteCount)
    }
}

/// Room on the stack where a name can be put together: 255 octets, two underscores, and a word to read past them. The
/// message itself stays as it is, because it may have to go on to the next step.
private func withScratch<Found>(_ body: (MessageBytes) -> Found?) -> Found? {
    unsafe withUnsafeTemporaryAllocation(byteCount: 272, alignment: 8) { room in
        guard let scratch = unsafe MessageBytes(room) else { return nil }
        return body(scratch)
    }
}

/// The label below a zone that says what a name is about, with its length, as one number.
private enum ClusterLabel {
    static let svc: UInt32 = 0x0373_7663
    static let pod: UInt32 = 0x0370_6f64
}

/// Where the labels in front of a zone begin: at most five, which is the longest form of a cluster name.
private struct LabelOffsets {
    static let most = 5
    private var offsets = InlineArray<5, Int>(repeating: 0)
    private(set) var count = 0

    init?(in message: MessageBytes, from start: Int, to end: Int) {
        var at = start
        while at < end {
            guard count < Self.most else { return nil }
            offsets[count] = at
            count += 1
            at += Int(message[at]) + 1
        }
        guard count > 0 else { return nil }
    }

    subscript(index: Int) -> Int { offsets[index] }
    var last: Int { offsets[count - 1] }
}

extension MessageBytes {
    /// Whether the label at `offset` is `text` (lower case), whatever its letters' case.
    fileprivate func isLabel(_ text: StaticString, at offset: Int) -> Bool {
        guard Int(self[offset]) == text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            let octet = unsafe text.utf8Start[index]
            guard self[offset + 1 + index] | 0x20 == octet else { return false }
        }
        return true
    }

    /// Whether the label names a transport, with or without its underscore.
    fileprivate func isProtocol(at offset: Int) -> Bool {
        switch self[offset] {
        case 3: isLabel("tcp", at: offset) || isLabel("udp", at: offset)
        case 4:
            isUnderscored(offset) && (isTail("tcp", at: offset) || isTail("udp", at: offset))
                || isLabel("sctp", at: offset)
        case 5: isUnderscored(offset) && isTail("sctp", at: offset)
        default: false
        }
    }

    private func isUnderscored(_ offset: Int) -> Bool { self[offset + 1] == UInt8(ascii: "_") }

    private func isTail(_ text: StaticString, at offset: Int) -> Bool {
        for index in 0..<text.utf8CodeUnitCount {
            let octet = unsafe text.utf8Start[index]
            guard self[offset + 2 + index] | 0x20 == octet else { return false }
        }
        return true
    }

    /// Copies a label, with an underscore in front where it has none; where the copy ends.
    fileprivate func copyUnderscored(_ source: Int, to other: MessageBytes, at start: Int) -> Int {
        let length = Int(self[source])
        let added = isUnderscored(source) ? 0 : 1
        other.store8(UInt8(length + added), at: start)
        if added > 0 { other.store8(UInt8(ascii: "_"), at: start + 1) }
        other.copy(self, from: source + 1, byteCount: length, to: start + 1 + added)
        return start + 1 + added + length
    }
}
