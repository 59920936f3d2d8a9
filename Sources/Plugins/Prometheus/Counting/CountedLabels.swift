import DNS

/// Which plugin made an answer: the label `plugin`.
public enum PluginIndex: UInt8, CaseIterable, Sendable {
    /// The server itself: refusals, and failures that no plugin took.
    case server
    case any, local, chaos, whoami, kubernetes, cache, forward

    static var count: Int { 8 }

    var label: String { self == .server ? "" : String(describing: self) }
}

/// Query types, counted by code: 0 to 65 and 251 to 255 each, all others together.
enum CountedType {
    static var count: Int { 72 }

    /// No table and no jump: types follow each other too irregularly to be foretold.
    @inline(__always)
    static func index(of code: UInt16) -> Int {
        if code <= 65 { return Int(code) }
        return 251...255 ~= code ? Int(code) &- 185 : 71
    }

    /// The label of each index. Those that CoreDNS names, which are the types of most queries; the rest is "other".
    static let labels: [String] = {
        var labels = [String](repeating: other, count: count)
        for (code, label) in named { labels[index(of: code)] = label }
        return labels
    }()

    static let other = "other"
    private static let named: [(UInt16, String)] = [
        (1, "A"), (2, "NS"), (5, "CNAME"), (6, "SOA"), (12, "PTR"), (15, "MX"), (16, "TXT"), (28, "AAAA"), (33, "SRV"),
        (43, "DS"), (46, "RRSIG"), (47, "NSEC"), (48, "DNSKEY"), (50, "NSEC3"), (65, "HTTPS"), (251, "IXFR"),
        (252, "AXFR"), (255, "ANY"),
    ]
}

/// The response codes with a series of their own: 0 to 23 (IANA, DNS RCODEs); those above share one.
enum CountedCode {
    static var count: Int { 25 }

    @inline(__always)
    static func index(of code: Int) -> Int { min(Int(truncatingIfNeeded: UInt16(truncatingIfNeeded: code)), count - 1) }

    static func label(at index: Int) -> String { index < names.count ? names[index] : "other" }

    /// The label of a code wherever one is shown.
    static func label(of code: ResponseCode) -> String { label(at: index(of: Int(code.rawValue))) }

    private static let names = [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
        "NOTZONE", "DSOTYPENI", "RCODE12", "RCODE13", "RCODE14", "RCODE15", "BADVERS", "BADKEY", "BADTIME", "BADMODE",
        "BADNAME", "BADALG", "BADTRUNC", "BADCOOKIE",
    ]
}
