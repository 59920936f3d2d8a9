/// A domain name in wire form (RFC 1035 §3.1): length-prefixed labels, ended by the root's zero octet.
///
/// Letters keep the case they were written in; `lowercased` gives the form that tables are keyed by (RFC 4343).
public struct Name: Hashable, Sendable {
    /// 1 to 255 octets, the last one zero.
    public let wire: [UInt8]

    public static let root = Name(trusted: [0])

    init(trusted wire: [UInt8]) { self.wire = wire }

    /// All octets at once: an array hashes one after the other.
    public func hash(into hasher: inout Hasher) {
        unsafe wire.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    /// Reads presentation form: labels between dots, `\.` and `\DDD` escapes (RFC 1035 §5.1), a final dot or none.
    /// Nil when a label is empty or over 63 octets, or the name over 255.
    public init?(_ text: some StringProtocol) {
        guard let wire = wireForm(of: text) else { return nil }
        self.init(trusted: wire)
    }

    /// A name from its wire form; nil when the octets are no name, or more than one.
    public init?(wire: [UInt8]) {
        guard wire.count <= 255 else { return nil }
        var at = 0
        while at < wire.count, wire[at] > 0 {
            guard wire[at] <= 63 else { return nil }
            at += Int(wire[at]) + 1
        }
        guard at == wire.count - 1 else { return nil }
        self.init(trusted: wire)
    }

    /// A name from labels that are already octets; nil when one is empty or too long, or the name is.
    public init?(labels: [[UInt8]], under parent: Name = .root) {
        var wire: [UInt8] = []
        wire.reserveCapacity(255)
        for label in labels {
            guard (1...63).contains(label.count) else { return nil }
            wire.append(UInt8(label.count))
            wire.append(contentsOf: label)
        }
        wire.append(contentsOf: parent.wire)
        guard wire.count <= 255 else { return nil }
        self.init(trusted: wire)
    }

    /// This name with these labels in front; nil when one is empty or too long, or the whole is.
    public func prepending(_ labels: String...) -> Name? {
        let byteCount = labels.reduce(wire.count) { $0 + $1.utf8.count + 1 }
        guard byteCount <= 255 else { return nil }
        var longer: [UInt8] = []
        longer.reserveCapacity(byteCount)
        for label in labels {
            guard (1...63).contains(label.utf8.count) else { return nil }
            longer.append(UInt8(label.utf8.count))
            longer.append(contentsOf: label.utf8)
        }
        longer += wire
        return Name(trusted: longer)
    }

    /// The name without its first label; nil for the root.
    public var parent: Name? {
        guard wire[0] > 0 else { return nil }
        return suffix(from: Int(wire[0]) + 1)
    }

    /// The name that begins at one of the labels.
    ///
    /// - Parameter offset: where that label begins in `wire`.
    public func suffix(from offset: Int) -> Name { Name(trusted: Array(wire[offset...])) }

    /// The labels from the left, without the root.
    public var labels: [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        var at = 0
        while wire[at] > 0 {
            let end = at + 1 + Int(wire[at])
            found.append(wire[(at + 1)..<end])
            at = end
        }
        return found
    }

    /// The same name in lower case (ASCII only, RFC 4343 §3).
    public var lowercased: Name {
        guard hasCapitals else { return self }
        return Name(trusted: wire.map { (65...90).contains($0) ? $0 | 0x20 : $0 })
    }

    private var hasCapitals: Bool {
        unsafe wire.withUnsafeBytes { bytes in
            var at = 0
            while bytes.count - at >= 8 {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                if folded(word) != word { return true }
                at += 8
            }
            while at < bytes.count {
                if (65...90).contains(unsafe bytes[at]) { return true }
                at += 1
            }
            return false
        }
    }

    /// Whether this name is `ancestor` or lies below it; case is ignored.
    public func isWithin(_ ancestor: Name) -> Bool {
        let mine = lowercased.wire
        let theirs = ancestor.lowercased.wire
        var at = 0
        while mine.count - at > theirs.count { at += Int(mine[at]) + 1 }
        return mine.count - at == theirs.count && mine[at...].elementsEqual(theirs)
    }
}

extension Name: CustomStringConvertible {
    /// Presentation form with a final dot; octets that are no plain characters are escaped.
    public var description: String {
        guard wire.count > 1 else { return "." }
        var text = ""
        for label in labels {
            for octet in label { text += escaped(octet) }
            text += "."
        }
        return text
    }
}

extension Name: Comparable {
    /// Canonical order (RFC 4034 §6.1): by label from the right, as lower-case octets.
    public static func < (a: Name, b: Name) -> Bool {
        let left = a.lowercased.labels.reversed()
        let right = b.lowercased.labels.reversed()
        return left.lexicographicallyPrecedes(right) { $0.lexicographicallyPrecedes($1) }
    }
}

private func escaped(_ octet: UInt8) -> String {
    switch octet {
    case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "@"),
        UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"):
        return "\\" + String(UnicodeScalar(octet))
    case 0x21...0x7e: return String(UnicodeScalar(octet))
    default:
        let digits = String(octet)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}

private func wireForm(of text: some StringProtocol) -> [UInt8]? {
    if text == "." { return [0] }
    var wire: [UInt8] = [0]
    var lengthAt = 0
    var octets = text.utf8.makeIterator()
    var ended = false
    while let octet = octets.next() {
        ended = octet == UInt8(ascii: ".")
        if ended {
            guard wire.count - lengthAt > 1, wire.count - lengthAt <= 64 else { return nil }
            wire[lengthAt] = UInt8(wire.count - lengthAt - 1)
            lengthAt = wire.count
            wire.append(0)
        } else if octet == UInt8(ascii: "\\") {
            guard let meant = unescaped(&octets) else { return nil }
            wire.append(meant)
        } else {
            wire.append(octet)
        }
    }
    if !ended {
        guard wire.count - lengthAt > 1, wire.count - lengthAt <= 64 else { return nil }
        wire[lengthAt] = UInt8(wire.count - lengthAt - 1)
        wire.append(0)
    }
    return wire.count <= 255 && wire.count > 1 ? wire : nil
}

/// The octet that `\X` or `\DDD` means; nil when the digits are too few or too large.
private func unescaped(_ octets: inout some IteratorProtocol<UInt8>) -> UInt8? {
    guard let first = octets.next() else { return nil }
    guard (48...57).contains(first) else { return first }
    guard let second = octets.next(), let third = octets.next(), (48...57).contains(second), (48...57).contains(third)
    else { return nil }
    let value = Int(first - 48) * 100 + Int(second - 48) * 10 + Int(third - 48)
    return UInt8(exactly: value)
}
