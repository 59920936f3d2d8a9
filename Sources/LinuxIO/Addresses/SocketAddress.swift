/// An IP address and a port.
public struct SocketAddress: Hashable, Sendable {
    public var address: IPAddress
    public var port: UInt16

    public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension SocketAddress: Comparable {
    public static func < (left: SocketAddress, right: SocketAddress) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }
}

extension SocketAddress: CustomStringConvertible {
    /// "127.0.0.1:53", "[::1]:53"
    public var description: String { address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    /// "127.0.0.1:53" or "[::1]:53"; with a default port also "127.0.0.1", "[::1]" and "::1".
    public init?(_ text: String, defaultPort: UInt16? = nil) {
        if let address = IPAddress(text) {
            guard let defaultPort else { return nil }
            self.init(address, port: defaultPort)
            return
        }
        if text.hasPrefix("[") {
            self.init(bracketed: text.dropFirst(), defaultPort: defaultPort)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(decimal: text[text.index(after: colon)...]),
            let address = IPAddress(String(text[..<colon])), address.isIPv4
        else { return nil }
        self.init(address, port: port)
    }

    /// What stands behind the opening bracket of an IPv6 address.
    private init?(bracketed text: Substring, defaultPort: UInt16?) {
        guard let end = text.firstIndex(of: "]"), let address = IPAddress(String(text[..<end])), !address.isIPv4
        else { return nil }
        let rest = text[text.index(after: end)...]
        guard let port = rest.isEmpty ? defaultPort : rest.first == ":" ? UInt16(decimal: rest.dropFirst()) : nil
        else { return nil }
        self.init(address, port: port)
    }
}

extension UInt16 {
    /// Decimal digits alone: `UInt16("+53")` is 53, and no port.
    fileprivate init?(decimal text: Substring) {
        guard text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        self.init(text)
    }
}
