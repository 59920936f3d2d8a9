import LinuxIO
import Testing

/// A program that looks names up, and how to read what it says.
struct Client: Sendable, CustomTestStringConvertible {
    typealias Lookup = ClientTests.Lookup

    /// How much of what there is it gives to its caller.
    enum Extent: Sendable {
        case everything
        /// What fits into a datagram of 512 octets: musl before 1.2.4 and busybox never ask again over TCP.
        case oneDatagram
        /// The address that it speaks to.
        case one
    }

    /// To which names it applies the search path of resolv.conf; others it is asked for spelled out.
    enum Search: Sendable { case all, thoseWithoutDots, none }

    enum Families: Sendable { case both, ipv4, ipv6First }

    let testDescription: String
    let tool: String
    var kinds: Set<Lookup.Kind>
    var families = Families.both
    var extent = Extent.everything
    var search = Search.all
    let way: @Sendable ([Lookup], ClientPod.Site) async throws -> [[String]]

    var isInstalled: Bool { Tool.exists(tool) }

    /// What it found, in the order of the questions.
    func ask(_ lookups: [Lookup], _ site: ClientPod.Site) async throws -> [[String]] {
        let found = try await way(lookups.map { searches($0) ? $0 : $0.spelledOut }, site)
        return found.map { words in Set(words.map(Self.canonical)).sorted() }
    }

    func searches(_ lookup: Lookup) -> Bool {
        switch search {
        case .all: true
        case .thoseWithoutDots: !lookup.name.contains(".")
        case .none: false
        }
    }

    func accepts(_ found: [String], for all: [String]) -> Bool {
        let wanted = Set(seen(all))
        switch extent {
        case .one where !wanted.isEmpty: return found.count == 1 && wanted.isSuperset(of: found)
        case .oneDatagram where wanted.count > 25: return found.count >= 25 && wanted.isSuperset(of: found)
        default: return Set(found) == wanted
        }
    }

    private func seen(_ all: [String]) -> [String] {
        let isIPv6: (String) -> Bool = { IPAddress($0) != nil && $0.contains(":") }
        switch families {
        case .both: return all
        case .ipv4: return all.filter { !isIPv6($0) }
        case .ipv6First: return all.contains(where: isIPv6) ? all.filter(isIPv6) : all
        }
    }

    /// Addresses as we write them; names without their final dot.
    private static func canonical(_ word: String) -> String {
        if let address = IPAddress(word) { return "\(address)" }
        return word.hasSuffix(".") ? String(word.dropLast()) : word
    }
}

extension ClientTests.Lookup {
    fileprivate var spelledOut: Self { Self(about, kind, whole, finds: found) }
}

// MARK: - The programs

extension Client {
    /// Those of the Makefile's TEST_PACKAGES.
    static let installedForTests = [
        each("getent ahosts", "getent", [.addresses], { ["getent", "ahosts", $0.name] }, firstWords),
        each("getent hosts", "getent", [.addresses, .pointer], { ["getent", "hosts", $0.name] }, hosts)
            .with { $0.families = .ipv6First },
        musl,
        each("busybox nslookup", "busybox", [.addresses, .pointer, .service], busyboxWords, busyboxText)
            .with {
                $0.search = .thoseWithoutDots
                $0.extent = .oneDatagram
            },
        each(
            "dig", "dig", [.addresses, .pointer, .service],
            { toolWords("dig +short +tries=1 +timeout=30 +search", $0) }, shortText),
        each("drill", "drill", [.addresses, .pointer, .service], { toolWords("drill -a -Q", $0) }, shortText)
            .with { $0.search = .none },
        each("kdig", "kdig", [.addresses, .pointer, .service], { toolWords("kdig +short +timeout=30", $0) }, shortText)
            .with { $0.search = .none },
        each("curl", "curl", [.addresses], curlWords, { text, _ in splitWords(text) }).with { $0.extent = .one },
        driver("Python", "python3", [.addresses, .pointer], ["python3", "lookup.py"]),
    ]

    static let node = [
        driver("Node through the C library", "node", [.addresses], ["node", "lookup.js"]),
        driver("Node by itself", "node", [.addresses, .pointer, .service], ["node", "lookup.js", "--by-itself"])
            .with { $0.search = .none },
    ]

    static let java = driver("Java", "java", [.addresses, .pointer, .service], ["java", "Lookup.java"])

