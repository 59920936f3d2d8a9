import Testing

@testable import SourceText

/// Skipping looks at 64 bytes at once; a walk over each byte must end in the same place.
struct JSONSkipperTests {
    /// Behind the bracket that closes the first one; nil if none does.
    static func end(of text: [UInt8]) -> Int? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in text.enumerated() {
            if isInString {
                (isInString, isEscaped) = (
                    byte != UInt8(ascii: "\"") || isEscaped, byte == UInt8(ascii: "\\") && !isEscaped
                )
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }

    static func skip(_ text: [UInt8]) -> Int? {
        unsafe text.withUnsafeBytes { bytes in
            var skipper = unsafe JSONSkipper(bytes, at: 0)
            return skipper.skipValue() ? skipper.at : nil
        }
    }

    static func expectAgreement(_ text: [UInt8]) {
        #expect(skip(text) == end(of: text), "\(String(decoding: text, as: UTF8.self))")
    }

    @Test(arguments: 0..<70) func everySignAtEveryOffset(_ offset: Int) {
        let inside = String(repeating: "a", count: offset)
        let outside = String(repeating: " ", count: offset)
        let rest = String(repeating: " ", count: 150)
        for sign in [
            "\"", "\\", "{", "}", "[", "]", "\\\"", "\\\\\"", "\"}", "}\"", "\u{1b}", "\u{3b}", "é", "\u{fb}", "\u{fd}",
        ] {
            Self.expectAgreement(Array("{\(outside)\(sign)\(rest)}".utf8))
            Self.expectAgreement(Array("{\(outside)\(sign)\(rest)}}}\(rest)".utf8))
            Self.expectAgreement(Array("[\"\(inside)\(sign)\(rest)\"]\(rest)".utf8))
            Self.expectAgreement(Array("[\"\(inside)\(sign)\(inside)\",[\(outside)]]".utf8))
        }
        // Bytes that differ from a bracket in one bit.
        for byte in UInt8.min...UInt8.max {
            Self.expectAgreement(Array("[".utf8) + Array(outside.utf8) + [byte] + Array("]\(rest)]".utf8))
        }
    }

    @Test func randomText() {
        var random = DocumentPropertyTests.Random(state: 5)
        let signs = Array("{{[[}}]]\"\"\"\"\\\\abc:, \n".utf8)
        var closed = 0
        for _ in 0..<20_000 {
            let plain = Int.random(in: 0..<4, using: &random)
            let text = (0..<Int.random(in: 0..<400, using: &random)).map { _ -> UInt8 in
                let sign = signs[Int.random(in: 0..<signs.count, using: &random)]
                return Int.random(in: 0...plain, using: &random) == 0 ? sign : UInt8(ascii: "x")
            }
            let value = Array("[".utf8) + text
            Self.expectAgreement(value)
            if Self.end(of: value) != nil { closed += 1 }
        }
        #expect(closed > 1000)
    }

    @Test(arguments: 0..<40) func placesBehindLongLinesAreCounted(_ count: Int) {
        for (unit, columns) in [("a", 1), ("é", 1), ("\n", 0), ("€\n", 0)] {
            let text = Array(String(repeating: unit, count: count).utf8)
            var place = TextPlace()
            unsafe text.withUnsafeBytes { unsafe place.advance(over: $0) }
            let lines = unit.contains("\n") ? count : 0
            #expect(place == TextPlace(line: 1 + lines, column: 1 + columns * count))
        }
    }
}
