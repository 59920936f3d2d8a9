import SourceText

extension CacheSettings {
    /// `serve_stale [DURATION] [immediate [TTL [RECHECK]] | verify [WAIT [TTL [RECHECK]]]]`
    static let staleProperty = Property<CacheSettings>(
        name: "serve_stale", syntax: "[DURATION] [immediate|verify] [TTL]",
        meaning:
            "for DURATION (1h) after its end an answer still serves: while it is fetched anew (immediate, the default) "
            + "or when that fails (verify); clients see TTL, 0s by default"
    ) { option, settings, reading in
        let syntax = "serve_stale [DURATION] [immediate|verify] [TTL]"
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
        if let recheck = rest.popFirst(), reading.duration(recheck, "the pause", in: .anything) != nil {
            reading.warning(
                recheck, "this pause has no effect; after a failure the next question fetches the answer anew")
        }
        if let surplus = rest.popFirst() {
            reading.error(surplus, "\"\(surplus.text)\" is one argument too many; write \"\(syntax)\"")
        }
    }

    /// A stale answer may be as old as a long failure of all servers.
    private static let longBounds = DurationBounds(range: .seconds(1) ... .seconds(31_536_000), text: "1s–8760h")
}
