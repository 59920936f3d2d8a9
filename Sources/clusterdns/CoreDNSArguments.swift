/// CoreDNS's command line in our words, so that manifests which start `coredns -conf /etc/coredns/Corefile` need another
/// image and nothing else.
///
/// CoreDNS has flags and no commands: a line that begins with a flag means `serve`, unless it asks for something that is
/// printed. Go takes one dash as two, and a value behind "=" or as the next word.
func withoutCoreDNSFlags(_ arguments: [String]) -> [String] {
    guard let first = arguments.first else { return [] }
    if first == "serve" { return ["serve"] + translated(arguments.dropFirst()) }
    guard first.hasPrefix("-"), !ownFlags.contains(first) else { return arguments }
    let words = translated(arguments[...])
    if words.contains("--version") { return ["--version"] }
    if words.contains("--plugins") { return ["plugins"] }
    return ["serve"] + words
}

/// What stands before a command already.
private let ownFlags: Set = ["-h", "-help", "--help", "--version", "--generate-completion-script"]

/// What CoreDNS calls its flags, and what we call them; `hasValue` is false for those that stand alone.
private let flags: [String: (name: String, hasValue: Bool)] = [
    "conf": ("--config", true),
    "dns.port": ("--dns-port", true),
    "p": ("--dns-port", true),
    "pidfile": ("--pidfile", true),
    "quiet": ("--quiet", false),
    "version": ("--version", false),
    "plugins": ("--plugins", false),
]

private func translated(_ arguments: ArraySlice<String>) -> [String] {
    var words: [String] = []
    var rest = arguments
    while let argument = rest.popFirst() {
        // What stands behind "--" is no flag.
        guard argument != "--" else { return words + [argument] + rest }
        let name = argument.drop { $0 == "-" }
        let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard argument.hasPrefix("-"), let written = parts.first, let flag = flags[written] else {
            words.append(argument)
            continue
        }
        if flag.hasValue {
            words.append(flag.name)
            // A value may look like a flag; ours is not asked.
            if parts.count == 2 { words.append(parts[1]) } else if let value = rest.popFirst() { words.append(value) }
        } else if parts.count == 1 || parts[1] != "false" {
            words.append(flag.name)
        }
    }
    return words
}
