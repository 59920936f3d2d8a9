import Testing
import WireMessages

@testable import DNS

/// What is done to a finished answer on its way to the client.
struct WayBackTests {
    static let name = "www.example.com"
    static let query = WireQuery(name, 1)
    private static let x = wireName("x.example")

    private func changed(_ wire: WireResponse, _ query: WireQuery = query, _ change: (inout MutableRawSpan, Int) -> Int)
        throws -> WireMessage
    {
        let read = try #require(response(wire))
        let (count, bytes) = inPlace(query) { asked, message in
            let outcome = render(read, to: asked, in: &message, limits: .udp, turn: 0)
            return change(&message, outcome.byteCount ?? 0)
        }
        return try WireMessage(Array(bytes[..<count]))
    }

    struct Minimal: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let response: WireResponse
        var query = WayBackTests.query
        let isStripped: Bool
    }

    private static let full = Responses.addresses(name, 2).with {
        $0.authorities = [wireRecord(2, questionPointer)]
        $0.additionals = [Responses.address(7), Responses.six(8)]
    }

    static let minimal: [Minimal] = [
        Minimal(testDescription: "an answer", response: full, isStripped: true),
        Minimal(
            testDescription: "an answer with EDNS", response: full,
            query: query.edns(options: ednsOption(10, Array(0..<8))), isStripped: true),
        Minimal(
            testDescription: "an alias and its address",
            response: full.with {
                $0.answers = [Responses.alias(to: x), Responses.address(1, owner: x)]
            }, isStripped: true),
        Minimal(
            testDescription: "an alias that leads to nothing",
            response: full.with { $0.answers = [Responses.alias(to: x)] }, isStripped: false),
        Minimal(testDescription: "no data", response: full.with { $0.answers = [] }, isStripped: false),
        Minimal(testDescription: "NXDOMAIN", response: full.with { $0.flags = 0x8183 }, isStripped: false),
        Minimal(
            testDescription: "ANY", response: full.with { $0.type = 255 }, query: WireQuery(name, 255), isStripped: true
        ),
    ]

    @Test(arguments: minimal) func leavesOut(_ c: Minimal) throws {
        let before = try changed(c.response, c.query) { $1 }
        let after = try changed(c.response, c.query) { stripToAnswer(&$0, byteCount: $1) }
        #expect(after.answers == before.answers && after.opt == before.opt && after.flags == before.flags)
        #expect(after.authorities == (c.isStripped ? [] : before.authorities))
        #expect(after.additionals == (c.isStripped ? [] : before.additionals))
        #expect((after.byteCount < before.byteCount) == c.isStripped)
    }

    @Test func aMessageThatIsNoAnswerStays() {
        let (count, bytes) = inPlace(Self.query) { _, message in stripToAnswer(&message, byteCount: 11) }
        #expect(count == 11 && bytes.starts(with: Self.query.bytes))
    }

    static let ranges = [
        AddressRange(high: 0, low: 0xc000_0300, isIPv4: true, prefixLength: 24),
        AddressRange(high: 0x2001_0db8_0000_0000, low: 0, isIPv4: false, prefixLength: 32),
        AddressRange(high: 0, low: 0xc000_0205, isIPv4: true, prefixLength: 32),
    ]

    @Test func preferredAddressesComeFirst() throws {
        func a(_ net: UInt8, _ last: UInt8) -> [UInt8] { wireRecord(Self.x, 1, [192, 0, net, last]) }
        let wire = WireResponse(
            Self.name, 1,
            [
                Responses.alias(to: Self.x), a(2, 1), a(2, 5), a(3, 9), a(2, 7), a(3, 8),
                wireRecord(Self.x, 28, [0xfd] + Array(repeating: 0, count: 15)), Responses.six(1, owner: Self.x),
                Responses.address(5),
            ])
        let message = try changed(wire) {
            preferAddresses(of: Self.ranges, in: &$0, byteCount: $1)
            return $1
        }
        #expect(
            message.answers.map(\.data) == [
                "x.example.", "192.0.3.9", "192.0.3.8", "192.0.2.5", "192.0.2.1", "192.0.2.7", "2001:db8:0:0:0:0:0:1",
                "fd00:0:0:0:0:0:0:0", "192.0.2.5",
            ])
    }

    @Test(arguments: [
        (0, true), (1, true), (31, true), (32, true), (33, true), (0, false), (64, false), (65, false), (128, false),
    ])
    func rangesOfEveryLength(length: Int, isIPv4: Bool) throws {
        let wire =
            isIPv4
            ? Responses.addresses(Self.name, 2) : WireResponse(Self.name, 28, [Responses.six(1), Responses.six(2)])
        let second: (UInt64, UInt64) = isIPv4 ? (0, 0xc000_0001) : (0x2001_0db8_0000_0000, 2)
        let range = AddressRange(high: second.0, low: second.1, isIPv4: isIPv4, prefixLength: length)
        let query = WireQuery(Self.name, isIPv4 ? 1 : 28)
        let message = try changed(wire, query) {
            preferAddresses(of: [range], in: &$0, byteCount: $1)
            return $1
        }
        let isExact = length >= (isIPv4 ? 32 : 128)
        #expect(message.answers.first?.data.last == (isExact ? (isIPv4 ? "1" : "2") : (isIPv4 ? "0" : "1")))
    }
}
