import SourceText

extension Plugin {
    static let bufsize = Plugin(
        "bufsize", "[SIZE]", "Keeps answers over UDP within SIZE octets, 512–1232; 1232 by default.",
        options: [Property<NoOptions>]()
    ) { directive, block, reading in
        reading.noOptions(of: directive)
        guard let words = reading.arguments(of: directive, count: 0...1, syntax: "bufsize [SIZE]") else { return }
        var settings = BufsizeSettings(byteCount: largestByteCount, at: directive.location)
        if let word = words.first {
            guard let size = reading.number(word, "bufsize", in: 512...4096) else { return }
            if size > largestByteCount {
                reading.warning(
                    word,
                    "answers over UDP never have more than \(largestByteCount) octets here, so that they arrive in one "
                        + "piece; write \"bufsize \(largestByteCount)\", or remove the line")
            }
            settings.byteCount = min(size, largestByteCount)
        }
        block.bufsize = settings
    }

    /// What every path carries in one piece (DNS flag day 2020).
    private static let largestByteCount: UInt32 = 1232
}
