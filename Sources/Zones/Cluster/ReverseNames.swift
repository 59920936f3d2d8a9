import DNS
import LinuxIO

extension IPAddress {
    /// `7.1.244.10.in-addr.arpa`, or 32 nibbles under `ip6.arpa` (RFC 1035 §3.5, RFC 3596 §2.5).
    var reverseName: Name {
        var wire: [UInt8] = []
        wire.reserveCapacity(isIPv4 ? 32 : 80)
        if isIPv4 {
            for shift: UInt32 in [0, 8, 16, 24] { appendDecimal(v4 >> shift & 255, to: &wire) }
        } else {
            for half in [v6.low, v6.high] {
                for nibble: UInt64 in 0..<16 { wire += [1, hexDigit(half >> (nibble * 4))] }
            }
        }
        return Name(wire: wire + (isIPv4 ? Self.reverseIPv4 : Self.reverseIPv6).wire) ?? .root
    }

    private static let reverseIPv4 = Name("in-addr.arpa") ?? .root
    private static let reverseIPv6 = Name("ip6.arpa") ?? .root
}

/// The number as a label.
private func appendDecimal(_ value: UInt32, to wire: inout [UInt8]) {
    let octet = UInt8(truncatingIfNeeded: value)
    wire.append(octet > 99 ? 3 : octet > 9 ? 2 : 1)
    if octet > 99 { wire.append(48 + octet / 100) }
    if octet > 9 { wire.append(48 + octet / 10 % 10) }
    wire.append(48 + octet % 10)
}

private func hexDigit(_ value: UInt64) -> UInt8 {
    let nibble = UInt8(truncatingIfNeeded: value & 15)
    return nibble < 10 ? nibble + 48 : nibble + 87
}

extension ClusterSettings {
    /// The longest reverse zone that the name lies in, as a table numbers it.
    func reverseZone(of name: Name) -> Int? {
        var longest: Int?
        for (index, zone) in reverseZones.enumerated() where name.isInTail(zone) {
            if let other = longest, reverseZones[other].wire.count >= zone.wire.count { continue }
            longest = index
        }
        return longest.map { forwardZones.count + $0 }
    }
}

extension Name {
    /// `isWithin` for two names that are known to be lower case.
    fileprivate func isInTail(_ ancestor: Name) -> Bool {
        var at = 0
        while wire.count - at > ancestor.wire.count { at += Int(wire[at]) + 1 }
        return wire.count - at == ancestor.wire.count && wire[at...].elementsEqual(ancestor.wire)
    }
}
