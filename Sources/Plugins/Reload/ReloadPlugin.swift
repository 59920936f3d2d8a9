import SourceText

extension Plugin {
    static let reload = Plugin(
        "reload", "[INTERVAL] [JITTER]",
        "Reads the Corefile anew when it has changed, looking every INTERVAL, 30s by default, more or less JITTER, 15s.",
        options: [Property<ReloadSettings>]()
    ) { directive, block, reading in
        var settings = ReloadSettings(at: directive.location)
        reading.options(of: directive, into: &settings, by: [])
        let syntax = "reload [INTERVAL] [JITTER]"
        guard let words = reading.arguments(of: directive, count: 0...2, syntax: syntax) else { return }
        if let word = words.first, let interval = reading.duration(word, "the interval", in: intervals) {
            settings.interval = interval
        }
        let largest = settings.interval / 2
        settings.jitter = min(settings.jitter, largest)
        if words.count > 1, let jitter = reading.duration(words[1], "the jitter", in: .anything) {
            guard jitter == .zero || jitter >= .seconds(1) else {
                return reading.error(words[1], "the jitter must be 0s or at least 1s, not \"\(words[1].text)\"")
            }
            if jitter > largest {
                reading.warning(words[1], "the jitter is cut to half of the interval; write at most that")
            }
            settings.jitter = min(jitter, largest)
        }
        block.reload = settings
    }
}

private let intervals = DurationBounds(range: .seconds(2) ... .seconds(86400), text: "2s–24h")
