import ClusterCatalog
import SourceText

extension Plugin {
    static let kubernetes = Plugin(
        "kubernetes", "[ZONES…]",
        "Answers the names of Services, endpoints and Pods in its zones, by default those of its server block.",
        options: KubernetesSettings.properties
    ) { directive, block, reading in
        let zones = directive.arguments.isEmpty ? block.zones : reading.zones(directive.arguments)
        var settings = KubernetesSettings(zones: zones, catalog: [], at: directive.location)
        reading.options(of: directive, into: &settings, by: KubernetesSettings.properties)
        settings.check(directive, blockZones: block.zones, &reading)
        guard zones.count <= largestZoneCount else {
            return reading.error(
                directive.name,
                "kubernetes has \(zones.count) zones here, more than \(largestZoneCount); "
                    + "use shorter prefixes, such as 10.0.0.0/8 for many of 10.x, or several server blocks")
        }
        block.kubernetes = settings
    }
}

/// A compiled table numbers its zones with one octet, and keeps one number for hosts of Ingresses.
private let largestZoneCount = 250

extension KubernetesSettings {
    static let properties: [Property<KubernetesSettings>] = [
        catalogProperty,
        namespacesProperty,
        .selector(
            "namespace_labels", \.namespaceLabels,
            "only namespaces with such labels exist; not together with namespaces"),
        .selector("labels", \.labels, "only Services, EndpointSlices and Pods with such labels count"),
        .choice(
            "pods", \.pods,
            "names made of pod addresses: none (the default), every address, or addresses that a Pod has"),
        .flag("endpoint_pod_names", \.usesPodNames, "endpoints without a hostname take the name of their Pod"),
        .number("ttl", "SECONDS", in: 0...3600, \.ttl, "how long answers may be kept, 0–3600; 5 by default"),
        .flag("noendpoints", \.servesEndpoints, is: false, "endpoint names and headless Services do not exist"),
        ignoreProperty,
        .zones(
            "fallthrough", \.fallthroughZones,
            "missing names in these zones go to the next plugin; without zones: in all"),
        .duration("startup_timeout", \.startupTimeout, "how long starting waits for the catalog; 5s by default"),
        .refused("endpoint", "name the objects with a line such as \"catalog /etc/clusterdns/catalog.yaml\" instead"),
        .refused("tls", "it belongs to endpoint; remove the line"),
        .refused("kubeconfig", "name the objects with a line such as \"catalog /etc/clusterdns/catalog.yaml\" instead"),
        .refused("apiserver_qps", "no API server is asked; remove the line"),
        .refused("apiserver_burst", "no API server is asked; remove the line"),
        .refused("apiserver_max_inflight", "no API server is asked; remove the line"),
        .refused("resyncperiod", "the catalog is watched all the time; remove the line"),
        .refused("multicluster", "remove the line, and its zones from this plugin"),
        .refused("zonal", "remove the line; names with _zone do not exist"),
        .refused("transfer", "zone transfers are refused; remove the line"),
        .refused("upstream", "external names are followed through the whole Corefile; remove the line"),
    ]

    private static let catalogProperty = Property<KubernetesSettings>(
        name: "catalog", syntax: "PATH",
        meaning: "a file or folder with Kubernetes objects, from the folder of the Corefile; "
            + "at least one", isRepeatable: true
    ) { option, settings, reading in
        guard let path = reading.arguments(of: option, count: 1...1, syntax: "catalog PATH")?.first else { return }
        guard !path.text.isEmpty else { return reading.error(path, "this path is empty; write \"catalog PATH\"") }
        let whole = reading.path(path)
        guard !settings.catalog.contains(whole) else {
            return reading.warning(path, "\"\(whole)\" is named twice; remove this line")
        }
        settings.catalog.append(whole)
    }

    private static let namespacesProperty = Property<KubernetesSettings>(
        name: "namespaces", syntax: "NAMESPACE…", meaning: "only these namespaces exist", isRepeatable: true
    ) { option, settings, reading in
        guard let names = reading.arguments(of: option, count: 1...Int.max, syntax: "namespaces NAMESPACE…") else {
            return
        }
        for name in names where !settings.namespaces.contains(name.text) {
            guard isNamespace(name.text) else {
                let rule = "names have 1–63 lower-case letters, digits and hyphens"
                reading.error(name, "\"\(name.text)\" is no namespace; \(rule)")
                continue
            }
            settings.namespaces.append(name.text)
        }
    }

    private static let ignoreProperty = Property<KubernetesSettings>.argument(
        "ignore", "empty_service", "Services with a cluster IP but without a ready endpoint do not exist"
    ) { word, settings, reading in
        guard word.text == "empty_service" else {
            return reading.error(
                word,
                "ignore knows only empty_service, not \"\(word.text)\""
                    + suggestion(for: word.text, among: ["empty_service"]))
        }
        settings.ignoresEmptyServices = true
    }

    /// What no option can tell alone.
    fileprivate func check(_ directive: Corefile.Directive, blockZones: [String], _ reading: inout Reading) {
        let options = directive.block ?? []
        if !options.contains(where: { $0.name.text == "catalog" }) {
            reading.error(
                directive.name,
                "kubernetes needs a catalog; add a line such as \"catalog /etc/clusterdns/catalog.yaml\" to its block, "
                    + "a file or folder with Kubernetes objects")
        }
        if let labels = options.last(where: { $0.name.text == "namespace_labels" }),
            options.contains(where: { $0.name.text == "namespaces" })
        {
            reading.error(labels.name, "namespaces and namespace_labels exclude each other; remove one of them")
        }
        if !zones.isEmpty, zones.allSatisfy(isReverseZone) {
            let zones = listed(zones, joinedBy: "and")
            reading.error(
                directive.arguments.first ?? directive.name,
                "kubernetes needs a forward zone besides \(zones), such as cluster.local; pointers lead there")
        }
        for token in directive.arguments { reading.warnIfOutside(token, of: blockZones) }
    }
}

/// The name of a Namespace object (RFC 1123 §2.1).
private func isNamespace(_ name: String) -> Bool {
    let bytes = name.utf8
    guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-") else {
        return false
    }
    return bytes.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
            || $0 == UInt8(ascii: "-")
    }
}
