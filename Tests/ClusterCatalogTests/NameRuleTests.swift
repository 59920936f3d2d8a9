import Testing

@testable import ClusterCatalog

/// The rules look at each byte once; here they are held against the sentences that they stand for.
@Suite struct NameRuleTests {
    typealias Rule = (Span<UInt8>) -> Bool

    private static let lower = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let letters = lower.union("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    /// Allowed bytes, with a letter or digit at both ends.
    private static func isWord(_ text: some Collection<UInt8>, _ ends: Set<UInt8>, _ others: String) -> Bool {
        guard let first = text.first, let last = Array(text).last else { return false }
        return ends.contains(first) && ends.contains(last) && text.allSatisfy(ends.union(others.utf8).contains)
    }

    static func isLabel(_ text: [UInt8]) -> Bool { text.count <= 63 && isWord(text, lower, "-") }

    static func isSubdomain(_ text: [UInt8]) -> Bool {
        text.count <= 253
            && text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
                isWord($0, lower, "-")
            }
    }

    static func isLabelValue(_ text: [UInt8]) -> Bool {
        text.isEmpty || text.count <= 63 && isWord(text, letters, "-_.")
    }

    static func isLabelKey(_ text: [UInt8]) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.last.map({ Array($0) }), !name.isEmpty, isLabelValue(name) else { return false }
        return parts.count == 1 || isSubdomain(Array(parts[0]))
    }

    private static func expectAgreement(_ text: [UInt8]) -> Int {
        let found = [
            NameRule.isLabel(text.span), NameRule.isSubdomain(text.span), NameRule.isLabelKey(text.span),
            NameRule.isLabelValue(text.span),
        ]
        let expected = [isLabel(text), isSubdomain(text), isLabelKey(text), isLabelValue(text)]
        #expect(found == expected, "\(String(decoding: text, as: UTF8.self))")
        return found.count { $0 }
    }

    static let lengths = [0, 1, 2, 62, 63, 64, 252, 253, 254, 300]

    @Test(arguments: lengths, ["x", "a.", "-", "/", "x/", "aA"]) func lengthsAreLimited(_ count: Int, _ unit: String) {
        let text = Array(String(repeating: unit, count: count).utf8.prefix(count))
        _ = Self.expectAgreement(text)
        _ = Self.expectAgreement(text + Array("/x".utf8))
        _ = Self.expectAgreement(Array("x/".utf8) + text)
    }

    @Test(arguments: UInt8.min...UInt8.max) func everyByteInEveryPlace(_ byte: UInt8) {
        for text in [
            [byte], [byte, 97], [97, byte], [97, byte, 97], [97, 47, byte], [byte, 47, 97], [97, byte, 47, 98],
        ] {
            _ = Self.expectAgreement(text)
        }
    }

    @Test func randomTexts() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("aaabz059-.-_/A \u{e9}".utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            accepted += Self.expectAgreement(text)
        }
        #expect(accepted > 1000)
    }
}

/// What the interner hands out is what was written, whatever it has seen before.
@Suite struct InternerTests {
    @Test func portListsStayWhatTheyAre() {
        let interner = Interner()
        for round in 0..<3 {
            for number in UInt16(1)...20 {
                let list = [ServicePort(name: "p\(number)", port: number), ServicePort(port: 53)]
                #expect(interner.shared(list) == list, "round \(round)")
                let others = [EndpointPort(name: "", port: number)]
                #expect(interner.shared(others) == others)
            }
        }
        #expect(interner.shared([ServicePort]()) == [])
    }

    @Test func labelsAreSortedHoweverTheyAreWritten() throws {
        let found = try DiagnosticTests.read(
            """
            {apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {a: "1", b: "2", c: "3"}}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {c: "3", a: "1", b: "2"}}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: c, labels: {a: "9", b: "2", a: "1", c: "3"}}}
            """)
        #expect(found.said == [])
        #expect(Set(found.objects.map(\.labels)) == [["a": "1", "b": "2", "c": "3"]])
        #expect(found.objects.map { Array($0.labels).map(\.key) } == Array(repeating: ["a", "b", "c"], count: 3))
    }

    @Test func thousandsOfLongTextsAreReadRight() throws {
        let names = (0..<5000).map { "a-name-that-is-longer-than-fifteen-\($0 * 7919 % 5000)" }
        let text = names.map { name in
            """
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: \(name)
              labels:
                app.kubernetes.io/name: \(name)
            spec: {}

            """
        }.joined()
        let found = try DiagnosticTests.read(text)
        #expect(found.said == [])
        #expect(Set(found.objects.map(\.key.name.name)) == Set(names))
        #expect(found.objects.allSatisfy { $0.labels["app.kubernetes.io/name"] == $0.key.name.name })
    }
}
