/// What the API server accepts as names, over ASCII bytes.
///
/// Each rule looks at each byte once and takes no memory: a load asks some twenty times for each Service.
enum NameRule {
    /// RFC 1123 §2.1: 1–63 lower-case letters, digits and hyphens, a letter or digit at both ends.
    ///
    /// Also the rule for Services: RFC 1035 wants a letter first, KEP-5311 lifts that.
    static func isLabel(_ bytes: Span<UInt8>) -> Bool {
        guard 1...63 ~= bytes.count, isLowerAlphanumeric(bytes[0]), isLowerAlphanumeric(bytes[bytes.count - 1])
        else { return false }
        for index in bytes.indices where !isLowerAlphanumeric(bytes[index]) && bytes[index] != .hyphen { return false }
        return true
    }

    /// RFC 1123 §2.1: labels joined by dots, at most 253 octets.
    static func isSubdomain(_ bytes: Span<UInt8>) -> Bool {
        guard 1...253 ~= bytes.count else { return false }
        var before = UInt8.dot
        for index in bytes.indices {
            let byte = bytes[index]
            switch byte {
            // A letter or digit stands around every dot and at both ends.
            case .hyphen: if before == .dot { return false }
            case .dot: if before == .dot || before == .hyphen { return false }
            default: if !isLowerAlphanumeric(byte) { return false }
            }
            before = byte
        }
        return isLowerAlphanumeric(before)
    }

    /// A port name of a Service or EndpointSlice: as a label.
    static func isPortName(_ bytes: Span<UInt8>) -> Bool { isLabel(bytes) }

    /// `[prefix/]name`: the prefix a subdomain, the name 1–63 letters, digits, `-`, `_`, `.`.
    static func isLabelKey(_ bytes: Span<UInt8>) -> Bool {
        var slash = 0
        while slash < bytes.count, bytes[slash] != .slash { slash += 1 }
        guard slash < bytes.count else { return !bytes.isEmpty && isLabelValue(bytes) }
        let name = bytes.extracting((slash + 1)...)
        return !name.isEmpty && isLabelValue(name) && isSubdomain(bytes.extracting(..<slash))
    }

    /// Empty, or at most 63 letters, digits, `-`, `_`, `.`, a letter or digit at both ends.
    static func isLabelValue(_ bytes: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return true }
        guard bytes.count <= 63, isAlphanumeric(bytes[0]), isAlphanumeric(bytes[bytes.count - 1]) else { return false }
        for index in bytes.indices {
            let byte = bytes[index]
            guard isAlphanumeric(byte) || byte == .hyphen || byte == .underscore || byte == .dot else { return false }
        }
        return true
    }

    @inline(__always)
    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }

    @inline(__always)
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }
}

extension UInt8 {
    fileprivate static let hyphen = UInt8(ascii: "-")
    fileprivate static let dot = UInt8(ascii: ".")
    fileprivate static let slash = UInt8(ascii: "/")
    fileprivate static let underscore = UInt8(ascii: "_")
}
