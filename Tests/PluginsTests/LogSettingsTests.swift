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
                "Corefile:2:11: warning: nothing gives {/pod/name} a value here, it is written as -; there is {/forward/upstream}",
                "Corefile:2:11: warning: {nmae} stands for nothing and is written as it is; did you mean \"name\"?",
            ])
    }

    @Test func theUpstreamIsAPlaceholder() throws {
        let (blocks, diagnostics) = compile(block("log . \"{name} {/forward/upstream}\""))
        #expect(diagnostics == [])
        let format = try #require(blocks.first?.log.first?.format)
        var fields = try Self.fields()
        #expect(format.line(fields) == "web.shop.svc.cluster.local. -")
        fields.upstream = "192.0.2.53:53"
        #expect(format.line(fields) == "web.shop.svc.cluster.local. 192.0.2.53:53")
    }

    @Test func objects() throws {
        let (blocks, diagnostics) = compile(block("log a.org {", "class error", "format json", "}"))
        #expect(diagnostics == [])
        let rule = try #require(blocks.first?.log.first)
        #expect(rule.format == .json)
        #expect(rule.classes == .error)
        var fields = try Self.fields(remote: "[2001:db8::1]:5")
        fields.name = "a\\\"b\u{1}.org."
        let start =
            #"{"level":"info","client_ip":"2001:db8::1","client_port":5,"server_ip":"::1","proto":"udp","id":29008,"#
        let middle =
            #""opcode":0,"qname":"a\\\"b\u0001.org.","qtype":"A","qclass":"IN","dnssec_ok":false,"bufsize":1232,"#
        let end =
            #""request_size":55,"rcode":"NOERROR","rflags":"qr,aa,rd","response_size":106,"duration_seconds":0.000037"#
        #expect(LogFormat.json.line(fields) == start + middle + end + "}")
        fields.upstream = "192.0.2.53:53"
        #expect(LogFormat.json.line(fields) == start + middle + end + #","upstream":"192.0.2.53:53"}"#)
    }

    @Test func anObjectStandsAlone() throws {
        let fields = try Self.fields()
        #expect(LogFormat.json.entry(fields).hasPrefix("{\"level\""))
        #expect(LogFormat.common.entry(fields).hasPrefix("[INFO] 10.0.0.9:40000 - "))
    }

    static let times: [(String, Duration?)] = [
        ("minDuration", .milliseconds(100)), ("minDuration 1s", .seconds(1)), ("class error", nil),
    ]

    @Test(arguments: times) func slowAnswers(_ line: String, _ duration: Duration?) throws {
        let (blocks, diagnostics) = compile(block("log {", "class error", line, "}"))
        #expect(diagnostics.filter { $0.severity == .error } == [])
        let rule = try #require(blocks.first?.log.first)
        #expect(rule.slowFrom == duration)
        #expect(rule.wants(.error, taking: .zero))
        #expect(!rule.wants(.success, taking: .milliseconds(99)))
        #expect(rule.wants(.success, taking: .seconds(1)) == (duration != nil))
    }

    static let mistakes: [Mistake] = [
        Mistake(
            block("log {", "minDuration 1s", "}"),
            "3:5: warning: minDuration has no effect: every kind is written already; add a line such as \"class error\""
        ),
        Mistake(
            block("log {", "class error", "minDuration 1", "}"),
            "4:17: error: minDuration must be a duration such as 5s, 500ms or 1m30s, not \"1\""),
        Mistake(
            block("log {", "format xml", "}"),
            "3:12: error: format knows only json, not \"xml\"; write other formats behind the names of log"),
        Mistake(
            block("log . {common} {", "format json", "}"),
            "3:5: error: a format stands behind the names of log already; remove one of them"),
    ]

    @Test(arguments: mistakes) func tells(_ c: Mistake) {
        #expect(compile(c.text).diagnostics.map(\.description) == c.diagnostics)
    }
}
