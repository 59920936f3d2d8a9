import LinuxIO
public import SourceText

/// A Pod and how the file calls it.
private typealias Found = (pod: PodDNS, title: PlacedText)

extension PodDNS {
    /// Reads the one Pod, or workload with a Pod template, of a manifest; other objects in the file are passed over.
    ///
    /// - Returns: nil when something is wrong, which `diagnostics` then say, all of it at once.
    public static func read(path: String) -> (pod: PodDNS?, diagnostics: [Diagnostic]) {
        let place = SourceLocation(file: path, line: 1)
        let file: FileBytes
        do throws(ReadFailure) {
            file = try FileBytes.read(path, byteCountLimit: 16 << 20)
        } catch {
            return (nil, [Diagnostic(.error, at: place, error.sentence(missing: "there is no such manifest"))])
        }
        var decoder = ObjectDecoder(SourceFile(path: path), piece: -1, firstLine: 1, Interner())
        var found: [Found] = []
        let text = unsafe cut(file.bytes, as: TextFormat(fileName: path) ?? .yaml)
        unsafe DocumentReader().read(
            text.pieces, of: file.bytes, cut: text, into: Document(),
            found: { value, _ in decoder.collect(value, file: path, &found) },
            problem: { problem, _ in decoder.fail(problem) })
        let problems = decoder.result.diagnostics
        guard problems.isEmpty else { return (nil, problems) }
        guard let first = found.first else {
            let remedy = "a Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob is wanted"
            return (nil, [Diagnostic(.error, at: place, "there is no Pod in this file; \(remedy)")])
        }
        guard found.count == 1 else {
            let titles = found.dropFirst().map { "\($0.title.text) (line \($0.title.location.line))" }
            let sentence = "\(first.title.text) is not the only one here: \(titles.joined(separator: ", ")); "
            return (nil, [Diagnostic(.error, at: first.title.location, sentence + "put it into a file of its own")])
        }
        return (first.pod, [])
    }
}

extension ReadFailure {
    func sentence(missing: String) -> String {
        switch self {
        case .missing: "\(missing); correct the path"
        case .changing: "is being written; try again"
        case .refused(let reason): reason
        }
    }
}

extension ObjectDecoder {
    /// The mappings that lead to the Pod's spec, for each kind that has one.
    private static let paths: [(kind: StaticString, path: [StaticString])] = [
        ("Pod", []),
        ("PodTemplate", ["template"]),
        ("Deployment", ["spec", "template"]),
        ("StatefulSet", ["spec", "template"]),
        ("DaemonSet", ["spec", "template"]),
        ("ReplicaSet", ["spec", "template"]),
        ("ReplicationController", ["spec", "template"]),
        ("Job", ["spec", "template"]),
        ("CronJob", ["spec", "jobTemplate", "spec", "template"]),
    ]

    /// Adds the Pods of a document and of the elements of a list.
    fileprivate mutating func collect(_ object: Value, file: String, _ found: inout [Found]) {
        guard let kind = object["kind"]?.string else { return }
        if kind.hasSuffix("List") {
            for item in elements(object["items"], "items") { collect(item, file: file, &found) }
        }
        guard let path = Self.paths.first(where: { kind == $0.kind.description })?.path else { return }
        let metadata = mapping(object["metadata"], "metadata")
        var spec = object
        for step in path + ["spec"] {
            guard let next = mapping(spec[step], step) else {
                if present(spec[step]) == nil { error(at: spec, "\(kind) has no \(step); write one") }
                return
            }
            spec = next
        }
        let here = SourceLocation(file: file, line: object.line, column: object.column)
        var pod = PodDNS(at: here)
        read(spec, file, into: &pod)
        if let value = metadata?["namespace"], let name = name(value, "metadata.namespace", .label) {
            pod.namespace = placed(name, value, file)
        }
        let name = metadata?["name"]?.string ?? ""
        found.append((pod, PlacedText(name.isEmpty ? kind : "\(kind) \(name)", at: here)))
    }

