import Plugins
import SourceText
import Testing

@Suite("Mistakes in small words") struct SmallWordsMistakeTests {
    /// Words that take no argument.
    static let lone = ["any", "minimal", "whoami", "local", "debug"].map { word in
        Mistake(
            block("\(word) yes"),
            "2:\(6 + word.count): error: \"yes\" is one argument too many; write \"\(word)\"")
    }

    /// Words that take no option.
    static let plain = [
        "any", "minimal", "whoami", "debug", "bufsize", "cancel", "chaos", "multisocket", "nsid", "root /srv",
    ].map { line in
        let word = line.prefix { $0.isLetter }
        let note = PluginList.plugin(String(word))?.note.map {
            "2:5: warning: \(word) is accepted and does nothing here: \($0); remove the line to silence this"
        }
        let mistake = "3:5: error: \"colour\" is no option of \(word); it takes no options"
        let text = block("\(line) {", "colour", "}")
        return note.map { Mistake(text, $0, mistake) } ?? Mistake(text, mistake)
    }

    static let twice = [
        "any", "bufsize", "cancel", "chaos", "local", "minimal", "multisocket", "nsid", "root a", "whoami",
    ].map { line in
        let word = line.prefix { $0.isLetter }
        return Mistake(
            block(line, line),
            "3:5: error: \(word) stands in this server block already, at line 2; remove one of them")
    }

    static let numbers: [Mistake] = [
        Mistake(block("bufsize 511"), "2:13: error: bufsize must be a whole number 512–4096, not \"511\""),
        Mistake(block("bufsize 4097"), "2:13: error: bufsize must be a whole number 512–4096, not \"4097\""),
        Mistake(block("bufsize 1k"), "2:13: error: bufsize must be a whole number 512–4096, not \"1k\""),
        Mistake(block("bufsize \"\""), "2:13: error: bufsize must be a whole number 512–4096, not \"\""),
        Mistake(block("bufsize 512 513"), "2:17: error: \"513\" is one argument too many; write \"bufsize [SIZE]\""),
        Mistake(
            block("bufsize 1233"),
            "2:13: warning: answers over UDP never have more than 1232 octets here, so that they arrive in one piece; "
                + "write \"bufsize 1232\", or remove the line"),
        Mistake(block("multisocket 0"), "2:17: error: multisocket must be a whole number 1–1024, not \"0\""),
        Mistake(block("multisocket 1025"), "2:17: error: multisocket must be a whole number 1–1024, not \"1025\""),
        Mistake(block("multisocket -1"), "2:17: error: multisocket must be a whole number 1–1024, not \"-1\""),
        Mistake(
            block("multisocket 1 2"), "2:19: error: \"2\" is one argument too many; write \"multisocket [COUNT]\""),
    ]

    static let texts: [Mistake] = [
        Mistake(
            block("cancel 0s"),
            "2:12: error: cancel must be 1ms–24h, not \"0s\""),
        Mistake(block("cancel 25h"), "2:12: error: cancel must be 1ms–24h, not \"25h\""),
        Mistake(
            block("cancel 5"), "2:12: error: cancel must be a duration such as 5s, 500ms or 1m30s, not \"5\""),
        Mistake(block("cancel 1s 2s"), "2:15: error: \"2s\" is one argument too many; write \"cancel [TIMEOUT]\""),
        Mistake(
            block("chaos v1 \(String(repeating: "a", count: 256))"),
            "2:14: error: this text has 256 octets; one of DNS has at most 255"),
        Mistake(
            block("chaos \(String(repeating: "ä", count: 128))"),
            "2:11: error: this text has 256 octets; one of DNS has at most 255"),
        Mistake(block("nsid \"\""), "2:10: error: what nsid sends must have 1–128 octets, not 0"),
        Mistake(
            block("nsid x \(String(repeating: "a", count: 127))"),
            "2:10: error: what nsid sends must have 1–128 octets, not 129"),
        Mistake(block("root"), "2:5: error: an argument is missing; write \"root PATH\""),
        Mistake(block("root a b"), "2:12: error: \"b\" is one argument too many; write \"root PATH\""),
        Mistake(block("root \"\""), "2:10: error: this path is empty; write \"root PATH\""),
        Mistake(
            block("local {", "localhost_prefix off", "}"),
            "3:22: error: localhost_prefix is always on here, not \"off\": names such as localhost.example.org "
                + "are answered; remove the line"),
        Mistake(
            block("local {", "localhost_prefix", "}"),
            "3:5: error: an argument is missing; write \"localhost_prefix on\""),
        Mistake(
            block("local {", "localhost_prefx on", "}"),
            "3:5: error: \"localhost_prefx\" is no option of local; did you mean \"localhost_prefix\"?"),
    ]

