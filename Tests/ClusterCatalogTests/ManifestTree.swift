import SourceText

/// A manifest that a test changes at random and writes down in several ways.
indirect enum ManifestTree {
    /// As YAML writes it.
    case scalar(String)
    case list([ManifestTree])
    case mapping([(key: String, value: ManifestTree)])

    /// The styles take different ways through the readers.
    enum Style: CaseIterable {
        case block, flow, json

        var format: TextFormat { self == .json ? .json : .yaml }
    }
}

extension ManifestTree: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(stringLiteral text: String) { self = .scalar(text) }
    init(arrayLiteral elements: ManifestTree...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, ManifestTree)...) {
        self = .mapping(elements.map { (key: $0.0, value: $0.1) })
    }
}

// MARK: Ordinary objects

extension ManifestTree {
    static let service: ManifestTree = [
        "apiVersion": "v1", "kind": "Service",
        "metadata": [
            "annotations": ["example.com/note": "hello there", "kubectl.kubernetes.io/last": "'{}'"],
            "creationTimestamp": "\"2025-03-14T09:26:53Z\"",
            "labels": ["app.kubernetes.io/name": "payment-gateway", "zone": "shop", "empty": "\"\"", "tier": "web-1"],
            "name": "payment-gateway", "namespace": "shop", "uid": "6f412c57-5a3e-4c1d-9b7f-000000000087",
        ],
        "spec": [
            "clusterIP": "10.96.0.117", "clusterIPs": ["10.96.0.117", "\"fd00::75\""],
            "ipFamilies": ["IPv4", "IPv6"], "internalTrafficPolicy": "Cluster",
            "ports": [
                ["name": "http", "port": "80", "protocol": "TCP", "targetPort": "8080"],
                ["name": "odd-name", "port": "9090", "protocol": "UDP", "targetPort": "odd-target"],
                ["name": "same", "port": "443", "targetPort": "443"],
            ],
            "selector": ["app.kubernetes.io/name": "payment-gateway"], "type": "LoadBalancer",
        ],
        "status": ["loadBalancer": "{}"],
    ]
    static let sparseService: ManifestTree = [
        "kind": "Service", "apiVersion": "v1", "metadata": ["name": "web", "labels": ["b": "x", "a": "front"]],
        "spec": ["ports": [["port": "53"]], "selector": ["a": "front", "b": "x"]],
    ]
    static let headlessService: ManifestTree = [
        "apiVersion": "v1", "kind": "Service",
        "metadata": [
            "name": "db", "creationTimestamp": "null",
            "annotations": ["service.alpha.kubernetes.io/tolerate-unready-endpoints": "\"true\""],
        ],
        "spec": [
            "clusterIP": "None", "clusterIPs": ["None"], "publishNotReadyAddresses": "true", "type": "ClusterIP",
            "ports": "[]",
        ],
    ]
    static let externalService: ManifestTree = [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "mail", "namespace": "shop"],
        "spec": [
            "type": "ExternalName", "externalName": "mail.example.com", "ports": [["port": "25"]], "clusterIP": "~",
        ],
    ]
    static let pod: ManifestTree = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": "db-0", "namespace": "shop", "labels": ["app": "db"]],
        "spec": [
            "hostname": "db-0", "subdomain": "db",
            "containers": [
                ["name": "db", "ports": [["containerPort": "5432", "name": "sql", "protocol": "TCP"]]],
                ["name": "log", "image": "example.com/log:1"],
                ["name": "web", "ports": [["containerPort": "80"], ["containerPort": "53", "protocol": "UDP"]]],
            ],
        ],
        "status": [
            "conditions": [["type": "Initialized", "status": "\"True\""], ["type": "Ready", "status": "\"True\""]],
            "phase": "Running", "podIP": "10.128.0.9", "podIPs": [["ip": "10.128.0.9"], ["ip": "\"fd00::9\""]],
        ],
    ]
    static let endedPod: ManifestTree = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": "job.1", "deletionTimestamp": "\"2025-03-14T09:26:53Z\""],
        "spec": ["containers": "[]"], "status": ["phase": "Failed", "podIP": "10.128.0.10", "podIPs": "[]"],
    ]
    static let pendingPod: ManifestTree = [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "new"],
        "status": ["phase": "Pending", "podIP": "\"\""],
    ]
    static let slice: ManifestTree = [
        "addressType": "IPv4", "apiVersion": "discovery.k8s.io/v1",
        "endpoints": [
            [
                "addresses": ["10.128.1.64"], "conditions": ["ready": "true", "serving": "true"], "nodeName": "node-0",
                "hostname": "db-0", "targetRef": ["kind": "Pod", "name": "db-0", "namespace": "shop"],
            ],
            ["addresses": ["10.128.1.65", "10.128.1.66"], "conditions": ["ready": "false"]],
        ],
        "kind": "EndpointSlice",
        "metadata": [
            "labels": ["kubernetes.io/service-name": "db", "app": "db", "app.kubernetes.io/part-of": "shop-1"],
            "name": "db-x7k2p", "namespace": "shop",
        ],
        "ports": [["name": "http", "port": "80", "protocol": "TCP"], ["name": "\"\"", "port": "9090"]],
    ]
    static let sparseSlice: ManifestTree = [
        "kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1",
        "metadata": ["name": "web.1", "labels": ["kubernetes.io/service-name": "web"]],
        "endpoints": [["addresses": ["10.0.0.1"]]],
    ]
    static let namespace: ManifestTree = [
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": ["name": "shop", "namespace": "nowhere", "labels": ["kubernetes.io/metadata.name": "shop"]],
    ]
    /// More ports than one octet counts.
    static let wideSlice: ManifestTree = [
        "kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", "addressType": "IPv4",
        "metadata": ["name": "web-7", "labels": ["kubernetes.io/service-name": "web"]],
        "endpoints": [["addresses": ["10.0.0.1"]]],
        "ports": .list((1...300).map { ["name": .scalar("p-\($0)"), "port": .scalar("\($0)")] }),
    ]
    static let sixSlice: ManifestTree = [
        "kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", "addressType": "IPv6",
        "metadata": ["name": "web-6", "namespace": "\"shop\"", "labels": ["kubernetes.io/service-name": "web"]],
        "endpoints": [["addresses": ["\"fd00::1\"", "2001:db8::1"], "conditions": "{}"]], "ports": "~",
    ]
}

