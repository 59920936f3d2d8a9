import LinuxIO

/// A zone as an operator writes it: a name, or a network that stands for the reverse zones of its addresses.
enum WrittenZone {
    case name(String)
    case network(Network)
    /// A sentence that says what is wrong.
    case mistake(String)

    init(_ text: String) {
        if let slash = text.lastIndex(of: "/"), let address = IPAddress(String(text[..<slash])) {
            let prefix = text[text.index(after: slash)...]
            self = Network(address, prefix: prefix).map(Self.network) ?? .mistake(Self.badPrefix(text, address))
        } else if IPAddress(text) != nil {
            self = .mistake(
                "\"\(text)\" is an address, not a zone; for its reverse zone write a network such as "
                    + "\(text)/\(text.contains(":") ? 128 : 32), to listen there use bind")
        } else {
            self = Self.checked(text)
        }
    }

    private static func badPrefix(_ text: String, _ address: IPAddress) -> String {
        "\"\(text)\" is no network: the number behind the slash must be 0–\(address.isIPv4 ? 32 : 128)"
    }

    /// The name in lower case without its trailing dot, by the limits of RFC 1035 §2.3.4.
    private static func checked(_ text: String) -> WrittenZone {
        guard !text.isEmpty else { return .mistake("this zone is empty; write its name, or . for every name") }
        guard text != "." else { return .name(".") }
        let name = text.lowercased()
        let labels = (name.hasSuffix(".") ? name.dropLast() : name[...]).split(
            separator: ".", omittingEmptySubsequences: false)
        if let bad = name.unicodeScalars.first(where: { !isAllowed($0) }) { return .mistake(reason(text, bad)) }
        if labels.contains("") { return .mistake("\"\(text)\" is no zone: there is nothing between two of its dots") }
        if let long = labels.first(where: { $0.utf8.count > 63 }) {
            return .mistake(
                "\"\(text)\" is no zone: its label \"\(long)\" has \(long.utf8.count) letters, at most 63 are possible")
        }
        // Each label takes one octet more on the wire, and the root one.
        let byteCount = labels.reduce(1) { $0 + $1.utf8.count + 1 }
        guard byteCount <= 255 else {
            return .mistake("\"\(text)\" is no zone: it takes \(byteCount) octets, at most 255 are possible")
        }
        return .name(labels.joined(separator: "."))
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-", "_", ".", "/", "*": true
        default: false
        }
    }

    private static func reason(_ text: String, _ bad: Unicode.Scalar) -> String {
        switch bad {
        case _ where !bad.isASCII: "\"\(text)\" is no zone: write names of other alphabets in their xn-- form"
        case ",": "\"\(text)\" is no zone: put a blank behind the comma"
        case ":": "\"\(text)\" is no zone: a colon stands only before the port of a server block's key"
        case " ", "\n", "\t": "\"\(text)\" is no zone: write each zone as a word of its own, without quotes"
        default: "\"\(text)\" is no zone: it holds \"\(bad)\"; letters, digits, - and _ are possible"
        }
    }
}

/// An IPv4 or IPv6 network.
struct Network: CustomStringConvertible {
    /// With zeros behind the prefix, in the upper bits for IPv4 as for IPv6.
    private let bits: UInt128
    private let width: Int
    let prefix: Int
    /// Whether the address as written had ones behind the prefix.
    let hasHostBits: Bool

    init?(_ address: IPAddress, prefix text: Substring) {
        width = address.isIPv4 ? 32 : 128
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
            let prefix = Int(text),
            prefix <= width
        else { return nil }
        self.prefix = prefix
        let whole =
            address.isIPv4 ? UInt128(address.v4) << 96 : UInt128(address.v6.high) << 64 | UInt128(address.v6.low)
        let mask: UInt128 = prefix == 0 ? 0 : ~0 << (128 - prefix)
        bits = whole & mask
        hasHostBits = bits != whole
    }

    /// "10.96.0.0/12"
    var description: String { "\(address)/\(prefix)" }

    /// The first address, with zeros behind the prefix.
    var address: IPAddress {
        width == 32
            ? IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 96))
            : IPAddress(v6High: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
    }

    /// The zones that hold exactly the addresses of this network, lowest first (RFC 1035 §3.5, RFC 3596 §2.5).
    ///
    /// Zones end at octets (IPv4) or nibbles (IPv6); a prefix between two borders stands for the 2–128 zones of the next.
    var reverseZones: [String] {
        let step = width == 32 ? 8 : 4
        let labelCount = (prefix + step - 1) / step
        let border = labelCount * step
        return (0..<(UInt128(1) << (border - prefix))).map { number in
            // A shift by 128 is well defined here and gives 0.
            let first = bits | number << (128 - border)
            let labels = (0..<labelCount).reversed().map { index in
                let label = first >> (128 - step * (index + 1)) & (1 << step - 1)
                return String(label, radix: width == 32 ? 10 : 16)
            }
            return (labels + [width == 32 ? "in-addr.arpa" : "ip6.arpa"]).joined(separator: ".")
        }
    }
}

/// Whether the names of the zone stand for addresses.
func isReverseZone(_ zone: String) -> Bool {
    isZone(zone, within: "in-addr.arpa") || isZone(zone, within: "ip6.arpa")
}

/// Whether the zone is the other or lies below it.
func isZone(_ zone: String, within other: String) -> Bool {
    other == "." || zone == other || zone.hasSuffix("." + other)
}