    /// A tool that is started once for each question, and once more for another type of record.
    private static func each(
        _ name: String, _ tool: String, _ kinds: Set<Lookup.Kind>,
        _ words: @escaping @Sendable (Lookup) -> [[String]], _ read: @escaping @Sendable (String, Lookup) -> [String]
    ) -> Client {
        Client(testDescription: name, tool: tool, kinds: kinds) { lookups, site in
            var found: [[String]] = []
            for lookup in lookups {
                var texts = ""
                for run in words(lookup) {
                    texts += try await Program.run(site.pod.inside + run).output
                }
                found.append(read(texts, lookup))
            }
            return found
        }
    }

    private static func each(
        _ name: String, _ tool: String, _ kinds: Set<Lookup.Kind>,
        _ words: @escaping @Sendable (Lookup) -> [String], _ read: @escaping @Sendable (String, Lookup) -> [String]
    ) -> Client {
        each(name, tool, kinds, { [words($0)] }, read)
    }

    /// A program of ours in Resources that takes all questions at once: a line for each, what was found or "not found".
    private static func driver(_ name: String, _ tool: String, _ kinds: Set<Lookup.Kind>, _ words: [String]) -> Client {
        Client(testDescription: name, tool: tool, kinds: kinds) { lookups, site in
            let run = words.map {
                $0.hasPrefix("lookup.") || $0.hasPrefix("Lookup.") ? "\(ClientPod.resources)/\($0)" : $0
            }
            let questions = lookups.flatMap { [$0.kind.rawValue, $0.name] }
            let exit = try await Program.run(site.pod.inside + run + questions)
            let lines = exit.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            guard lines.count == lookups.count else { throw Trouble("\(name): \(exit.output)\(exit.errors)") }
            return lines.map { $0 == "not found" ? [] : splitWords($0) }
        }
    }

    private static let musl = Client(
        testDescription: "musl", tool: "musl-gcc", kinds: [.addresses], families: .ipv4, extent: .oneDatagram
    ) { lookups, site in
        var found: [[String]] = []
        for lookup in lookups {
            let exit = try await Program.run(site.pod.inside + [site.musl, lookup.name])
            found.append(exit.output == "Name does not resolve\n" ? [] : splitWords(exit.output))
        }
        return found
    }

    private func with(_ change: (inout Client) -> Void) -> Client {
        var changed = self
        change(&changed)
        return changed
    }
}

// MARK: - Their words

private func busyboxWords(_ lookup: Client.Lookup) -> [String] {
    ["busybox", "nslookup"] + (lookup.kind == .service ? ["-type=srv"] : []) + [lookup.name]
}

private func toolWords(_ tool: String, _ lookup: Client.Lookup) -> [[String]] {
    let start = splitWords(tool)
    switch lookup.kind {
    case .addresses: return ["A", "AAAA"].map { start + [lookup.name, $0] }
    case .pointer: return [start + ["-x", lookup.name]]
    case .service: return [start + [lookup.name, "SRV"]]
    }
}

/// Writes nothing but the address, when the server's page of health came from there.
private func curlWords(_ lookup: Client.Lookup) -> [String] {
    [
        "curl", "--silent", "--fail", "--output", "/dev/null", "--write-out", "%{remote_ip}",
        "http://\(lookup.name):8080/health",
    ]
}

// MARK: - Reading what they say

private func splitWords(_ text: some StringProtocol) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map { String($0) }
}

private func firstWords(_ text: String, _ lookup: Client.Lookup) -> [String] {
    text.split(separator: "\n").compactMap { splitWords($0).first }
}

private func hosts(_ text: String, _ lookup: Client.Lookup) -> [String] {
    text.split(separator: "\n").compactMap { line in
        let words = splitWords(line)
        return lookup.kind == .pointer ? words.dropFirst().first : words.first
    }
}

/// What dig, drill and kdig write when they shall be short: the data of records alone.
private func shortText(_ text: String, _ lookup: Client.Lookup) -> [String] {
    text.split(separator: "\n").filter { !$0.hasPrefix(";") }.compactMap { line in
        let words = splitWords(line)
        switch lookup.kind {
        // A name between addresses is what an alias leads to.
        case .addresses: return words.first { IPAddress($0) != nil }
        case .pointer: return words.first
        case .service: return words.count == 4 ? "\(words[2]):\(words[3])" : nil
        }
    }
}

private func busyboxText(_ text: String, _ lookup: Client.Lookup) -> [String] {
    text.split(separator: "\n").compactMap { line in
        let words = splitWords(line.replacing("\t", with: " "))
        switch lookup.kind {
        // The server's own address stands behind a tab.
        case .addresses: return line.hasPrefix("Address: ") ? words.last : nil
        case .pointer: return line.contains("\tname = ") ? words.last : nil
        case .service:
            return line.contains("\tservice = ") ? "\(words[words.count - 2]):\(words[words.count - 1])" : nil
        }
    }
}
