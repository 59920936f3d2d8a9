import SourceText

extension ObjectPacker {
    /// What an object says about itself, besides its names and labels.
    @safe struct Facts {
        /// The label `kubernetes.io/service-name` of a slice.
        var serviceName: UnsafeRawBufferPointer?
        var annotations = 0
        /// Of `metadata.creationTimestamp`.
        var creation: UInt64?
        var isBeingDeleted = false
    }

    private struct MetadataFields {
        var name = 0
        var namespace = 0
        var labels = 0
        var annotations = 0
        var creation = 0
        var deletion = 0
    }

    /// Begins the object: its names and labels are packed, the labels stay in `labels`.
    mutating func packMetadata(_ nodes: NodeList, _ index: Int, _ kind: ObjectKind) throws(Unusual) -> Facts {
        let fields = try metadataFields(nodes, index)
        guard let name = unsafe try nodes.string(fields.name) else { throw Unusual() }
        let span = unsafe Span<UInt8>(_unsafeBytes: name)
        let isSubdomain = kind == .endpointSlice || kind == .pod
        guard isSubdomain ? NameRule.isSubdomain(span) : NameRule.isLabel(span) else { throw Unusual() }
        let namespace = unsafe kind.isNamespaced ? try nodes.label(fields.namespace) ?? Self.defaultNamespace : nothing
        unsafe writer.begin(name: name, namespace: namespace)

        var facts = Facts()
        labels.clear()
        unsafe facts.serviceName = unsafe try nodes.addLabels(
            fields.labels, to: &labels, isSlice: kind == .endpointSlice)
        labels.write(into: &writer)
        facts.annotations = try nodes.mapping(fields.annotations)
        if nodes.isPresent(fields.creation) {
            guard nodes.isWord(fields.creation),
                let time = unsafe PackedTime.digits(of: nodes.text(of: nodes[fields.creation]))
            else { throw Unusual() }
            facts.creation = time
        }
        facts.isBeingDeleted = nodes.isPresent(fields.deletion)
        if facts.isBeingDeleted, nodes[fields.deletion].kind == .alias { throw Unusual() }
        return facts
    }

    private var nothing: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: nil, count: 0) }

    private static var defaultNamespace: UnsafeRawBufferPointer {
        let text: StaticString = "default"
        return unsafe UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private func metadataFields(_ nodes: NodeList, _ index: Int) throws(Unusual) -> MetadataFields {
        let mapping = try nodes.mapping(index)
        guard mapping != 0 else { throw Unusual() }
        var fields = MetadataFields()
        var pairs = nodes.pairs(of: mapping)
        while let (key, value) = try pairs.next() {
            switch key.length {
            case 4: if nodes.isText(key, "name") { fields.name = value }
            case 6: if nodes.isText(key, "labels") { fields.labels = value }
            case 9: if nodes.isText(key, "namespace") { fields.namespace = value }
            case 11: if nodes.isText(key, "annotations") { fields.annotations = value }
            case 17:
                if nodes.isText(key, "creationTimestamp") { fields.creation = value }
                if nodes.isText(key, "deletionTimestamp") { fields.deletion = value }
            default: break
            }
        }
        return fields
    }
}

extension NodeList {
    /// - Returns: the label `kubernetes.io/service-name` of a slice, which is not among its labels.
    func addLabels(
        _ index: Int, to labels: inout LabelBuffer, isSlice: Bool
    ) throws(Unusual) -> UnsafeRawBufferPointer? {
        let mapping = try mapping(index)
        guard mapping != 0 else { return nil }
        var serviceName = 0
        var pairs = pairs(of: mapping)
        while let (key, value) = try pairs.next() {
            let label = try label(key, value)
            if isSlice, isText(key, "kubernetes.io/service-name") { serviceName = value } else { labels.add(label) }
        }
        return unsafe try label(serviceName)
    }

    private func label(_ key: DocumentNode, _ value: Int) throws(Unusual) -> LabelBuffer.Entry {
        let keyText = unsafe text(of: key)
        let word = unsafe WellKnownWords.number(of: keyText)
        // Every known word but the empty one is a key.
        guard word.map({ $0 > 0 }) ?? (unsafe NameRule.isLabelKey(Span(_unsafeBytes: keyText))) else { throw Unusual() }
        let valueText = unsafe try string(value) ?? UnsafeRawBufferPointer(start: nil, count: 0)
        guard unsafe NameRule.isLabelValue(Span(_unsafeBytes: valueText)) else { throw Unusual() }
        return unsafe LabelBuffer.Entry(key: keyText, value: valueText, word: word)
    }
}
