import SourceText

/// One key of a server block: `[dns://]ZONE[:PORT]`.
struct ServerKey {
    let zones: [String]
    let port: UInt16
    let token: Corefile.Token
}

extension Reading {
    /// The key as written, or nil after reporting what is wrong with it.
    mutating func key(_ token: Corefile.Token) -> ServerKey? {
        guard let text = withoutScheme(token) else { return nil }
        var (zone, port) = (text, surroundings.defaultPort)
        // The last colon is that of a port where digits follow; those of IPv6 networks come before a slash.
        if let colon = text.lastIndex(of: ":"), !isIPv6Address(text) {
            let digits = text[text.index(after: colon)...]
            if digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) {
                guard let number = portNumber(digits) else {
                    error(token, "the port must be 1–65535, not \"\(digits)\"")
                    return nil
                }
                port = number
                // ":53" is short for ".:53".
                zone = colon == text.startIndex ? "." : text[..<colon]
            }
        }
        let zones = self.zones(token, written: String(zone))
        return zones.isEmpty ? nil : ServerKey(zones: zones, port: port, token: token)
    }

    private func isIPv6Address(_ text: Substring) -> Bool {
        text.split(separator: ":", omittingEmptySubsequences: false).count > 2 && !text.contains("/")
    }

    private mutating func withoutScheme(_ token: Corefile.Token) -> Substring? {
        let parts = token.text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return token.text[...] }
        guard parts[0] != "dns" else { return parts[1] }
        let schemes = ["tls", "https", "https3", "quic", "grpc"]
        if schemes.contains(String(parts[0])) {
            error(
                token, "\(parts[0])://: this version of ClusterDNS answers over UDP and TCP only; write \"\(parts[1])\""
            )
        } else {
            error(token, "\"\(parts[0])://\" is unknown; write \"\(parts[1])\", or \"dns://\(parts[1])\"")
        }
        return nil
    }
}
