/// A zone that a table answers for: its apex, its SOA, and what happens to names that it does not have.
public struct ZoneDescription: Hashable, Sendable {
    public var apex: Name
    public var serial: Serial
    /// Seconds; the SOA's minimum, and its TTL up to 300 (RFC 2308 §5).
    public var ttl: UInt32
    public var pods: Pods
    /// Names below these that do not exist go on to the next step of the plan.
    public var fallthroughZones: [Name]
    /// True for the zone that hosts of Ingresses are in: each host is its own apex, and names beside them are not ours.
    public var isHosts: Bool
    /// False until the first load is complete: then every name gets SERVFAIL, because nobody knows better.
    public var isReady: Bool

    public enum Pods: UInt8, Sendable { case disabled, insecure, verified }

    public init(
        apex: Name, serial: Serial, ttl: UInt32, pods: Pods = .disabled, fallthroughZones: [Name] = [],
        isHosts: Bool = false, isReady: Bool = true
    ) {
        self.apex = apex.lowercased
        self.serial = serial
        self.ttl = ttl
        self.pods = pods
        self.fallthroughZones = fallthroughZones.map(\.lowercased)
        self.isHosts = isHosts
        self.isReady = isReady
    }
}

extension ZoneDescription {
    /// The SOA record in wire form, uncompressed.
    public var soaWire: [UInt8] {
        var bytes = apex.wire
        func append(_ value: UInt32) {
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
        }
        let names = [2] + "ns".utf8 + [3] + "dns".utf8 + apex.wire + [10] + "hostmaster".utf8 + apex.wire
        bytes += [0, 6, 0, 1]
        append(min(ttl, 300))
        let length = names.count + 20
        bytes += [UInt8(length >> 8), UInt8(length & 255)] + names
        for number in [serial.rawValue, 7200, 1800, 86400, ttl] { append(number) }
        return bytes
    }
}
