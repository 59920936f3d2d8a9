/// An IPv4 or IPv6 address in 17 bytes, without a zone id.
///
/// IPv4 addresses sort before IPv6 addresses. `::ffff:192.0.2.1` is an IPv6 address and differs from `192.0.2.1`.
public struct IPAddress: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    public let isIPv4: Bool

    /// - Parameter v4: the address in host order: 127.0.0.1 is `0x7f00_0001`.
    public init(v4: UInt32) {
        high = 0
        low = UInt64(v4)
        isIPv4 = true
    }

    /// - Parameters:
    ///   - v6High: the first eight octets in host order; `2001:db8::1` has `0x2001_0db8_0000_0000`.
    ///   - low: the last eight octets in host order.
    public init(v6High: UInt64, low: UInt64) {
        high = v6High
        self.low = low
        isIPv4 = false
    }

    /// The IPv4 address in host order; the last four octets of an IPv6 address.
    public var v4: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// The sixteen octets of an IPv6 address in host order; for IPv4 its value in `low`.
    public var v6: (high: UInt64, low: UInt64) { (high, low) }

    /// 0.0.0.0
    public static let anyIPv4 = IPAddress(v4: 0)
    /// ::
    public static let anyIPv6 = IPAddress(v6High: 0, low: 0)

    /// 127.0.0.1
    public static let loopbackIPv4 = IPAddress(v4: 0x7f00_0001)
    /// ::1
    public static let loopbackIPv6 = IPAddress(v6High: 0, low: 1)

    /// 127.0.0.0/8 (RFC 1122 §3.2.1.3) or ::1 (RFC 4291 §2.5.3).
    public var isLoopback: Bool { isIPv4 ? low >> 24 == 127 : high == 0 && low == 1 }

    /// 0.0.0.0 or ::, which stand for every address of the machine when bound to.
    public var isUnspecified: Bool { high == 0 && low == 0 }

    /// 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291 §2.5.6).
    public var isLinkLocal: Bool { isIPv4 ? low >> 16 == 0xa9fe : high >> 54 == 0x3fa }
}

extension IPAddress: Comparable {
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        guard left.isIPv4 == right.isIPv4 else { return left.isIPv4 }
        return (left.high, left.low) < (right.high, right.low)
    }
}

extension IPAddress {
    /// One word goes into the hasher: tables of a million addresses are made of this.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(low ^ (high &* 0x9e37_79b9_7f4a_7c15))
    }
}
