import SourceText

extension Plugin {
    static let health = Plugin(
        "health", "[ADDRESS]", "Serves /health over HTTP: 200 while the process runs; on :8080 by default.",
        options: HealthSettings.properties
    ) { directive, block, reading in
        var settings = HealthSettings(listen: wildcards(port: 8080), at: directive.location)
        reading.options(of: directive, into: &settings, by: HealthSettings.properties)
        guard let words = reading.arguments(of: directive, count: 0...1, syntax: "health [ADDRESS]") else { return }
        if let word = words.first {
            guard let listen = reading.httpAddresses(word) else { return }
            settings.listen = listen
        }
        block.health = settings
    }
}

extension HealthSettings {
    static let properties: [Property<HealthSettings>] = [
        .duration(
            "lameduck", \.lameduck,
            "how long the server goes on answering after it was told to stop; not at all by default")
    ]
}
