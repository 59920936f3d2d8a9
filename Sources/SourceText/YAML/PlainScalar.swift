// What an unquoted YAML scalar is: YAML 1.1 in the reading of sigs.k8s.io/yaml (goyaml.v2/resolve.go), which decides
// what the API server sees.

enum PlainScalar {
    static func kind(of text: UnsafeRawBufferPointer) -> Value.Kind {
        guard let first = unsafe text.first else { return .null }
        switch first {
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"):
            if unsafe isNull(text) { return .null }
            return unsafe boolean(of: text) == nil ? .string : .boolean
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "t"), UInt8(ascii: "T"),
            UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"):
            return unsafe boolean(of: text) == nil ? .string : .boolean
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return unsafe numberKind(of: text)
        default:
            return .string
        }
    }

    /// No word has more than five letters, so a longer scalar costs one comparison.
    static func boolean(of text: UnsafeRawBufferPointer) -> Bool? {
        guard let first = unsafe text.first, text.count <= 5, beginsBoolean(first) else { return nil }
        if unsafe isOne(of: trueWords, text) { return true }
        return unsafe isOne(of: falseWords, text) ? false : nil
    }

    private static func beginsBoolean(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "o"): true
        default: false
        }
    }

    static func integer(of text: UnsafeRawBufferPointer) -> Int? {
        guard let first = unsafe text.first, first < UInt8(ascii: ":") else { return nil }
        switch unsafe Numeral.yamlInteger(text) {
        case .value(let value): return value
        case .tooLarge: return nil
        case .none: return unsafe wholeFloat(text)
        }
    }

    static func isNull(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = unsafe text.first else { return true }
        guard text.count <= 4, first | 0x20 == UInt8(ascii: "n") || first == UInt8(ascii: "~") else { return false }
        return unsafe isOne(of: nullWords, text)
    }

    private static func numberKind(of text: UnsafeRawBufferPointer) -> Value.Kind {
        if unsafe Numeral.yamlInteger(text) != .none { return .integer }
        if unsafe Numeral.isYAMLFloat(text) || isOne(of: floatWords, text) { return .float }
        return .string
    }

    /// `8e1` and `80.0` are 80 for the API server; `08` too, since it is no octal number.
    private static func wholeFloat(_ text: UnsafeRawBufferPointer) -> Int? {
        guard unsafe Numeral.isYAMLFloat(text) else { return nil }
        let digits = unsafe text.filter { $0 != UInt8(ascii: "_") }
        guard let value = Double(String(decoding: digits, as: UTF8.self)) else { return nil }
        return Int(exactly: value)
    }

    private static func isOne(of words: [StaticString], _ text: UnsafeRawBufferPointer) -> Bool {
        for word in words where word.utf8CodeUnitCount == text.count {
            if unsafe Bytes.has(word, at: 0, in: text) { return true }
        }
        return false
    }

    private static let nullWords: [StaticString] = ["~", "null", "Null", "NULL"]
    private static let trueWords: [StaticString] = [
        "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y",
    ]
    private static let falseWords: [StaticString] = [
        "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N",
    ]
    private static let floatWords: [StaticString] = [
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
    ]
}
