import LinuxIO
import Testing

@Suite struct IPAddressTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var canonical: String?
        var testDescription: String { text.isEmpty ? "empty" : text }
        init(_ text: String, _ canonical: String?) {
            self.text = text
            self.canonical = canonical
        }
    }

    static let written = [
        Case("0.0.0.0", "0.0.0.0"), Case("127.0.0.1", "127.0.0.1"), Case("255.255.255.255", "255.255.255.255"),
        Case("10.96.0.10", "10.96.0.10"),
        Case("::", "::"), Case("::1", "::1"), Case("1::", "1::"), Case("2001:DB8::0001", "2001:db8::1"),
        Case("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), Case("1:0:0:4:5:0:0:0", "1:0:0:4:5::"),
        Case("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), Case("1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
        Case("1:0:0:4:0:0:7:8", "1::4:0:0:7:8"), Case("0:0:3::", "0:0:3::"), Case("::7:0:0", "::7:0:0"),
        Case("fe80:0:0:0:ffff:0:0:a", "fe80::ffff:0:0:a"), Case("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        Case("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), Case("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        Case("::ffff:c000:201", "::ffff:192.0.2.1"),
        Case("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ]

    static let refused = [
        "", "1", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.00", "1.2.3.4 ", " 1.2.3.4", "1..3.4",
        "1.2.3.", "+1.2.3.4", "0x1.2.3.4", "1.2.3.1000", ":", ":::", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%eth0", "::1.2.3",
        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "[::1]", "::1 ", "1:2:3:4:5:6:7:", "1.2.3.4:53", "::01.2.3.4",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555",
    ].map { Case($0, nil) }

    @Test(arguments: written + refused)
    func readsAndWrites(_ c: Case) {
        let address = IPAddress(c.text)
        #expect(address?.description == c.canonical)
        if let canonical = c.canonical { #expect(IPAddress(canonical) == address) }
    }

    @Test func hasTheParts() throws {
        #expect(IPAddress(v4: 0x7f00_0001).description == "127.0.0.1")
        #expect(try #require(IPAddress("10.0.0.1")).v4 == 0x0a00_0001)
        let address = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1)
        #expect(address.description == "2001:db8::1")
        #expect(try #require(IPAddress("2001:db8::1")).v6 == (0x2001_0db8_0000_0000, 1))
        #expect(MemoryLayout<IPAddress>.size == 17)
    }

    @Test func isOrdered() {
        let texts = ["9.0.0.0", "10.0.0.1", "10.0.0.2", "::", "::1", "::2", "1::", "ffff::"]
        let addresses = texts.compactMap { IPAddress($0) }
        #expect(addresses.count == texts.count)
        #expect(addresses.reversed().sorted() == addresses)
    }

    enum Property: Sendable { case loopback, unspecified, linkLocal, ordinary }

    @Test(arguments: [
        ("127.0.0.1", Property.loopback), ("127.255.0.9", .loopback), ("::1", .loopback), ("128.0.0.1", .ordinary),
        ("0.0.0.0", .unspecified), ("::", .unspecified), ("169.254.1.1", .linkLocal), ("fe80::1", .linkLocal),
        ("febf::1", .linkLocal), ("fec0::1", .ordinary), ("169.255.1.1", .ordinary), ("::2", .ordinary),
    ])
    func knowsWhatItIsFor(_ text: String, _ property: Property) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isLoopback == (property == .loopback))
        #expect(address.isUnspecified == (property == .unspecified))
        #expect(address.isLinkLocal == (property == .linkLocal))
    }

    @Test func readsBytes() {
        let text = Array("::1".utf8)
        let address = unsafe text.withUnsafeBytes { unsafe IPAddress(utf8: $0) }
        #expect(address == IPAddress("::1"))
        #expect(unsafe IPAddress(utf8: UnsafeRawBufferPointer(start: nil, count: 0)) == nil)
    }
}

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1:53", "127.0.0.1:53"), ("[::1]:65535", "[::1]:65535"), ("127.0.0.1", "127.0.0.1:53"),
        ("::1", "[::1]:53"), ("[::1]", "[::1]:53"), ("[2001:DB8::]:0", "[2001:db8::]:0"), ("1.2.3.4:", nil),
        ("1.2.3.4:65536", nil), ("1.2.3.4:+5", nil), ("1.2.3.4:5x", nil), ("[1.2.3.4]:53", nil), ("[::1]53", nil),
        ("[::1", nil), ("[::1]:", nil), (":53", nil), ("localhost:53", nil), ("", nil), ("[", nil),
    ])
    func readsAndWrites(_ text: String, _ expected: String?) {
        #expect(SocketAddress(text, defaultPort: 53)?.description == expected)
    }

    @Test(arguments: ["127.0.0.1", "::1", "[::1]"])
    func wantsAPortWithoutADefault(_ text: String) {
        #expect(SocketAddress(text) == nil)
    }
}

@Suite struct SystemErrorTests {
    @Test func saysWhatAndWhy() {
        let error = SystemError(call: "bind", code: 98)
        #expect(error.description == "bind: Address already in use (EADDRINUSE)")
        #expect(SystemError(call: "x", code: 4095).description == "x: unknown error (error 4095)")
    }
}
