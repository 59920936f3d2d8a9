import LinuxIO
import SourceText

extension Plugin {
    static let loadbalance = Plugin(
        "loadbalance", "[round_robin]",
        "Turns the order of addresses with each answer, and puts preferred networks first.",
        options: LoadBalanceSettings.properties
    ) { directive, block, reading in
        var settings = LoadBalanceSettings(at: directive.location)
        block.loadbalance = settings
        if let word = directive.arguments.first, word.text == "weighted" {
            return reading.error(
                word,
                "weighted is not supported by this version of ClusterDNS; write \"loadbalance\", "
                    + "and give a server more addresses to send it more clients")
        }
        reading.options(of: directive, into: &settings, by: LoadBalanceSettings.properties)
        block.loadbalance = settings
        guard let words = reading.arguments(of: directive, count: 0...1, syntax: "loadbalance [round_robin]"),
            let word = words.first, word.text != "round_robin"
        else { return }
        reading.error(word, "\"\(word.text)\" is no policy; write \"loadbalance round_robin\"")
    }
}

extension LoadBalanceSettings {
    static let properties: [Property<LoadBalanceSettings>] = [
        Property(
            name: "prefer", syntax: "NETWORKS…", meaning: "addresses in these networks come first, in this order",
            isRepeatable: true
        ) { option, settings, reading in
            guard let words = reading.arguments(of: option, count: 1...Int.max, syntax: "prefer NETWORKS…") else {
                return
            }
            for word in words {
                guard let network = reading.network(word), !settings.preferred.contains(network) else { continue }
                settings.preferred.append(network)
            }
        },
        .refused("reload", "it belongs to weighted; remove the line"),
        .refused("limit_answers", "answers hold every address that fits; remove the line"),
    ]
}

extension Reading {
    fileprivate mutating func network(_ word: Corefile.Token) -> LoadBalanceSettings.Network? {
        guard let slash = word.text.lastIndex(of: "/"), let address = IPAddress(String(word.text[..<slash])),
            let network = Network(address, prefix: word.text[word.text.index(after: slash)...])
        else {
            error(word, "\"\(word.text)\" is no network; write one such as 10.1.0.0/16")
            return nil
        }
        if network.hasHostBits { warning(word, "\"\(word.text)\" has bits behind its prefix; it means \(network)") }
        return .init(network.address, prefixLength: network.prefix)
    }
}
