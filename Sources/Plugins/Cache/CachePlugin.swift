import SourceText

extension Plugin {
    static let cache = Plugin(
        "cache", "[TTL] [ZONES…]",
        "Keeps the answers of forward, at most TTL seconds, below these zones, by default those of its server block.",
        options: CacheSettings.properties
    ) { directive, block, reading in
        var settings = CacheSettings(at: directive.location)
        var words = directive.arguments[...]
        // Digits alone are no zone that anybody forwards.
        if let word = words.first, !word.text.isEmpty, word.text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) {
            words.removeFirst()
            if let ttl = reading.number(word, "the TTL", in: 1...largestTTL) {
                settings.success.limit(to: ttl)
                settings.denial.limit(to: ttl)
            }
        }
        if let word = words.first, words.count == directive.arguments.count, Duration(written: word.text) != nil {
            reading.warning(word, "this is the zone \"\(word.text)\"; a TTL is written in seconds, without a unit")
        }
        settings.zones = reading.zones(words)
        for word in words { reading.warnIfOutside(word, of: block.zones) }
        reading.options(of: directive, into: &settings, by: CacheSettings.properties)
        block.cache = settings
    }
}

/// A week: the longest TTL that a resolver need believe (RFC 8767 §4).
private let largestTTL: UInt32 = 604_800

extension CacheSettings.Part {
    fileprivate mutating func limit(to ttl: UInt32) {
        maxTTL = ttl
        minTTL = min(minTTL, ttl)
    }
}

extension CacheSettings {
    static let properties: [Property<CacheSettings>] = [
        part(
            "success", \.success, "how many answers with records are kept, and for how many seconds: at most, at least"),
        part("denial", \.denial, "the same for answers that say that there is nothing"),
        .duration(
            "servfail", in: DurationBounds(range: .zero ... .seconds(300), text: "0s–5m"), \.servfail,
            "how long a failure is kept, 0s–5m; 5s by default"),
        prefetchProperty,
        staleProperty,
        disableProperty,
        .flag(
            "keepttl", \.keepsTTL, "answers from the cache show the TTL that the server gave, not what is left of it"),
        .refused(
            "serve_stale_policy", "a newer answer replaces an older one, whatever it says; remove the line"),
    ]

    private static func part(
        _ name: String, _ path: Property<CacheSettings>.Path<Part>, _ meaning: String
    ) -> Property<CacheSettings> {
        let syntax = "COUNT [TTL] [MINTTL]"
        return Property(name: name, syntax: syntax, meaning: meaning) { option, settings, reading in
            guard let words = reading.arguments(of: option, count: 1...3, syntax: "\(name) \(syntax)") else { return }
            if let capacity = reading.number(words[0], "the count of answers", in: 1...largestCapacity) {
                settings[keyPath: path].capacity = capacity
            }
            if words.count > 1, let ttl = reading.number(words[1], "the TTL", in: 1...largestTTL) {
                settings[keyPath: path].limit(to: ttl)
            }
            if words.count > 2, let minTTL = reading.number(words[2], "the smallest TTL", in: 0...largestTTL) {
                let maxTTL = settings[keyPath: path].maxTTL
                guard minTTL <= maxTTL else {
                    return reading.error(words[2], "the smallest TTL must not be above the largest, \(maxTTL)")
                }
                settings[keyPath: path].minTTL = minTTL
            }
        }
    }

    /// Of a small answer each, 16 GB.
    private static let largestCapacity: UInt32 = 1 << 24

    private static let prefetchProperty = Property<CacheSettings>(
        name: "prefetch", syntax: "COUNT [DURATION] [PERCENT%]",
        meaning: "answers asked for COUNT times without a pause of DURATION (1m) are fetched anew "
            + "when PERCENT of their TTL is left, 10%–90% (10%); 0: none"
    ) { option, settings, reading in
        let syntax = "prefetch COUNT [DURATION] [PERCENT%]"
        guard let words = reading.arguments(of: option, count: 1...3, syntax: syntax),
            let amount = reading.number(words[0], "the count of questions", in: 0...UInt32.max)
        else { return }
        var prefetch = Prefetch(amount: amount)
        if words.count > 1, let duration = reading.duration(words[1], "the pause", in: .positive) {
            prefetch.duration = duration
        }
        if words.count > 2 {
            guard words[2].text.hasSuffix("%"), let percentage = UInt32(words[2].text.dropLast()),
                (10...90).contains(percentage)
            else { return reading.error(words[2], "the share must be 10%–90%, not \"\(words[2].text)\"") }
            prefetch.percentage = percentage
        }
        settings.prefetch = amount == 0 ? nil : prefetch
    }

    private static let disableProperty = Property<CacheSettings>(
        name: "disable", syntax: "success|denial [ZONES…]",
        meaning: "answers of this kind are not kept below these zones; without zones: nowhere", isRepeatable: true
    ) { option, settings, reading in
        let syntax = "disable success|denial [ZONES…]"
        guard let words = reading.arguments(of: option, count: 1...Int.max, syntax: syntax),
            let kind = reading.choice(words[0], of: Kind.self)
        else { return }
        let zones = words.count == 1 ? ["."] : reading.zones(words.dropFirst())
        switch kind {
        case .success: settings.success.disabledZones = (settings.success.disabledZones ?? []) + zones
        case .denial: settings.denial.disabledZones = (settings.denial.disabledZones ?? []) + zones
        }
    }

    private enum Kind: String, CaseIterable { case success, denial }
}
