// Times as manifests write them (`2025-03-14T09:26:53Z`, RFC 3339), in seven octets instead of twenty.

extension ObjectWriter {
    /// Any other text is written as it is.
    mutating func timestamp(_ text: String?) {
        guard let text, let digits = PackedTime.digits(of: text) else { return optionalText(text) }
        time(digits)
    }

    mutating func time(_ digits: UInt64) {
        octet(TextMark.time)
        fixed(digits, byteCount: 6)
    }
}

extension ObjectReader {
    /// Behind its mark.
    mutating func timestamp() -> String { PackedTime.text(of: fixed(UInt64.self, byteCount: 6)) }
}

enum PackedTime {
    /// Zeros stand for digits, everything else for itself. A StaticString, since a document has many times.
    private static let form: StaticString = "0000-00-00T00:00:00Z"
    private static let zero = UInt8(ascii: "0")

    static func digits(of text: String) -> UInt64? {
        unsafe text.utf8.span.withUnsafeBytes { unsafe digits(of: $0) }
    }

    /// The fourteen digits as one number; nil for a text that has another form.
    static func digits(of text: UnsafeRawBufferPointer) -> UInt64? {
        guard text.count == form.utf8CodeUnitCount else { return nil }
        var number: UInt64 = 0
        for index in 0..<form.utf8CodeUnitCount {
            let (octet, expected) = unsafe (text[index], form.utf8Start[index])
            if expected == zero {
                let digit = octet &- zero
                guard digit < 10 else { return nil }
                number = number &* 10 &+ UInt64(digit)
            } else {
                guard octet == expected else { return nil }
            }
        }
        return number
    }

    static func text(of digits: UInt64) -> String {
        var octets = unsafe Array(UnsafeBufferPointer(start: form.utf8Start, count: form.utf8CodeUnitCount))
        var rest = digits
        for index in octets.indices.reversed() where octets[index] == zero {
            octets[index] += UInt8(rest % 10)
            rest /= 10
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
