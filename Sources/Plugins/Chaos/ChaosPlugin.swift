import SourceText

extension Plugin {
    static let chaos = Plugin(
        "chaos", "[VERSION] [AUTHORS…]",
        "Answers TXT questions of class CH about the server: its version, its authors and its host.",
        options: [Property<NoOptions>]()
    ) { directive, block, reading in
        reading.noOptions(of: directive)
        var settings = ChaosSettings(
            version: "ClusterDNS-\(clusterDNSVersion)", authors: [], at: directive.location)
        for word in directive.arguments where word.text.utf8.count > longestTextByteCount {
            reading.error(
                word,
                "this text has \(word.text.utf8.count) octets; one of DNS has at most \(longestTextByteCount)")
        }
        if let version = directive.arguments.first { settings.version = version.text }
        for author in directive.arguments.dropFirst() where !settings.authors.contains(author.text) {
            settings.authors.append(author.text)
        }
        block.chaos = settings
    }

    /// A character-string (RFC 1035 §3.3).
    private static let longestTextByteCount = 255
}
