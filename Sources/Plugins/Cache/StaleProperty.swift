import SourceText

extension CacheSettings {
    private static let staleSyntax = "[DURATION [immediate [TTL [RECHECK]]|verify [WAIT [TTL [RECHECK]]]]]"

    /// WAIT is CoreDNS's.
    static let staleProperty = Property<CacheSettings>(
        name: "serve_stale", syntax: staleSyntax,
        meaning:
            "for DURATION (1h) after its end an answer still serves: while it is fetched anew (immediate, the default) "
            + "or when that fails (verify); clients see TTL, 0s by default; "
            + "the servers are asked for it at most every RECHECK, 0s–5m, 1s by default; WAIT has no effect"
    ) { option, settings, reading in
        let syntax = "serve_stale \(staleSyntax)"
        guard let words = reading.arguments(of: option, count: 0...5, syntax: syntax) else { return }
        var stale = Stale()
        settings.stale = stale
        defer { settings.stale = stale }
        guard let first = words.first, let duration = reading.duration(first, "serve_stale", in: longBounds) else {
            return
        }
        stale.duration = duration
        guard words.count > 1, let refresh = reading.choice(words[1], of: Stale.Refresh.self) else { return }
        stale.refresh = refresh
        var rest = words[2...]
        if refresh == .verify, let wait = rest.popFirst(), reading.duration(wait, "the wait", in: .anything) != nil {
            reading.warning(
                wait, "this wait has no effect; the servers have the time that forward gives them (read_timeout)")
        }
        if let word = rest.popFirst(), let ttl = reading.duration(word, "the TTL", in: .anything) {
            stale.ttl = UInt32(clamping: ttl.components.seconds)
        }
        if let word = rest.popFirst(), let recheck = reading.duration(word, "the pause", in: longestRecheck) {
            stale.recheck = recheck
        }
        if let surplus = rest.popFirst() {
            reading.error(surplus, "\"\(surplus.text)\" is one argument too many; write \"\(syntax)\"")
        }
    }

    /// As long as a failure may be remembered (RFC 9520 §3.2).
    private static let longestRecheck = DurationBounds(range: .zero ... .seconds(300), text: "0s–5m")

    /// A stale answer may be as old as a long failure of all servers.
    private static let longBounds = DurationBounds(range: .seconds(1) ... .seconds(31_536_000), text: "1s–8760h")
}