    private func placed(_ text: String, _ value: Value, _ file: String) -> PlacedText {
        PlacedText(text, at: SourceLocation(file: file, line: value.line, column: value.column))
    }

    private mutating func read(_ spec: Value, _ file: String, into pod: inout PodDNS) {
        pod.usesHostNetwork = boolean(spec["hostNetwork"], "spec.hostNetwork") ?? false
        if let value = present(spec["dnsPolicy"]), let text = string(value, "spec.dnsPolicy"), !text.isEmpty {
            pod.policyLocation = placed(text, value, file).location
            if let policy = PodDNS.Policy(rawValue: text) {
                pod.policy = policy
            } else {
                let known = PodDNS.Policy.allCases.map(\.rawValue).joined(separator: ", ")
                error(at: value, "spec.dnsPolicy must be one of \(known), not \(value.quoted)")
            }
        }
        if let config = mapping(spec["dnsConfig"], "spec.dnsConfig") {
            pod.nameservers = nameservers(config["nameservers"], file)
            pod.searches = searches(config["searches"], file)
            pod.options = options(config["options"], file)
        }
        if pod.policy == .none, pod.nameservers.isEmpty, !result.isBroken {
            let value = present(spec["dnsPolicy"]) ?? spec
            error(at: value, "spec.dnsPolicy None needs spec.dnsConfig.nameservers with one address at least")
        }
    }

    private mutating func nameservers(_ value: Value?, _ file: String) -> [PlacedText] {
        let path: StaticString = "spec.dnsConfig.nameservers"
        let values = Array(elements(value, path))
        if values.count > ResolverLimit.nameservers {
            error(
                at: values[ResolverLimit.nameservers], "\(path) may have 3 addresses, not \(values.count); remove some")
        }
        return values.compactMap { value in address(value, path).map { _ in placed(value.text, value, file) } }
    }

    private mutating func searches(_ value: Value?, _ file: String) -> [PlacedText] {
        let path: StaticString = "spec.dnsConfig.searches"
        let values = Array(elements(value, path))
        if values.count > ResolverLimit.searches {
            error(at: values[ResolverLimit.searches], "\(path) may have 32 paths, not \(values.count); remove some")
        }
        let found = values.compactMap { value in string(value, "\(path)").map { placed($0, value, file) } }
        for (value, search) in zip(values, found) where !NameRule.isSearchPath(search.text) {
            error(
                at: value,
                "\(path) must hold domain names in lower case, at most 253 letters, digits, hyphens, underscores and "
                    + "dots, or \".\", not \(value.quoted)")
        }
        let octets = found.reduce(found.count - 1) { $0 + $1.text.utf8.count }
        if octets > ResolverLimit.searchOctets, let value {
            error(at: value, "\(path) may have 2048 characters with the spaces between them, not \(octets)")
        }
        return found
    }

    private mutating func options(_ value: Value?, _ file: String) -> [PlacedText] {
        var found: [PlacedText] = []
        for option in mappings(value, "spec.dnsConfig.options") {
            guard let name = string(option["name"], "spec.dnsConfig.options[].name"), !name.isEmpty else {
                error(at: option, "every element of spec.dnsConfig.options needs a name, such as ndots")
                continue
            }
            let value = string(option["value"], "spec.dnsConfig.options[].value") ?? ""
            found.append(placed(value.isEmpty ? name : "\(name):\(value)", option, file))
        }
        return found
    }
}

extension NameRule {
    /// Labels of lower-case letters, digits, `-` and `_`, a hyphen at no end, a final dot or none; or the root alone
    /// (KEP-4427).
    static func isSearchPath(_ text: String) -> Bool {
        guard text != "." else { return true }
        let name = text.hasSuffix(".") ? text.dropLast() : text[...]
        // An underscore may stand wherever a letter may.
        let octets = name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "x") : $0 }
        return isSubdomain(octets.span)
    }
}
