import SourceText
import Testing

struct DocumentLimitTests {
    static func nested(_ depth: Int, _ open: String, _ close: String) -> String {
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }

    static let tooDeep = "values are nested more than 100 levels deep"

    @Test(arguments: [TextFormat.yaml, .json]) func nestingEnds(_ format: TextFormat) {
        #expect(read(Self.nested(100, "[", "]"), as: format).problems == [])
        #expect(read(Self.nested(100, "{\"a\":", "}"), as: format).problems == [])
        #expect(read(Self.nested(101, "{\"a\":", "}"), as: format).problems == ["1:501: \(Self.tooDeep)"])
    }

    @Test func bracketBombsEnd() {
        #expect(read(String(repeating: "[", count: 1_000_000)).problems == ["1:101: \(Self.tooDeep)"])
        #expect(read(String(repeating: "[", count: 1_000_000), as: .json).problems == ["1:101: \(Self.tooDeep)"])
        #expect(read(String(repeating: "- ", count: 100_000)).problems == ["1:201: \(Self.tooDeep)"])
        #expect(read(String(repeating: "{\n", count: 100_000)).problems.count == 1)
        #expect(read(String(repeating: "? ", count: 100_000)).problems == ["1:201: \(Self.tooDeep)"])
    }

    @Test func aliasBombEnds() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            let names = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(names)]\n"
        }
        #expect(read(text + "---\nb: 1\n").values == ["{b: 1}"])
        #expect(read(text).problems == ["6:45: the aliases of this document stand for more than 1000000 values"])
    }

    @Test func mergeBombEnds() {
        let members = (0..<1000).map { "k\($0): 1" }.joined(separator: ", ")
        var text = "- &a {\(members)}\n"
        for _ in 0..<2000 { text += "- {<<: *a}\n" }
        #expect(read(text).problems.first?.hasSuffix("stand for more than 1000000 values") == true)
    }

    @Test func manyAliasesWithinTheLimitAreFine() {
        let text = "- &a {x: 1}\n" + String(repeating: "- *a\n", count: 10_000)
        #expect(read(text).problems == [])
    }

    @Test func tagDirectivesEnd() {
        var text = ""
        for index in 0..<5000 { text += "%TAG !t\(index)! tag:\(index)\n" }
        #expect(read(text + "---\na: 1\n").problems == ["1:1: more than 1000 %TAG lines in one document"])
    }

    @Test func hugeScalarsAreFineAndTheirMemoryIsGivenBack() {
        let document = Document()
        let small = document.residentByteCount
        for format in [TextFormat.yaml, .json] {
            let text = "{\"a\": \"" + String(repeating: "x", count: 6 << 20) + "\"}"
            #expect(read(Array(text.utf8), as: format, into: document).problems == [])
            #expect(document.residentByteCount == small)
        }
        let many = "[" + String(repeating: "1,", count: 300_000) + "1]"
        #expect(read(Array("{\"a\": \(many)}".utf8), as: .json, into: document).problems == [])
        #expect(document.residentByteCount == small)
    }

    @Test func ordinaryDocumentsKeepTheirBuffers() {
        let document = Document()
        let text = "{\"a\": [" + String(repeating: "1,", count: 10_000) + "1]}"
        _ = read(Array(text.utf8), as: .json, into: document)
        let grown = document.residentByteCount
        #expect(grown > 200_000)
        _ = read(Array(text.utf8), as: .json, into: document)
        #expect(document.residentByteCount == grown)
    }

    @Test func aLookThroughAnOldValueStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            var kept: Value?
            unsafe withPieces(Array("a: 1\n".utf8), as: .yaml) { bytes, text in
                let document = Document()
                unsafe DocumentReader().read(
                    text.pieces, of: bytes, cut: text, into: document, found: { value, _ in kept = value },
                    problem: { _, _ in })
                withExtendedLifetime(document) { _ = kept?.count }
            }
        }
    }
}
