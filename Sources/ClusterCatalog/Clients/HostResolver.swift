public import SourceText

/// A node's resolv.conf as the kubelet reads it: `nameserver` lines add up, `options` too, each name once; of `search`
/// the last line counts.
public struct HostResolver: Equatable, Sendable {
    public var nameservers: [PlacedText] = []
    public var searches: [PlacedText] = []
    public var options: [PlacedText] = []
    /// False for a kubelet with an empty `--resolv-conf`: its Pods get no settings from the node.
    public var isThere = true

    /// A node whose kubelet reads no file.
    public static let nowhere = {
        var host = HostResolver()
        host.isThere = false
        return host
    }()

    public init() {}

    /// - Throws: a `Diagnostic` when the file cannot be read: no Pod starts on such a node.
    /// - Parameter problems: gets everything that is wrong with the lines of the file.
    public static func read(path: String, reporting problems: inout [Diagnostic]) throws(Diagnostic) -> HostResolver {
        let file: FileBytes
        do throws(ReadFailure) {
            file = try FileBytes.read(path, byteCountLimit: 1 << 20)
        } catch {
            let text = error.sentence(missing: "the node's resolv.conf does not exist")
            throw Diagnostic(.error, at: SourceLocation(file: path, line: 1), text)
        }
        return HostResolver(unsafe String(decoding: file.bytes, as: UTF8.self), file: path, reporting: &problems)
    }

    /// - Parameter file: the path, for the sentences.
    public init(_ text: String, file: String, reporting problems: inout [Diagnostic]) {
        var domain: PlacedText?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = words(of: line, file: file, line: index + 1)
            guard let first = words.first, !first.text.hasPrefix("#") else { continue }
            let rest = Array(words.dropFirst())
            switch first.text {
            case "nameserver": add(rest.first, to: first, &problems)
            case "search": searches = rest.map(Self.trimmed)
            case "options": for option in rest { options.put(option: option) }
            case "domain": domain = first
            default: break
            }
        }
        if let domain, searches.isEmpty {
            problems.append(
                Diagnostic(
                    .warning, at: domain.location, "the kubelet passes over \"domain\"; write \"search\" instead"))
        }
    }

    private mutating func add(_ address: PlacedText?, to word: PlacedText, _ problems: inout [Diagnostic]) {
        guard let address else {
            return problems.append(
                Diagnostic(.error, at: word.location, "nameserver needs an address; with none here no Pod starts"))
        }
        nameservers.append(address)
    }

    /// The same domain with and without its final dot counts once; the root stays.
    private static func trimmed(_ word: PlacedText) -> PlacedText {
        guard word.text.count > 1, word.text.hasSuffix(".") else { return word }
        return PlacedText(String(word.text.dropLast()), at: word.location)
    }
}

/// What stands between blanks, with its column.
private func words(of line: Substring, file: String, line number: Int) -> [PlacedText] {
    var found: [PlacedText] = []
    var column = 1
    for part in line.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace) {
        if !part.isEmpty {
            found.append(PlacedText(String(part), at: SourceLocation(file: file, line: number, column: column)))
        }
        column += part.count + 1
    }
    return found
}
