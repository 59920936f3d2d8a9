import SourceText

extension Plugin {
    static let nsid = Plugin(
        "nsid", "[DATA…]",
        "Tells clients that ask for it which server answered (RFC 5001); by default the name of the host.",
        options: [Property<NoOptions>]()
    ) { directive, block, reading in
        reading.noOptions(of: directive)
        var settings = NSIDSettings(data: reading.surroundings.hostName(), at: directive.location)
        if let first = directive.arguments.first {
            settings.data = directive.arguments.map(\.text).joined(separator: " ")
            let byteCount = settings.data.utf8.count
            guard (1...longestByteCount).contains(byteCount) else {
                return reading.error(
                    first, "what nsid sends must have 1–\(longestByteCount) octets, not \(byteCount)")
            }
        }
        block.nsid = settings
    }

    /// It takes its room in every answer to a client that asks for it.
    private static let longestByteCount = 128
}
