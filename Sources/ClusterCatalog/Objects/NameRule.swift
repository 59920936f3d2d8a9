/// What the API server accepts as names, over ASCII bytes.
enum NameRule {
    /// RFC 1123 §2.1: 1–63 lower-case letters, digits and hyphens, a letter or digit at both ends.
    ///
    /// Also the rule for Services: RFC 1035 wants a letter first, KEP-5311 lifts that.
    static func isLabel(_ bytes: some Collection<UInt8>) -> Bool {
        guard 1...63 ~= bytes.count else { return false }
        return endsAreAlphanumeric(bytes, isLowerAlphanumeric)
            && bytes.allSatisfy { isLowerAlphanumeric($0) || $0 == .hyphen }
    }

    /// RFC 1123 §2.1: labels joined by dots, at most 253 octets.
    static func isSubdomain(_ bytes: some Collection<UInt8>) -> Bool {
        guard 1...253 ~= bytes.count else { return false }
        return bytes.split(separator: .dot, omittingEmptySubsequences: false).allSatisfy { part in
            endsAreAlphanumeric(part, isLowerAlphanumeric)
                && part.allSatisfy { isLowerAlphanumeric($0) || $0 == .hyphen }
        }
    }

    /// A port name of a Service or EndpointSlice: as a label.
    static func isPortName(_ bytes: some Collection<UInt8>) -> Bool { isLabel(bytes) }

    /// `[prefix/]name`: the prefix a subdomain, the name 1–63 letters, digits, `-`, `_`, `.`.
    static func isLabelKey(_ bytes: some Collection<UInt8>) -> Bool {
        let parts = bytes.split(separator: .slash, maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty else { return false }
        guard parts.count == 1 || isSubdomain(parts[0]) else { return false }
        return isLabelValue(name)
    }

    /// Empty, or at most 63 letters, digits, `-`, `_`, `.`, a letter or digit at both ends.
    static func isLabelValue(_ bytes: some Collection<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return true }
        guard bytes.count <= 63 else { return false }
        return endsAreAlphanumeric(bytes, isAlphanumeric)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == .hyphen || $0 == .underscore || $0 == .dot }
    }

    private static func endsAreAlphanumeric(_ bytes: some Collection<UInt8>, _ rule: (UInt8) -> Bool) -> Bool {
        guard let first = bytes.first, let last = bytes.dropFirst(bytes.count - 1).first else { return false }
        return rule(first) && rule(last)
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerAlphanumeric(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
    }
}

extension UInt8 {
    fileprivate static let hyphen = UInt8(ascii: "-")
    fileprivate static let dot = UInt8(ascii: ".")
    fileprivate static let slash = UInt8(ascii: "/")
    fileprivate static let underscore = UInt8(ascii: "_")
}
