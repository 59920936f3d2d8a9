import Testing

@testable import DNS

/// Names and codes on their own.
struct NameTests {
    @Test(
        arguments: [
            ("www.example.com", [3, 119, 119, 119, 7, 101, 120, 97, 109, 112, 108, 101, 3, 99, 111, 109, 0]),
            ("a.", [1, 97, 0]), (".", [0]), ("\\.", [1, 46, 0]), ("\\000\\255.x", [2, 0, 255, 1, 120, 0]),
            ("a\\ b", [3, 97, 32, 98, 0]),
            ("*.x", [1, 42, 1, 120, 0]), ("\\\\", [1, 92, 0]), ("A", [1, 65, 0]),
        ] as [(String, [UInt8])])
    func reads(text: String, wire: [UInt8]) {
        #expect(Name(text)?.wire == wire)
        #expect(Name(Name(text)?.description ?? "")?.wire == wire)
    }

    @Test(arguments: [
        "", "..", ".a", "a..b", "a..", "\\", "\\1", "\\12", "\\256", "\\12x", String(repeating: "a", count: 64),
        String(repeating: "a", count: 64) + ".b",
    ])
    func refuses(_ text: String) { #expect(Name(text) == nil) }

    @Test func lengths() throws {
        let label = String(repeating: "a", count: 63)
        #expect(Name(label) != nil)
        let long = [label, label, label, String(repeating: "a", count: 61)].joined(separator: ".")
        #expect(Name(long)?.wire.count == 255)
        #expect(Name(long + "a") == nil && Name(long)?.prepending("a") == nil)
        #expect(Name("x")?.prepending("") == nil && Name("x")?.prepending(label + "a") == nil)
        #expect(Name("x")?.prepending("a.b")?.wire == [3, 97, 46, 98, 1, 120, 0])
        #expect(Name(labels: [[]]) == nil && Name(labels: [[UInt8](repeating: 0, count: 64)]) == nil)
    }

    @Test func parentsAndLabels() {
        #expect(name("a.b").parent == name("b") && name("b").parent == .root && Name.root.parent == nil)
        #expect(name("a.b").labels.map(Array.init) == [[97], [98]] && Name.root.labels.isEmpty)
        #expect(name("A.bC").lowercased == name("a.bc"))
        #expect(name("*.x").isWildcard && !name("a.x").isWildcard && !Name.root.isWildcard && !name("**.x").isWildcard)
    }

    @Test(arguments: [
        ("a.b.c", "c", true), ("a.b.c", "B.C", true), ("a.b.c", "a.b.c", true), ("a.b.c", ".", true),
        ("b.c", "a.b.c", false),
        ("ab.c", "b.c", false), (".", ".", true), (".", "a", false),
    ])
    func within(name: String, ancestor: String, isWithin: Bool) {
        #expect(DNSTests.name(name).isWithin(DNSTests.name(ancestor)) == isWithin)
    }

    /// RFC 4034 §6.1 has this very list.
    @Test func canonicalOrder() {
        let sorted = [
            "example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example",
            "\\001.z.example", "*.z.example", "\\200.z.example",
        ]
        #expect(sorted.shuffled().map(name).sorted() == sorted.map(name))
    }

    @Test func hashesIgnoreCase() {
        for text in ["a", "abcdef", "abcdefg", "abcdefgh", "web.shop.svc.cluster.local", "."] {
            #expect(name(text.uppercased()).hash(seed: 5) == name(text).hash(seed: 5))
        }
        #expect(
            name("a").hash(seed: 5) != name("b").hash(seed: 5) && name("a").hash(seed: 5) != name("a").hash(seed: 6))
    }

    @Test func eightOctetsInLowerCase() {
        for octet in 0...255 as ClosedRange<UInt64> {
            for place in 0..<8 as Range<UInt64> {
                let others: UInt64 = 0x5a41_615b_4040_ffc1
                let word = others & ~(255 << (place * 8)) | octet << (place * 8)
                let expected = (0..<8 as Range<UInt64>).reduce(0 as UInt64) { sum, index in
                    let byte = word >> (index * 8) & 255
                    return sum | ((65...90).contains(byte) ? byte + 32 : byte) << (index * 8)
                }
                #expect(folded(word) == expected)
            }
        }
    }

    @Test(
        arguments: [("A", 1), ("srv", 33), ("TYPE65280", 65280), ("type1", 1), ("HTTPS", 65), ("any", 255)]
            as [(String, UInt16)])
    func types(text: String, code: UInt16) { #expect(RecordType(text)?.rawValue == code) }

    @Test(arguments: ["", "TYPE", "TYPE65536", "TYPE-1", "TYPE+1", "NOPE", "TYPE 1"])
    func noTypes(_ text: String) { #expect(RecordType(text) == nil) }

    @Test func codesHaveNames() {
        #expect(RecordType.aaaa.description == "AAAA" && RecordType(rawValue: 65280).description == "TYPE65280")
        #expect(ResponseCode.nameError.description == "NXDOMAIN" && ResponseCode(rawValue: 12).description == "RCODE12")
    }

    @Test func serialsAreACircle() {
        let zero = Serial(rawValue: 0)
        let top = Serial(rawValue: .max)
        let half = Serial(rawValue: 1 << 31)
        #expect(zero.isNewer(than: top) && !top.isNewer(than: zero) && top.next == zero)
        #expect(!zero.isNewer(than: zero) && !half.isNewer(than: zero) && !zero.isNewer(than: half))
        #expect(Serial(rawValue: 2).isNewer(than: Serial(rawValue: 1)))
    }
}
