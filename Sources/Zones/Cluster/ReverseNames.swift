import DNS
import LinuxIO

extension IPAddress {
    /// `7.1.244.10.in-addr.arpa`, or 32 nibbles under `ip6.arpa` (RFC 1035 §3.5, RFC 3596 §2.5).
    var reverseName: Name {
        let root = isIPv4 ? Self.reverseIPv4 : Self.reverseIPv6
        var wire: [UInt8] = []
        wire.reserveCapacity(isIPv4 ? 32 : 80)
        if isIPv4 {
            for shift in stride(from: 0, to: 32, by: 8) as StrideTo<UInt32> {
                appendLabel(v4 >> shift & 255, to: &wire)
            }
        } else {
            for half in [v6.low, v6.high] {
                for nibble: UInt64 in 0..<16 {
                    wire.append(1)
                    wire.append(hexDigit(half >> (nibble * 4)))
                }
            }
        }
        wire += root.wire
        return Name(wire: wire) ?? .root
    }

    private static let reverseIPv4 = Name("in-addr.arpa") ?? .root
    private static let reverseIPv6 = Name("ip6.arpa") ?? .root
}

/// A number below 256 as a label.
private func appendLabel(_ value: UInt32, to wire: inout [UInt8]) {
    wire.append(value > 99 ? 3 : value > 9 ? 2 : 1)
    forEachDigit(of: value) { wire.append($0) }
}

/// The decimal digits of a number below 1,000 as text, without zeros in front.
@inline(__always)
func forEachDigit(of value: UInt32, _ body: (UInt8) -> Void) {
    let digit = { UInt8(truncatingIfNeeded: 48 + $0 % 10) } as (UInt32) -> UInt8
    if value > 99 { body(digit(value / 100)) }
    if value > 9 { body(digit(value / 10)) }
    body(digit(value))
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