// MARK: Changes

extension ManifestTree {
    private static let oddValues: [ManifestTree] = [
        "null", "~", "\"\"", "80", "\"80\"", "080", "0", "65535", "65536", "8e1", "1_0", "0x50", "-1", "+80", "80.0",
        "true", "\"true\"", "'false'", "yes", "on", "None", "\"None\"", "IPv4", "'IPv6'", "FQDN", "10.0.0.1",
        "\"10.0.0.1\"", "010.0.0.1", "fd00::1", "\"::1\"", "Ünï", "\"Ü-ber\"", "web", "Web", "web.shop", "\"-x\"",
        "x-", "db", "db-0-extra", "shop", "payment-gateway-7f9c", "2025-03-14T09:26:53Z", "'2025-03-14T09:26:53Z'",
        "2025-03-14", "2025-03-14T09:26:5xZ", "TCP", "UDP", "\"SCTP\"", "tcp", "Ready", "Pending", "Succeeded",
        "\"True\"", "True", [["ip": "10.0.0.7"]], [["type": "Ready"]], "ExternalName", "ExternalName",
        "NodePort", "http", "mail.example.com", "Mail.Example.com.",
        "\"a\\u0000b\"", "\"\\u00dc\"", "[]", "{}", ["web"], ["a": "b"], ["10.0.0.1"], [["port": "80"]],
        ["kubernetes.io/service-name": "db"], ["ready": "~"], ["name": "Ünï"], ["name": "other-pod"], ["ip": "web"],
        .scalar(String(repeating: "x", count: 63)), .scalar(String(repeating: "x", count: 64)),
        .scalar(String(repeating: "x.y", count: 60)), .list(Array(repeating: "10.0.0.9", count: 130)),
        .list(Array(repeating: ["port": "7"], count: 130)), .mapping((0..<40).map { ("k\(39 - $0)", "v") }),
    ]
    private static let oddKeys = [
        "name", "ready", "port", "ports", "app", "a.b/c", "\"\"", "Ü", "1", "kubernetes.io/service-name", "hostname",
        "addresses", "namespace", "selector", "clusterIP", "clusterIPs", "publishNotReadyAddresses", "externalName",
        "http", "zz", "podIP", "phase", "conditions", "type", "status", "ip", "subdomain", "containerPort",
        "addressType", "targetPort", "deletionTimestamp",
        "service.alpha.kubernetes.io/tolerate-unready-endpoints",
    ]

