import SourceText

extension Plugin {
    static let cancel = Plugin(
        "cancel", "[TIMEOUT]", "Ends queries that wait longer for others with SERVFAIL; after 5001ms by default.",
        options: [Property<NoOptions>]()
    ) { directive, block, reading in
        reading.noOptions(of: directive)
        guard let words = reading.arguments(of: directive, count: 0...1, syntax: "cancel [TIMEOUT]") else { return }
        var settings = CancelSettings(at: directive.location)
        if let word = words.first {
            guard let timeout = reading.duration(word, "cancel", in: .positive) else { return }
            settings.timeout = timeout
        }
        block.cancel = settings
    }
}
