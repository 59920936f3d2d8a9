// Times as manifests write them (`2025-03-14T09:26:53Z`, RFC 3339), in seven octets instead of twenty.

extension ObjectWriter {
    /// Any other text is written as it is.
    mutating func timestamp(_ text: String?) {
        guard let text, let digits = PackedTime.digits(of: text) else { return optionalText(text) }
        octet(TextMark.time)
        fixed(digits, byteCount: 6)
    }
}

extension ObjectReader {
    /// Behind its mark.
    mutating func timestamp() -> String { PackedTime.text(of: fixed(UInt64.self, byteCount: 6)) }
}

enum PackedTime {
    private static let form = Array("0000-00-00T00:00:00Z".utf8)

    /// The fourteen digits as one number; nil for a text that has another form.
    static func digits(of text: String) -> UInt64? {
        guard text.utf8.count == form.count else { return nil }
        var number: UInt64 = 0
        for (octet, expected) in zip(text.utf8, form) {
            guard expected == UInt8(ascii: "0") else {
                guard octet == expected else { return nil }
                continue
            }
            guard (48...57).contains(octet) else { return nil }
            number = number * 10 + UInt64(octet - 48)
        }
        return number
    }

    static func text(of digits: UInt64) -> String {
        var octets = form
        var rest = digits
        for index in octets.indices.reversed() where octets[index] == UInt8(ascii: "0") {
            octets[index] += UInt8(rest % 10)
            rest /= 10
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
