import SourceText

extension Plugin {
    static let ready = Plugin(
        "ready", "[ADDRESS]",
        "Serves /ready over HTTP: 200 once every catalog is loaded, 503 before; on :8181 by default.",
        options: ReadySettings.properties
    ) { directive, block, reading in
        var settings = ReadySettings(listen: wildcards(port: 8181), at: directive.location)
        reading.options(of: directive, into: &settings, by: ReadySettings.properties)
        guard let words = reading.arguments(of: directive, count: 0...1, syntax: "ready [ADDRESS]") else { return }
        if let word = words.first {
            guard let listen = reading.httpAddresses(word) else { return }
            settings.listen = listen
        }
        block.ready = settings
    }
}

extension ReadySettings {
    static let properties: [Property<ReadySettings>] = [
        .choice(
            "monitor", \.monitor, "whether /ready stays 200 once it was (the default), or tells the truth each time")
    ]
}
