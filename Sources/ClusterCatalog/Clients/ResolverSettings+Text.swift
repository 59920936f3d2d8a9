extension ResolverSettings {
    /// The lines of a resolv.conf, as container runtimes write it.
    public var resolvConf: String {
        var lines: [String] = []
        if !searches.isEmpty { lines.append("search " + searches.joined(separator: " ")) }
        lines += nameservers.map { "nameserver " + $0 }
        if !options.isEmpty { lines.append("options " + options.joined(separator: " ")) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// A fragment of a Pod's spec, YAML, that gives these settings whatever the node's kubelet would do.
    public var podSpec: String {
        var lines = ["dnsPolicy: \"None\"", "dnsConfig:"]
        lines += list("nameservers", nameservers)
        lines += list("searches", searches.map { $0.lowercased() })
        if !options.isEmpty { lines.append("  options:") }
        for option in options {
            let parts = option.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            lines.append("    - name: " + quoted(String(parts[0])))
            if parts.count == 2 { lines.append("      value: " + quoted(String(parts[1]))) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func list(_ key: String, _ words: [String]) -> [String] {
        words.isEmpty ? [] : ["  \(key):"] + words.map { "    - " + quoted($0) }
    }

    /// The object `dns` of a CNI result (CNI 1.0.0 §5). `domain` is left out: `search` says more.
    public var cni: String {
        let lists = [("nameservers", nameservers), ("search", searches), ("options", options)]
        let lines = lists.filter { !$0.1.isEmpty }.map { key, words in
            "  \(quoted(key)): [" + words.map(quoted).joined(separator: ", ") + "]"
        }
        return lines.isEmpty ? "{}\n" : "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    }

    /// A JSON string, which YAML reads as well (RFC 8259 §7).
    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}":
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
