import LinuxIO
import SourceText

/// A destination of `forward` as it is written.
enum UpstreamWord {
    case address(SocketAddress, isTLS: Bool, serverName: String?)
    /// Perhaps the path of a resolv.conf.
    case path
    /// A sentence that says what is wrong.
    case mistake(String)

    /// `ADDRESS[:PORT]`, `dns://ADDRESS[:PORT]`, `tls://ADDRESS[%NAME][:PORT]`, or a path.
    init(_ text: String) {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            self = Self.plain(text) ?? .path
            return
        }
        switch parts[0] {
        case "dns": self = Self.plain(String(parts[1])) ?? .mistake(Self.noAddress(text, parts[1]))
        case "tls": self = Self.encrypted(String(parts[1])) ?? .mistake(Self.noAddress(text, parts[1]))
        case "https", "https3", "quic", "grpc":
            self = .mistake("\(parts[0])://: servers are asked over UDP, TCP and TLS; write \"tls://ADDRESS\"")
        default:
            self = .mistake("\"\(parts[0])://\" is unknown; write \"dns://\(parts[1])\" or \"tls://\(parts[1])\"")
        }
    }

    private static func noAddress(_ text: String, _ rest: Substring) -> String {
        if rest.isEmpty { return "an address is missing behind \(text)" }
        return "\"\(rest)\" is no IP address with or without a port; names are not looked up"
    }

    /// Nil if the text is no address at all.
    private static func plain(_ text: String) -> UpstreamWord? {
        if let percent = text.firstIndex(of: "%"), IPAddress(text[..<percent].filter { $0 != "[" }) != nil {
            return .mistake(
                "\"\(text)\" names an interface or a certificate; without tls:// write the address alone, "
                    + "and none that is link-local")
        }
        guard let address = SocketAddress(text, defaultPort: 53) else { return nil }
        return checked(address, isTLS: false, serverName: nil)
    }

    private static func encrypted(_ text: String) -> UpstreamWord? {
        guard let percent = text.firstIndex(of: "%") else {
            return SocketAddress(text, defaultPort: 853).flatMap { checked($0, isTLS: true, serverName: nil) }
        }
        let head = text[..<percent]
        let name = text[text.index(after: percent)...].prefix { $0 != ":" && $0 != "]" }
        let tail = text[name.endIndex...]
        guard case .name(let serverName) = WrittenZone(String(name)), serverName != "." else {
            return .mistake("\"\(name)\" is no name of a server; write \"tls://ADDRESS%NAME\"")
        }
        // "::1:853" could be one address; brackets part it from its port.
        let whole = head.hasPrefix("[") || !head.contains(":") || tail.isEmpty ? "\(head)\(tail)" : "[\(head)]\(tail)"
        return SocketAddress(whole, defaultPort: 853).flatMap { checked($0, isTLS: true, serverName: serverName) }
    }

    private static func checked(_ address: SocketAddress, isTLS: Bool, serverName: String?) -> UpstreamWord {
        guard address.port > 0 else { return .mistake("the port must be 1–65535, not 0") }
        guard address.address.isIPv4 || !address.address.isLinkLocal else {
            let remedy = "write another address of that server"
            return .mistake("\(address.address) is a link-local address, which cannot be asked; \(remedy)")
        }
        return .address(address, isTLS: isTLS, serverName: serverName)
    }
}

extension Reading {
    /// The servers that a word names; what is wrong with it is reported.
    mutating func upstreams(_ word: Corefile.Token) -> [ForwardSettings.Upstream] {
        switch UpstreamWord(word.text) {
        case .address(let address, let isTLS, let serverName):
            return [.init(address, isTLS: isTLS, serverName: serverName, at: word.location)]
        case .mistake(let reason):
            error(word, reason)
            return []
        case .path:
            return resolvConf(word)?.servers.map {
                .init(SocketAddress($0.address, port: 53), at: $0.location)
            } ?? []
        }
    }

    /// The resolv.conf at the path, with at least one server; nil after reporting what is wrong.
    private mutating func resolvConf(_ word: Corefile.Token) -> ResolvConf? {
        guard !word.text.isEmpty else {
            error(word, "this word is empty; write the address of a server, or /etc/resolv.conf")
            return nil
        }
        let path = self.path(word)
        let text: String
        do {
            text = try surroundings.reading(path)
        } catch {
            self.error(word, unreadable(word.text, path, (error as? CorefileReadError)?.reason ?? "\(error)"))
            return nil
        }
        let file = ResolvConf(text, file: path)
        diagnostics += file.diagnostics
        guard file.servers.isEmpty else { return file }
        error(
            word, "\(path) names no server; add a line such as \"nameserver 192.0.2.53\" to it, or write addresses here"
        )
        return nil
    }

    private func unreadable(_ text: String, _ path: String, _ reason: String) -> String {
        guard text.contains("/") else {
            let remedy = "write the address of the server, as 192.0.2.53 or tls://192.0.2.53"
            return "\"\(text)\" is no IP address and no readable file, and names are not looked up; \(remedy)"
        }
        return "cannot read \(path): \(reason); correct the path, or write the addresses of the servers"
    }
}
