// Digits to numbers, for both languages.

enum Numeral: Equatable {
    /// No whole number is written here.
    case none
    case value(Int)
    /// A whole number beyond 64 bits with a sign.
    case tooLarge

    /// Decimal, `0x`, `0o`, `0b` or octal with a leading zero; underscores anywhere. Decimal numbers beyond
    /// 64 bits are floats there, hence `none`.
    static func yamlInteger(_ text: UnsafeRawBufferPointer) -> Numeral {
        var at = 0
        let isNegative = unsafe text.first == UInt8(ascii: "-")
        if unsafe isNegative || text.first == UInt8(ascii: "+") { at = 1 }
        let base = unsafe base(of: text, at: &at)
        let result = unsafe digits(of: text, from: at, base: base, isNegative: isNegative, underscores: true)
        return result == .tooLarge && base == 10 ? .none : result
    }

    /// A JSON number without fraction and exponent.
    static func jsonInteger(_ text: UnsafeRawBufferPointer) -> Numeral {
        let isNegative = unsafe text.first == UInt8(ascii: "-")
        return unsafe digits(
            of: text, from: isNegative ? 1 : 0, base: 10, isNegative: isNegative, underscores: false)
    }

    /// The regular expression `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` after underscores are taken out.
    static func isYAMLFloat(_ text: UnsafeRawBufferPointer) -> Bool {
        // Underscores are taken out only where a digit or a sign comes first.
        let allowsUnderscores = unsafe text.first != UInt8(ascii: ".")
        var at = 0
        if at < text.count, unsafe isSign(text[at]) { at += 1 }
        let whole = unsafe skipDigits(of: text, at: &at, underscores: allowsUnderscores)
        var fraction = 0
        if at < text.count, unsafe text[at] == UInt8(ascii: ".") {
            at += 1
            fraction = unsafe skipDigits(of: text, at: &at, underscores: allowsUnderscores)
        }
        guard whole + fraction > 0 else { return false }
        guard at < text.count else { return true }
        guard unsafe text[at] | 0x20 == UInt8(ascii: "e") else { return false }
        at += 1
        if at < text.count, unsafe isSign(text[at]) { at += 1 }
        return unsafe skipDigits(of: text, at: &at, underscores: allowsUnderscores) > 0 && at == text.count
    }

    /// Skips a prefix and says which base it means.
    private static func base(of text: UnsafeRawBufferPointer, at: inout Int) -> UInt64 {
        guard at + 1 < text.count, unsafe text[at] == UInt8(ascii: "0") else { return 10 }
        at += 1
        switch unsafe text[at] | 0x20 {
        case UInt8(ascii: "x"):
            at += 1
            return 16
        case UInt8(ascii: "o"):
            at += 1
            return 8
        case UInt8(ascii: "b"):
            at += 1
            return 2
        default: return 8
        }
    }

    private static func digits(
        of text: UnsafeRawBufferPointer, from start: Int, base: UInt64, isNegative: Bool, underscores: Bool
    ) -> Numeral {
        var magnitude: UInt64 = 0
        var count = 0
        var overflowed = false
        for index in start..<max(start, text.count) {
            let byte = unsafe text[index]
            if underscores, byte == UInt8(ascii: "_") { continue }
            guard let digit = hexDigit(byte), digit < base else { return .none }
            let product = magnitude.multipliedReportingOverflow(by: base)
            let sum = product.partialValue.addingReportingOverflow(digit)
            overflowed = overflowed || product.overflow || sum.overflow
            magnitude = sum.partialValue
            count += 1
        }
        guard count > 0 else { return .none }
        guard !overflowed, magnitude <= UInt64(Int.max) + (isNegative ? 1 : 0) else { return .tooLarge }
        return .value(isNegative ? Int(truncatingIfNeeded: 0 &- magnitude) : Int(magnitude))
    }

    private static func skipDigits(of text: UnsafeRawBufferPointer, at: inout Int, underscores: Bool) -> Int {
        var count = 0
        while at < text.count {
            let byte = unsafe text[at]
            let isDigit = byte &- UInt8(ascii: "0") < 10
            guard isDigit || (underscores && byte == UInt8(ascii: "_")) else { break }
            if isDigit { count += 1 }
            at += 1
        }
        return count
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }

    /// The value of one hexadecimal digit.
    static func hexDigit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt64(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return UInt64(byte &- UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return UInt64(byte &- UInt8(ascii: "A")) + 10
        default: return nil
        }
    }
}
