import LinuxIO
import SourceText

extension WrittenBlock {
    /// The block for people: where it listens, then each word by its station.
    var lines: [String] {
        let place = written.keys.first?.location
        let servers = servers.map { "\(listed($0.zones.map(Self.zoneName), joinedBy: "and")) on \(Self.listening($0))" }
        let head = place.map { "\($0.file):\($0.line) " } ?? ""
        var lines = servers.isEmpty ? [head + "a block without a key that can be read"] : servers.map { head + $0 }
        lines += section("a query meets, in this order", stations { if case .answers = $0 { true } else { false } })
        lines += section("its answer meets", stations { $0 == .wayBack }, isNumbered: false)
        lines += section("beside the queries", stations { $0 == .beside }, isNumbered: false)
        lines += section("not here", written.directives.filter { Self.isRefused($0) }, isNumbered: false)
        return lines
    }

    private static func zoneName(_ zone: String) -> String { zone == "." ? "every name" : zone }

    private static func listening(_ server: ServerBlock) -> String {
        guard server.isBound else { return "port \(server.listen.first?.port ?? 0) of every address" }
        return listed(server.listen.map(\.description), joinedBy: "and")
    }

    /// Words by their turn; those of one turn as they are written.
    private func stations(_ isWanted: (Station) -> Bool) -> [Corefile.Directive] {
        let wanted = written.directives.filter { !Self.isRefused($0) && isWanted(Station(of: $0.name.text)) }
        func turn(_ directive: Corefile.Directive) -> Int {
            if case .answers(let turn) = Station(of: directive.name.text) { return turn }
            return PluginList.position(of: directive.name.text) ?? .max
        }
        return wanted.enumerated().sorted { (turn($0.element), $0.offset) < (turn($1.element), $1.offset) }
            .map(\.element)
    }

    private static func isRefused(_ directive: Corefile.Directive) -> Bool {
        if case .refused = Standing(of: directive.name.text) { true } else { false }
    }

    private func section(_ title: String, _ words: [Corefile.Directive], isNumbered: Bool = true) -> [String] {
        guard !words.isEmpty else { return [] }
        var number = 0
        return ["  \(title)"]
            + words.flatMap { word -> [String] in
                number += 1
                let mark = isNumbered ? "\(number)" : "-"
                return [line(mark, Standing(of: word.name.text), text(of: word))] + options(of: word)
            }
    }

    private func line(_ mark: String, _ standing: Standing, _ text: String) -> String {
        let column = standing.name.padded(to: 10)
        return "    \(mark) \(column)\(text)" + (standing.remark.map { ": " + $0 } ?? "")
    }

    /// The line as it is written, cut where it is long.
    private func text(of directive: Corefile.Directive) -> String {
        let text = ([directive.name] + directive.arguments).map(\.text).joined(separator: " ")
        return text.count <= 72 ? text : text.prefix(70) + "…"
    }

    /// The options of a word that are not simply supported.
    private func options(of word: Corefile.Directive) -> [String] {
        guard let plugin = PluginList.plugin(word.name.text), plugin.isSupported, plugin.note == nil else { return [] }
        return (word.block ?? []).compactMap { option in
            standing(of: option, plugin).map { line(" ", $0, "\(plugin.word) \(text(of: option))") }
        }
    }

    private func standing(of option: Corefile.Directive, _ plugin: Plugin) -> Standing? {
        let name = option.name.text
        let found = plugin.options.first { $0.line.prefix { $0 != " " } == name }
        guard let found else { return .refused("no option has this name") }
        guard found.isSupported else { return .refused(found.meaning) }
        let mark = "without effect: "
        if found.meaning.hasPrefix(mark) { return .ignored(String(found.meaning.dropFirst(mark.count))) }
        if plugin.word == "cache", name == "disable", isForOwnZones(option) {
            return .ignored("our own zones are never kept")
        }
        return nil
    }

    /// `disable success cluster.local`, as kubeadm writes it.
    private func isForOwnZones(_ option: Corefile.Directive) -> Bool {
        let own = servers.compactMap(\.kubernetes).flatMap(\.zones)
        let zones = option.arguments.dropFirst().map { $0.text.lowercased() }
        return !zones.isEmpty && zones.allSatisfy { zone in own.contains { isZone(zone, within: $0) } }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
