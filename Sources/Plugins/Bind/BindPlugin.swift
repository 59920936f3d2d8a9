import LinuxIO
import SourceText

/// An address to listen on, and the word that asked for it.
struct BoundAddress {
    let address: IPAddress
    let token: Corefile.Token
}

/// What one line of `bind` says.
struct BindSettings {
    var except: [BoundAddress] = []
}

extension Plugin {
    static let bind = Plugin(
        "bind", "ADDRESS|INTERFACE…",
        "Listens on these addresses only; several lines add up. Without it: on all of the machine.",
        isRepeatable: true, options: BindSettings.properties
    ) { directive, block, reading in
        var settings = BindSettings()
        reading.options(of: directive, into: &settings, by: BindSettings.properties)
        guard let words = reading.arguments(of: directive, count: 1...Int.max, syntax: "bind ADDRESS|INTERFACE…") else {
            return
        }
        let count = reading.diagnostics.count
        let excluded = settings.except.map(\.address)
        let chosen = words.flatMap { reading.addresses($0) }.filter { !excluded.contains($0.address) }
        if chosen.isEmpty, reading.diagnostics.count == count {
            reading.error(directive.name, "except leaves nothing to listen on; remove it, or add an address to bind")
        }
        let known = block.addresses ?? []
        block.addresses = known + chosen.filter { one in !known.contains { $0.address == one.address } }
    }
}

extension BindSettings {
    static let properties: [Property<BindSettings>] = [
        Property(
            name: "except", syntax: "ADDRESS|INTERFACE…", meaning: "leaves out these addresses of this line",
            isRepeatable: true
        ) { option, settings, reading in
            guard let words = reading.arguments(of: option, count: 1...Int.max, syntax: "except ADDRESS|INTERFACE…")
            else { return }
            settings.except += words.flatMap { reading.addresses($0) }
        }
    ]
}

extension Reading {
    /// The address, or those of the interface without its link-local ones, whose scope a client cannot name.
    fileprivate mutating func addresses(_ word: Corefile.Token) -> [BoundAddress] {
        if let address = IPAddress(word.text) {
            guard address.isIPv4 || !address.isLinkLocal else {
                let remedy = "write another address of its interface"
                error(word, "\(address) is a link-local address, which cannot be listened on; \(remedy)")
                return []
            }
            return [BoundAddress(address: address, token: word)]
        }
        do {
            guard let found = try surroundings.interface(word.text) else {
                error(word, "\"\(word.text)\" is no IP address and no interface of this machine" + remedy(word.text))
                return []
            }
            let usable = found.filter { !$0.isLinkLocal }
            if usable.isEmpty { error(word, "the interface \(word.text) has no address to listen on") }
            return usable.map { BoundAddress(address: $0, token: word) }
        } catch {
            self.error(word, "cannot read the interfaces of this machine: \(error)")
            return []
        }
    }

    private func remedy(_ text: String) -> String {
        if text == "localhost" { return "; write 127.0.0.1 or ::1" }
        if SocketAddress(text) != nil { return "; the port belongs to the key of the server block, as in \".:5353 {\"" }
        return "; write an address such as 127.0.0.1, or a name that \"ip link\" shows"
    }
}
