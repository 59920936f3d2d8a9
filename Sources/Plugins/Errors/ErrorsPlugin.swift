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
        consolidateProperty,
        .ineffective("stacktrace", "", "a crash writes its stack by itself"),
    ]

    private static let consolidateProperty = Property<ErrorsSettings>(
        name: "consolidate", syntax: "DURATION PATTERN [LEVEL] [show_first]",
        meaning: "errors that the regular expression fits are counted for DURATION and told in one line of this level: "
            + "warning, error (the default), info or debug",
        isRepeatable: true
    ) { option, settings, reading in
        let syntax = "consolidate DURATION PATTERN [LEVEL] [show_first]"
        guard let words = reading.arguments(of: option, count: 2...4, syntax: syntax) else { return }
        let period = reading.duration(words[0], "the duration", in: .positive)
        guard reading.isPattern(words[1]), let period else { return }
        var consolidation = Consolidation(period: period, pattern: words[1].text, at: option.location)
        for word in words.dropFirst(2) {
            if let level = Consolidation.Level(rawValue: word.text) {
                consolidation.level = level
            } else if word.text == "show_first" {
                consolidation.showsFirst = true
            } else {
                let known = Consolidation.Level.allCases.map(\.rawValue) + ["show_first"]
                reading.error(
                    word,
                    "\"\(word.text)\" is none of \(listed(known, joinedBy: "and"))"
                        + suggestion(for: word.text, among: known))
            }
        }
        settings.consolidations.append(consolidation)
    }
}

/// A pattern is tried on every error.
private let longestPattern = 10000

extension Reading {
    /// Whether the word is a regular expression; reports why not.
    fileprivate mutating func isPattern(_ word: Corefile.Token) -> Bool {
        guard word.text.utf8.count <= longestPattern else {
            error(word, "this pattern has more than \(longestPattern) octets; write a shorter one")
            return false
        }
        do {
            _ = try Regex(word.text)
            return true
        } catch {
            self.error(word, "\"\(word.text)\" is no regular expression: \(error)")
            return false
        }
    }
}
