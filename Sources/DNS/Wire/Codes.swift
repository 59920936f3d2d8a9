/// A record type (RFC 1035 §3.2.2). Open: a code without a name is ordinary (RFC 3597).
public struct RecordType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let a = RecordType(rawValue: 1)
    public static let ns = RecordType(rawValue: 2)
    public static let cname = RecordType(rawValue: 5)
    public static let soa = RecordType(rawValue: 6)
    public static let ptr = RecordType(rawValue: 12)
    public static let hinfo = RecordType(rawValue: 13)
    public static let mx = RecordType(rawValue: 15)
    public static let txt = RecordType(rawValue: 16)
    public static let aaaa = RecordType(rawValue: 28)
    public static let srv = RecordType(rawValue: 33)
    public static let opt = RecordType(rawValue: 41)
    public static let tsig = RecordType(rawValue: 250)
    public static let ixfr = RecordType(rawValue: 251)
    public static let axfr = RecordType(rawValue: 252)
    public static let any = RecordType(rawValue: 255)

    private static let names: [UInt16: String] = [
        1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV",
        35: "NAPTR", 39: "DNAME", 41: "OPT", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 64: "SVCB", 65: "HTTPS",
        250: "TSIG", 251: "IXFR", 252: "AXFR", 255: "ANY", 257: "CAA",
    ]

    /// The type that `text` names (`SRV`, `srv`, `TYPE65280`); nil when there is none.
    public init?(_ text: some StringProtocol) {
        let upper = text.uppercased()
        if let known = Self.names.first(where: { $0.value == upper }) {
            self.init(rawValue: known.key)
        } else if upper.hasPrefix("TYPE"), upper.dropFirst(4).allSatisfy(\.isNumber),
            let code = UInt16(upper.dropFirst(4))
        {
            self.init(rawValue: code)
        } else {
            return nil
        }
    }
}

extension RecordType: CustomStringConvertible {
    /// `SRV`, or `TYPE65280` for a code without a name (RFC 3597 §5).
    public var description: String { Self.names[rawValue] ?? "TYPE\(rawValue)" }
}

/// How a query ended (RFC 1035 §4.1.1, RFC 6891 §6.1.3): four bits in the header, eight more in the OPT record.
public struct ResponseCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let noError = ResponseCode(rawValue: 0)
    public static let formatError = ResponseCode(rawValue: 1)
    public static let serverFailure = ResponseCode(rawValue: 2)
    public static let nameError = ResponseCode(rawValue: 3)
    public static let notImplemented = ResponseCode(rawValue: 4)
    public static let refused = ResponseCode(rawValue: 5)
    public static let notAuthoritative = ResponseCode(rawValue: 9)
    public static let badVersion = ResponseCode(rawValue: 16)
}

extension ResponseCode: CustomStringConvertible {
    private static let names: [UInt16: String] = [
        0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 9: "NOTAUTH",
        16: "BADVERS", 23: "BADCOOKIE",
    ]

    /// `NXDOMAIN`, or `RCODE12` for a code without a name.
    public var description: String { Self.names[rawValue] ?? "RCODE\(rawValue)" }
}

/// A zone serial: a point on a circle of 2³² (RFC 1982).
public struct Serial: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public var next: Serial { Serial(rawValue: rawValue &+ 1) }

    /// False both ways for two points exactly half a circle apart.
    public func isNewer(than other: Serial) -> Bool { Int32(bitPattern: rawValue &- other.rawValue) > 0 }
}