    static let timeouts: [Mistake] = [
        Mistake(
            block("timeouts"),
            "2:5: error: timeouts says nothing; add a line such as \"idle 30s\" to its block, or remove it"),
        Mistake(
            block("timeouts {", "}"),
            "2:5: error: timeouts says nothing; add a line such as \"idle 30s\" to its block, or remove it"),
        Mistake(
            block("timeouts 5s {", "idle 5s", "}"),
            "2:14: error: \"5s\" is one argument too many; write \"timeouts {\""),
        Mistake(
            block("timeouts {", "read 999ms", "}"),
            "3:10: error: read must be a duration 1s–24h such as 30s, not \"999ms\""),
        Mistake(
            block("timeouts {", "write 24h1s", "}"),
            "3:11: error: write must be a duration 1s–24h such as 30s, not \"24h1s\""),
        Mistake(
            block("timeouts {", "idle 0", "}"),
            "3:10: error: idle must be a duration 1s–24h such as 30s, not \"0\""),
        Mistake(
            block("timeouts {", "idle soon", "}"),
            "3:10: error: idle must be a duration 1s–24h such as 30s, not \"soon\""),
        Mistake(
            block("timeouts {", "read", "}"), "3:5: error: an argument is missing; write \"read DURATION\""),
        Mistake(
            block("timeouts {", "maxtcpqueries 0", "}"),
            "3:19: error: maxtcpqueries must be a whole number of at least 1, or -1, not \"0\""),
        Mistake(
            block("timeouts {", "maxtcpqueries -2", "}"),
            "3:19: error: maxtcpqueries must be a whole number of at least 1, or -1, not \"-2\""),
        Mistake(
            block("timeouts {", "maxtcpquery 5", "}"),
            "3:5: error: \"maxtcpquery\" is no option of timeouts; did you mean \"maxtcpqueries\"?"),
    ]

    static let noted: [Mistake] = [
        Mistake(block("pprof :1 :2"), "2:14: error: \":2\" is one argument too many; write \"pprof [ADDRESS]\""),
        Mistake(
            block("trace a b c"),
            "2:15: error: \"c\" is one argument too many; write \"trace [ENDPOINT-TYPE] [ENDPOINT]\""),
        Mistake(
            block("trace a b c {", "evry 5", "}"),
            "2:15: error: \"c\" is one argument too many; write \"trace [ENDPOINT-TYPE] [ENDPOINT]\"",
            "3:5: error: \"evry\" is no option of trace; did you mean \"every\"?"),
        Mistake(
            block("metadata {", "map {{.IP}} VRF {", "127.0.0.1 a", "}", "}"),
            "2:5: warning: metadata is accepted and does nothing here: log has the label {/forward/upstream} "
                + "without it, and other labels do not exist; remove the line to silence this",
            "3:5: error: map is not supported by this version of ClusterDNS; no label is made from a query; remove it"),
    ]

    @Test(arguments: lone + plain + twice + numbers + texts + timeouts + noted) func tells(_ c: Mistake) {
        #expect(compile(c.text).diagnostics.map(\.description) == c.diagnostics)
    }
}