    /// Changes something, somewhere.
    mutating func change(_ random: inout PropertyTests.Random) {
        switch self {
        case .mapping(var pairs) where !pairs.isEmpty && Int.random(in: 0..<8, using: &random) > 0:
            let index = Int.random(in: 0..<pairs.count, using: &random)
            let odd = Self.oddValues[Int.random(in: 0..<Self.oddValues.count, using: &random)]
            switch Int.random(in: 0..<12, using: &random) {
            case 0: pairs.remove(at: index)
            case 1: pairs.append((Self.oddKeys[Int.random(in: 0..<Self.oddKeys.count, using: &random)], odd))
            // The same key once more.
            case 2: pairs.append((pairs[index].key, odd))
            case 3: pairs.insert((pairs[index].key, odd), at: 0)
            case 4: pairs.shuffle(using: &random)
            default: pairs[index].value.change(&random)
            }
            self = .mapping(pairs)
        case .list(var elements) where !elements.isEmpty && Int.random(in: 0..<6, using: &random) > 0:
            let index = Int.random(in: 0..<elements.count, using: &random)
            if Int.random(in: 0..<4, using: &random) == 0 {
                elements.append(elements[index])
            } else {
                elements[index].change(&random)
            }
            self = .list(elements)
        default:
            self = Self.oddValues[Int.random(in: 0..<Self.oddValues.count, using: &random)]
        }
    }
}

// MARK: Writing

extension ManifestTree {
    /// Chance says how the block style begins its lists.
    func text(_ style: Style, _ random: inout PropertyTests.Random) -> String {
        switch style {
        case .block: block(indent: "", &random)
        case .flow: inline(isJSON: false) + "\n"
        case .json: inline(isJSON: true)
        }
    }

    private func block(indent: String, _ random: inout PropertyTests.Random) -> String {
        switch self {
        case .mapping(let pairs) where !pairs.isEmpty:
            pairs.map { indent + $0.key + ":" + $0.value.blockMember(indent: indent, &random) }.joined()
        case .list(let elements) where !elements.isEmpty:
            elements.map { indent + "-" + $0.blockElement(indent: indent, &random) }.joined()
        default:
            indent + inline(isJSON: false) + "\n"
        }
    }

    private var isBlock: Bool {
        switch self {
        case .mapping(let pairs): !pairs.isEmpty
        case .list(let elements): !elements.isEmpty
        case .scalar: false
        }
    }

    /// What stands behind `key:`. A list need not be indented, and kubectl does not.
    private func blockMember(indent: String, _ random: inout PropertyTests.Random) -> String {
        guard isBlock else { return " " + inline(isJSON: false) + "\n" }
        if case .list = self, Bool.random(using: &random) { return "\n" + block(indent: indent, &random) }
        return "\n" + block(indent: indent + "  ", &random)
    }

    /// What stands behind `-`: on the same line, as kubectl has it, or on lines of its own.
    private func blockElement(indent: String, _ random: inout PropertyTests.Random) -> String {
        guard isBlock else { return " " + inline(isJSON: false) + "\n" }
        let text = block(indent: indent + "  ", &random)
        return Bool.random(using: &random) ? " " + text.dropFirst(indent.utf8.count + 2) : "\n" + text
    }

    private func inline(isJSON: Bool) -> String {
        switch self {
        case .mapping(let pairs):
            "{"
                + pairs.map {
                    (isJSON ? Self.json($0.key, isKey: true) : $0.key) + ": " + $0.value.inline(isJSON: isJSON)
                }.joined(separator: ", ") + "}"
        case .list(let elements): "[" + elements.map { $0.inline(isJSON: isJSON) }.joined(separator: ", ") + "]"
        case .scalar(let text): isJSON ? Self.json(text, isKey: false) : text
        }
    }

    private static func json(_ text: String, isKey: Bool) -> String {
        if text == "~" { return isKey ? "\"~\"" : "null" }
        if text.hasPrefix("\"") || text == "[]" || text == "{}" { return text }
        if text.hasPrefix("'") { return "\"" + text.dropFirst().dropLast() + "\"" }
        let isToken = ["null", "true", "false", "0", "80", "65535", "65536", "8e1", "-1", "80.0"].contains(text)
        let isNumber = text.allSatisfy { ("0"..."9").contains($0) } && !text.hasPrefix("0")
        return !isKey && (isToken || isNumber) ? text : "\"" + text + "\""
    }
}
