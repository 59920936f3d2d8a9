import SourceText

extension Plugin {
    static let errors = Plugin(
        "errors", "[stdout]", "Logs what goes wrong while queries are answered.", options: ErrorsSettings.properties
    ) { directive, block, reading in
        var settings = ErrorsSettings(at: directive.location)
        reading.options(of: directive, into: &settings, by: ErrorsSettings.properties)
        guard let words = reading.arguments(of: directive, count: 0...1, syntax: "errors") else { return }
        if let word = words.first, word.text != "stdout" {
            reading.error(
                word, "errors are written to the log of the server, not to \"\(word.text)\"; remove this word")
        }
        block.errors = settings
    }
}

extension ErrorsSettings {
    static let properties: [Property<ErrorsSettings>] = [
        .refused("stacktrace", "a crash writes its stack by itself; remove the line"),
        .refused("consolidate", "every error is a line of its own; remove the line"),
    ]
}
