import SourceText
import Testing

/// Plain scalars as sigs.k8s.io/yaml resolves them.
struct PlainScalarTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let kind: Value.Kind
        var integer: Int?
        var boolean: Bool?
        var testDescription: String { text }
    }

    static let words: [Case] =
        ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"].map {
            Case(text: $0, kind: .boolean, boolean: true)
        }
        + ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"].map {
            Case(text: $0, kind: .boolean, boolean: false)
        }
        + ["~", "null", "Null", "NULL"].map { Case(text: $0, kind: .null) }
        + [
            "tRUE", "yES", "nULL", "oFF", "truely", "t", "f", "o", "nul", "none", "web", "0b", "0x", "1.2.3.4", "1_x",
            "e1",
        ]
        .map { Case(text: $0, kind: .string) }

    static let numbers: [Case] = [
        Case(text: "0", kind: .integer, integer: 0), Case(text: "80", kind: .integer, integer: 80),
        Case(text: "-1", kind: .integer, integer: -1), Case(text: "+7", kind: .integer, integer: 7),
        Case(text: "0x1F", kind: .integer, integer: 31), Case(text: "0X1f", kind: .integer, integer: 31),
        Case(text: "0o17", kind: .integer, integer: 15), Case(text: "017", kind: .integer, integer: 15),
        Case(text: "0b101", kind: .integer, integer: 5), Case(text: "-0b11", kind: .integer, integer: -3),
        Case(text: "1_000", kind: .integer, integer: 1000), Case(text: "0_7", kind: .integer, integer: 7),
        Case(text: "9223372036854775807", kind: .integer, integer: .max),
        Case(text: "-9223372036854775808", kind: .integer, integer: .min),
        Case(text: "9223372036854775808", kind: .float), Case(text: "0xFFFFFFFFFFFFFFFFFF", kind: .integer),
        Case(text: "1.5", kind: .float), Case(text: "80.0", kind: .float, integer: 80),
        Case(text: "8e1", kind: .float, integer: 80), Case(text: "08", kind: .float, integer: 8),
        Case(text: "1.", kind: .float, integer: 1), Case(text: ".5", kind: .float),
        Case(text: "-.5e3", kind: .float, integer: -500),
        Case(text: "1_0.5", kind: .float), Case(text: ".5_0", kind: .string), Case(text: "1e400", kind: .float),
        Case(text: ".inf", kind: .float), Case(text: "-.INF", kind: .float), Case(text: ".nan", kind: .float),
        Case(text: ".", kind: .string), Case(text: "+", kind: .string),
        Case(text: "1e", kind: .string), Case(text: "2024-01-01", kind: .string), Case(text: "12:30", kind: .string),
        Case(text: "0o8", kind: .string), Case(text: "1-", kind: .string), Case(text: "...x", kind: .string),
    ]

    @Test(arguments: words + numbers) func resolves(_ c: Case) {
        withValue("[\(c.text)]") { value in
            guard let scalar = Array(value.elements).first else { return }
            #expect(scalar.kind == c.kind)
            #expect(scalar.integer == c.integer)
            #expect(scalar.boolean == c.boolean)
            #expect(scalar.text == c.text)
            #expect(scalar.string == (c.kind == .string ? c.text : nil))
        }
    }
}
