import LinuxIO
public import SourceText

/// From the text of a Corefile to checked settings: the one door for `serve`, `check` and tests.
///
/// - Parameters:
///   - text: the Corefile.
///   - file: its path, for places and as the start of relative paths.
/// - Returns: what could be understood, and every mistake. With an error among them the blocks must not be served.
public func compileCorefile(
    _ text: String, file: String, surroundings: CorefileSurroundings
) -> (blocks: [ServerBlock], diagnostics: [Diagnostic]) {
    let (corefile, mistakes) = parseCorefile(
        file: file, text: text, environment: surroundings.environment, importing: surroundings.importing)
    var reading = Reading(surroundings: surroundings, diagnostics: mistakes)
    var claims = Claims()
    let blocks = corefile.blocks.flatMap { reading.serverBlocks($0, &claims) }
    reading.checkReloads(blocks)
    if corefile.blocks.isEmpty, reading.diagnostics.isEmpty {
        let start = SourceLocation(file: file, line: 1)
        let text =
            "this Corefile has no server block; write one such as \".:53 {\", its lines, and } on a line of its own"
        reading.diagnostics.append(Diagnostic(.error, at: start, text))
    }
    return (blocks, reading.diagnostics.sorted())
}

extension Reading {
    /// The settings of one server block, once for each port of its keys.
    fileprivate mutating func serverBlocks(_ block: Corefile.Block, _ claims: inout Claims) -> [ServerBlock] {
        let keys = block.keys.compactMap { key($0) }
        var zones: [String] = []
        for zone in keys.flatMap(\.zones) where !zones.contains(zone) { zones.append(zone) }
        var settings = BlockSettings(zones: zones, at: block.keys[0].location)
        var seen: [String: Corefile.Directive] = [:]
        root = nil
        // `root` counts for every line of the block, above and below it.
        let order =
            block.directives.filter { $0.name.text == "root" } + block.directives.filter { $0.name.text != "root" }
        for directive in order { read(directive, &settings, &seen, &claims) }
        check(block, settings)
        var ports: [UInt16] = []
        for key in keys where !ports.contains(key.port) { ports.append(key.port) }
        return ports.map { serverBlock(port: $0, keys.filter { [port = $0] in $0.port == port }, settings, &claims) }
    }

    private mutating func serverBlock(
        port: UInt16, _ keys: [ServerKey], _ settings: BlockSettings, _ claims: inout Claims
    ) -> ServerBlock {
        let listen =
            settings.addresses.map { $0.map { SocketAddress($0.address, port: port) } } ?? wildcards(port: port)
        var block = settings.said
        block.listen = listen
        block.isBound = settings.addresses != nil
        block.location = keys[0].token.location
        for key in keys {
            for zone in key.zones {
                claims.claim(zone, on: listen, key.token, &self)
                if !block.zones.contains(zone) { block.zones.append(zone) }
            }
        }
        block.forward = settings.forward.map { forward in
            var guarded = forward
            guarded.guardsLoops = settings.loop != nil
            guarded.guardZone = guarded.guardsLoops ? commonZone(of: forward, with: block.zones) : nil
            return guarded
        }
        return block
    }

    /// A zone whose names come to this block and from there to this line: the narrower of the block's zone and FROM.
    /// Nil when no name takes that way.
    private func commonZone(of forward: ForwardSettings, with zones: [String]) -> String? {
        for zone in zones {
            for from in forward.from {
                let common = isZone(from, within: zone) ? from : zone
                guard isZone(common, within: from) else { continue }
                if !forward.except.contains(where: { isZone(common, within: $0) }) { return common }
            }
        }
        return nil
    }

    private mutating func read(
        _ directive: Corefile.Directive, _ settings: inout BlockSettings, _ seen: inout [String: Corefile.Directive],
        _ claims: inout Claims
    ) {
        let word = directive.name.text
        guard let plugin = PluginList.plugin(word) else { return error(directive.name, unknown(directive)) }
        guard let read = plugin.read else {
            return error(directive.name, "\(word) is not supported by this version of ClusterDNS; \(plugin.meaning)")
        }
        if !plugin.isRepeatable, let first = seen.updateValue(directive, forKey: word) {
            return error(
                directive.name,
                "\(word) stands in this server block already, at line \(first.location.line); remove one of them")
        }
        settings.words.insert(word)
        read(directive, &settings, &self)
        if word == "ready", let ready = settings.ready {
            claims.claim(word, on: ready.listen, at: directive.name, &self)
        }
        if word == "health", let health = settings.health {
            claims.claim(word, on: health.listen, at: directive.name, &self)
        }
        if word == "prometheus", let prometheus = settings.prometheus {
            claims.claim(word, on: prometheus.listen, at: directive.name, &self)
        }
    }

    private func unknown(_ directive: Corefile.Directive) -> String {
        let word = directive.name.text
        guard !word.isEmpty else { return "this word is empty; remove the line" }
        let known = PluginList.all.filter(\.isSupported).map(\.word)
        if let option = known.first(where: { name in optionNames(of: name).contains(word) }) {
            return "\(word) is an option of \(option); write it between the braces of its block"
        }
        if word.contains(".") || word.contains(":") {
            return
                "\"\(word)\" is no plugin; a zone starts a server block, which needs braces when the file has several"
        }
        let all = PluginList.all.map(\.word)
        guard let meant = closest(to: word, among: all) else {
            return "\"\(word)\" is no plugin; this version of ClusterDNS has \(listed(known, joinedBy: "and"))"
        }
        return "\"\(word)\" is no plugin; did you mean \"\(meant)\"?"
    }

    private func optionNames(of word: String) -> [String] {
        let options = PluginList.plugin(word)?.options.filter(\.isSupported) ?? []
        return options.map { String($0.line.prefix { $0 != " " }) }
    }
}
