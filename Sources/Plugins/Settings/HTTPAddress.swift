import LinuxIO
import SourceText

extension Reading {
    /// Where an HTTP endpoint listens: ":8080" (the wildcards of both families), "127.0.0.1:8080", "[::1]:8080",
    /// "localhost:8080" (127.0.0.1). nil after reporting what is wrong.
    mutating func httpAddresses(_ word: Corefile.Token) -> [SocketAddress]? {
        if let address = SocketAddress(word.text), address.port > 0 { return [address] }
        guard let colon = word.text.lastIndex(of: ":"),
            let port = portNumber(word.text[word.text.index(after: colon)...])
        else {
            error(word, "\"\(word.text)\" is no address with a port 1–65535; write one such as :8080 or 127.0.0.1:8080")
            return nil
        }
        switch word.text[..<colon] {
        case "": return wildcards(port: port)
        case "localhost": return [SocketAddress(IPAddress(v4: 0x7f00_0001), port: port)]
        default:
            error(word, "\"\(word.text)\" has no IP address before its port; write one such as 127.0.0.1:\(port)")
            return nil
        }
    }
}

/// Every address of the machine, in both families.
func wildcards(port: UInt16) -> [SocketAddress] {
    [SocketAddress(.anyIPv4, port: port), SocketAddress(.anyIPv6, port: port)]
}

/// 1–65535 in digits alone.
func portNumber(_ text: Substring) -> UInt16? {
    guard text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }), let port = UInt16(text), port > 0 else { return nil }
    return port
}
