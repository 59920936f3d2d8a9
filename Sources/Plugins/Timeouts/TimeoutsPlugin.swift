import SourceText

extension Plugin {
    static let timeouts = Plugin(
        "timeouts", "", "How long clients over TCP may take, and how much they may ask of one connection.",
        options: TimeoutSettings.properties
    ) { directive, block, reading in
        var settings = TimeoutSettings(at: directive.location)
        reading.options(of: directive, into: &settings, by: TimeoutSettings.properties)
        guard reading.arguments(of: directive, count: 0...0, syntax: "timeouts {") != nil else { return }
        if directive.block?.isEmpty ?? true {
            reading.error(
                directive.name, "timeouts says nothing; add a line such as \"idle 30s\" to its block, or remove it")
        }
        block.timeouts = settings
    }
}

extension TimeoutSettings {
    static let properties: [Property<TimeoutSettings>] = [
        .limit("read", \.read, "how long a message may take from its first octet to its last; 3s by default"),
        .limit("write", \.write, "how long a client may leave its answers unread; 5s by default"),
        .limit("idle", \.idle, "how long a connection may be silent between messages; 10s by default"),
        .argument(
            "maxtcpqueries", "COUNT", "how many queries one connection may ask; -1, the default, is no limit"
        ) { word, settings, reading in
            guard word.text != "-1" else {
                settings.maxTCPQueries = nil
                return
            }
            guard let count = wholeNumber(word.text, in: 1...UInt32.max) else {
                return reading.error(
                    word, "maxtcpqueries must be a whole number of at least 1, or -1, not \"\(word.text)\"")
            }
            settings.maxTCPQueries = count
        },
    ]
}

extension Property<TimeoutSettings> {
    /// A duration of 1s–24h; a number alone has seconds.
    fileprivate static func limit(_ name: String, _ path: Path<Duration?>, _ meaning: String) -> Property {
        .argument(name, "DURATION", meaning) { word, settings, reading in
            let text = wholeNumber(word.text, in: 0...UInt32.max) == nil ? word.text : word.text + "s"
            guard let limit = Duration(written: text), limit >= .seconds(1), limit <= .seconds(86_400) else {
                return reading.error(word, "\(name) must be a duration 1s–24h such as 30s, not \"\(word.text)\"")
            }
            settings[keyPath: path] = limit
        }
    }
}

/// A number in digits alone.
private func wholeNumber(_ text: String, in range: ClosedRange<UInt32>) -> UInt32? {
    guard text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }), let number = UInt32(text), range.contains(number)
    else { return nil }
    return number
}
