public import LinuxIO
public import SourceText

/// What a resolver's configuration file says (resolv.conf(5)), each word with its line.
///
/// Nothing in it is an error by itself: the C library passes over what it does not know, and so do we, with a warning.
public struct ResolvConf: Hashable, Sendable {
    /// A line `nameserver ADDRESS`.
    public struct Server: Hashable, Sendable {
        public let address: IPAddress
        /// Where the address is written.
        public let location: SourceLocation
    }

    /// A word and where it is written.
    public struct Word: Hashable, Sendable {
        public let text: String
        public let location: SourceLocation
    }

    /// In the order of the file; all of them, although the C library asks only the first three.
    public private(set) var servers: [Server] = []
    /// What is put behind short names: the last `search` or `domain` line counts.
    public private(set) var search: [Word] = []
    /// From how many dots on a name is asked for as it is, before the search list: 0–15, 1 by default.
    public private(set) var ndots = 1
    /// The words of all `options` lines, `ndots:5` among them.
    public private(set) var options: [Word] = []
    /// Lines that mean nothing: warnings.
    public private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter file: the path, for places.
    public init(_ text: String, file: String) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            read(words(of: line, file: file, line: index + 1))
        }
    }

    private func words(of line: Substring, file: String, line number: Int) -> [Word] {
        var words: [Word] = []
        var column = 1
        for part in line.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace) {
            if !part.isEmpty {
                words.append(
                    Word(text: String(part), location: SourceLocation(file: file, line: number, column: column)))
            }
            column += part.count + 1
        }
        return words
    }

    private mutating func read(_ words: [Word]) {
        guard let first = words.first, !first.text.hasPrefix("#"), !first.text.hasPrefix(";") else { return }
        let rest = Array(words.dropFirst())
        switch first.text {
        case "nameserver": addServer(first, rest)
        case "search": search = rest
        case "domain": search = Array(rest.prefix(1))
        case "options": addOptions(rest)
        case "sortlist": break
        default:
            warn(first, "\"\(first.text)\" is no word of resolv.conf; this line is passed over" + meant(first.text))
        }
    }

    private func meant(_ word: String) -> String {
        suggestion(for: word, among: ["nameserver", "search", "domain", "options", "sortlist"])
    }

    private mutating func addServer(_ keyword: Word, _ words: [Word]) {
        guard let word = words.first else {
            return warn(keyword, "an address is missing; write \"nameserver ADDRESS\"")
        }
        if let percent = word.text.firstIndex(of: "%"), IPAddress(String(word.text[..<percent])) != nil {
            let remedy = "write an address without an interface; this line is passed over"
            return warn(word, "\(word.text) is a link-local address, which cannot be asked; \(remedy)")
        }
        guard let address = IPAddress(word.text) else {
            return warn(word, "\"\(word.text)\" is no IP address; this line is passed over")
        }
        servers.append(Server(address: address, location: word.location))
    }

    private mutating func addOptions(_ words: [Word]) {
        options += words
        for word in words where word.text.hasPrefix("ndots:") {
            guard let number = Int(word.text.dropFirst(6)), number >= 0 else {
                warn(word, "ndots must be a whole number, not \"\(word.text.dropFirst(6))\"; this word is passed over")
                continue
            }
            // The C library caps it so.
            ndots = min(number, 15)
        }
    }

    private mutating func warn(_ word: Word, _ text: String) {
        diagnostics.append(Diagnostic(.warning, at: word.location, text))
    }
}
