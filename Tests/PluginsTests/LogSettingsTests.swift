import LinuxIO
import Plugins
import SourceText
import Testing

struct LogCase: CustomTestStringConvertible, Sendable {
    let line: String
    let zones: [String]
    let classes: LogRule.Classes
    let format: LogFormat
    var testDescription: String { line }

    init(_ line: String, zones: [String] = ["."], classes: LogRule.Classes = .all, format: LogFormat = .common) {
        self.line = line
        self.zones = zones
        self.classes = classes
        self.format = format
    }
}

@Suite("log") struct LogSettingsTests {
    static let cases: [LogCase] = [
        LogCase("log"),
        LogCase("log ."),
        LogCase("log Example.org. a.org", zones: ["example.org", "a.org"]),
        LogCase("log {common}"),
        LogCase("log . {combined}", format: .combined),
        LogCase(
            "log \"{name} is {rcode}\"", format: LogFormat(pieces: [.field(.name), .text(" is "), .field(.rcode)])),
        LogCase(
            "log a.org {type}{>do}", zones: ["a.org"],
            format: LogFormat(pieces: [.field(.type), .field(.isDNSSECWanted)])),
        LogCase("log . \"x {common}\"", format: LogFormat(pieces: [.text("x ")] + LogFormat.common.pieces)),
        LogCase("log {\nclass error\n}", classes: .error),
        LogCase("log a.org {\nclass denial success\nclass error\n}", zones: ["a.org"], classes: .all),
        LogCase("log . {combined} {\nclass denial\n}", classes: .denial, format: .combined),
        LogCase("log {\nclass all error\n}", classes: .all),
    ]

    @Test(arguments: cases) func reads(_ c: LogCase) throws {
        let (blocks, diagnostics) = compile(block(c.line))
        #expect(diagnostics == [])
        let rule = try #require(blocks.first?.log.first)
        #expect(rule.zones == c.zones)
        #expect(rule.classes == c.classes)
        #expect(rule.format == c.format)
    }

    @Test func rulesKeepTheirOrder() {
        #expect(compile(block("log b.org", "log a.org")).blocks.first?.log.map(\.zones) == [["b.org"], ["a.org"]])
    }

    static func fields(
        remote: String = "10.0.0.9:40000", flags: UInt16 = 0x8500, duration: Duration = .microseconds(37)
    ) throws -> LogFields {
        LogFields(
            remote: try #require(SocketAddress(remote)), local: try #require(IPAddress("::1")), id: 29008, opcode: 0,
            type: "A",
            queryClass: "IN", name: "web.shop.svc.cluster.local.", transport: "udp", queryByteCount: 55,
            isDNSSECWanted: false,
            bufferByteCount: 1232, responseCode: "NOERROR", responseFlags: flags, responseByteCount: 106,
            duration: duration)
    }

    @Test func common() throws {
        let line = LogFormat.common.line(try Self.fields())
        let query = "\"A IN web.shop.svc.cluster.local. udp 55 false 1232\""
        #expect(line == "10.0.0.9:40000 - 29008 \(query) NOERROR qr,aa,rd 106 0.000037s")
    }

    @Test func combined() throws {
        let fields = try Self.fields(remote: "[2001:db8::1]:5", flags: 0x87b0, duration: .seconds(2))
        let query = "\"A IN web.shop.svc.cluster.local. udp 55 false 1232\""
        #expect(
            LogFormat.combined.line(fields)
                == "[2001:db8::1]:5 - 29008 \(query) NOERROR qr,aa,tc,rd,ra,ad,cd 106 2s \"0\"")
    }

    static let placeholders: [(String, String)] = [
        ("{remote}", "10.0.0.9"), ("{port}", "40000"), ("{local}", "[::1]"), ("{type}", "A"), ("{class}", "IN"),
        ("{name}", "web.shop.svc.cluster.local."), ("{proto}", "udp"), ("{size}", "55"), ("{rcode}", "NOERROR"),
        ("{rsize}", "106"),
        ("{duration}", "1.5s"), ("{>id}", "29008"), ("{>opcode}", "0"), ("{>do}", "false"), ("{>bufsize}", "1232"),
        ("{>rflags}", "qr,aa,rd"), ("{rflags}", "qr,aa,rd"), ("{/forward/upstream}", "-"),
    ]

    @Test(arguments: placeholders) func placeholder(_ word: String, _ value: String) throws {
        let (blocks, diagnostics) = compile(block("log . \"<\(word)>\""))
        #expect(diagnostics == [])
        let format = try #require(blocks.first?.log.first?.format)
        #expect(format.line(try Self.fields(duration: .milliseconds(1500))) == "<\(value)>")
    }

    @Test func upstream() throws {
        let format = try #require(
            compile(block("log . \"{name} {/forward/upstream}\"")).blocks.first?.log.first?.format)
        var fields = try Self.fields()
        fields.upstream = "192.0.2.1:53"
        #expect(format.line(fields) == "web.shop.svc.cluster.local. 192.0.2.1:53")
    }

    @Test func unknownPlaceholdersStay() throws {
        let (blocks, diagnostics) = compile(block("log . \"{nmae} {/pod/name} { x\""))
        let format = try #require(blocks.first?.log.first?.format)
        #expect(format.line(try Self.fields()) == "{nmae} - { x")
        #expect(
            diagnostics.map(\.description) == [
                "Corefile:2:11: warning: {/pod/name} has no value here and is written as -",
                "Corefile:2:11: warning: {nmae} stands for nothing and is written as it is; did you mean \"name\"?",
            ])
    }
}
