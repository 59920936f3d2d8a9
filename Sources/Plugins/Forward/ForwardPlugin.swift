import DNS
import LinuxIO
import SourceText

extension Plugin {
    static let forward = Plugin(
        "forward", "FROM TO…",
        "Asks other servers for the names below FROM; several lines are tried from the top, the first that fits answers.",
        isRepeatable: true, options: ForwardSettings.properties
    ) { directive, block, reading in
        var settings = ForwardSettings(from: [], to: [], at: directive.location)
        reading.options(of: directive, into: &settings, by: ForwardSettings.properties)
        guard let words = reading.arguments(of: directive, count: 2...Int.max, syntax: "forward FROM TO…") else {
            return
        }
        settings.from = reading.zones(words.prefix(1))
        reading.warnIfOutside(words[0], of: block.zones)
        for word in words.dropFirst() {
            for upstream in reading.upstreams(word) { settings.add(upstream, word, &reading) }
        }
        settings.check(directive, &reading)
        block.forward.append(settings)
    }
}

/// More servers than this are a slip of the pen, as in CoreDNS.
private let largestUpstreamCount = 15

extension ForwardSettings {
    fileprivate mutating func add(_ upstream: Upstream, _ word: Corefile.Token, _ reading: inout Reading) {
        guard !upstreams.contains(where: { $0.address == upstream.address && $0.isTLS == upstream.isTLS }) else {
            // The line of a resolv.conf has no token of ours.
            let place = upstream.location == word.location ? word.location : upstream.location
            return reading.diagnostics.append(
                Diagnostic(.warning, at: place, "\(upstream.address) is named twice; remove one of them"))
        }
        if upstreams.count == largestUpstreamCount {
            reading.error(word, "forward asks at most \(largestUpstreamCount) servers; remove some")
        }
        upstreams.append(upstream)
    }

    /// What no option can tell alone.
    fileprivate mutating func check(_ directive: Corefile.Directive, _ reading: inout Reading) {
        func option(_ name: String) -> Corefile.Token? {
            directive.block?.last { $0.name.text == name }?.name
        }
        if forcesTCP, prefersUDP, let token = option("prefer_udp") {
            reading.warning(token, "prefer_udp has no effect beside force_tcp; remove one of them")
        }
        let isTLS = upstreams.contains(where: \.isTLS)
        for name in ["tls", "tls_servername"] where !isTLS && !upstreams.isEmpty {
            guard let token = option(name) else { continue }
            reading.warning(token, "\(name) has no effect: no server is written as tls://ADDRESS")
        }
        if let token = option("tls_servername"), upstreams.contains(where: { $0.serverName != nil }) {
            reading.error(token, "tls_servername and the name in tls://ADDRESS%NAME exclude each other; remove one")
        }
        for zone in except where !from.isEmpty && !from.contains(where: { isZone(zone, within: $0) }) {
            guard let token = option("except") else { continue }
            let zones = listed(from, joinedBy: "and")
            reading.warning(token, "\(zone) lies outside of \(zones), which this line is for; remove it from except")
        }
    }
}

extension Reading {
    /// Says that a block never sees queries for a zone that one of its plugins names.
    mutating func warnIfOutside(_ token: Corefile.Token, of blockZones: [String]) {
        guard case .name(let zone) = WrittenZone(token.text) else { return }
        guard !blockZones.contains(where: { isZone(zone, within: $0) || isZone($0, within: zone) }) else { return }
        warning(
            token,
            "\(zone) lies outside of this server block (\(listed(blockZones, joinedBy: "and"))); "
                + "no query for it comes here. Add it to the zones of the block")
    }
}
