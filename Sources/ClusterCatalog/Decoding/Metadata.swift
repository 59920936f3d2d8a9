import SourceText

/// What every object says about itself, as far as we need it.
struct Metadata {
    var name: ObjectName
    var origin: Origin
    /// Without `kubernetes.io/service-name`.
    var labels: Labels
    /// The label `kubernetes.io/service-name`.
    var serviceName: Value?
    var annotations: Value?
    var creation: Value?
    var isBeingDeleted: Bool
}

extension ObjectDecoder {
    /// Nil after saying why there is none.
    mutating func metadata(of object: Value, _ kind: ObjectKind, _ form: NameForm) -> Metadata? {
        guard let metadata = mapping(object["metadata"], "metadata") else {
            if present(object["metadata"]) == nil { error(at: object, "metadata is missing; write metadata.name") }
            return nil
        }
        let namespace = kind.isNamespaced ? name(metadata["namespace"], "metadata.namespace", .label) ?? "default" : ""
        guard let name = objectName(metadata, form) else { return nil }
        var serviceName: Value?
        let labels = labels(metadata["labels"], "metadata.labels") { key, value in
            guard key.equals("kubernetes.io/service-name") else { return true }
            serviceName = value
            return kind != .endpointSlice
        }
        return Metadata(
            name: ObjectName(namespace: namespace, name: name), origin: origin(of: object),
            labels: labels,
            serviceName: serviceName, annotations: mapping(metadata["annotations"], "metadata.annotations"),
            creation: present(metadata["creationTimestamp"]),
            isBeingDeleted: present(metadata["deletionTimestamp"]) != nil)
    }

    private mutating func objectName(_ metadata: Value, _ form: NameForm) -> String? {
        if let value = present(metadata["name"]), !value.equals("") { return name(value, "metadata.name", form) }
        if present(metadata["generateName"]) != nil {
            error(at: metadata, "metadata.generateName needs an API server that makes a name; write metadata.name")
        } else {
            error(at: metadata, "metadata.name is missing; write one")
        }
        return nil
    }

    /// - Parameter isKept: asked for every pair; what it denies is checked and dropped.
    mutating func labels(
        _ value: Value?, _ path: StaticString, _ isKept: (_ key: Value, _ value: Value) -> Bool = { _, _ in true }
    ) -> Labels {
        guard let value = mapping(value, path) else { return [:] }
        var labels: [Label] = []
        let count = value.count
        var isSorted = true
        for (key, value) in value.members {
            guard let label = label(key, value, path), isKept(key, value) else { continue }
            if let last = labels.last {
                isSorted = isSorted && last.key < label.key
            } else {
                labels.reserveCapacity(count)
            }
            labels.append(label)
        }
        // Manifests mostly list their labels in order.
        return isSorted ? Labels(sorted: labels) : Labels(labels)
    }

    private mutating func label(_ key: Value, _ value: Value, _ path: StaticString) -> Label? {
        guard key.isText(NameRule.isLabelKey) else {
            error(
                at: key,
                "\(path) has the key \(key.quoted); a key is 1 to 63 letters, digits, \"-\", \"_\" or "
                    + "\".\", with a DNS name and \"/\" before it if need be"
            )
            return nil
        }
        guard !value.isNull else { return Label(key: interner.text(of: key), value: "") }
        guard let value = text(value, "\(path).\(key.text)") else { return nil }
        guard value.isText(NameRule.isLabelValue) else {
            error(
                at: value,
                "\(path).\(key.text) must be at most 63 letters, digits, \"-\", \"_\" or \".\", a letter or "
                    + "digit at both ends, not \(value.quoted)"
            )
            return nil
        }
        return Label(key: interner.text(of: key), value: interner.text(of: value))
    }
}

extension Metadata {
    /// Whether an annotation is there with the value "true".
    func isAnnotated(_ key: StaticString) -> Bool { annotations?[key]?.equals("true") ?? false }
}
