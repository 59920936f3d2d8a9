import Plugins
import SourceText
import Testing

@Suite("forward: mistakes") struct ForwardRefusalTests {
    static let words: [Mistake] = [
        Mistake(block("forward ."), "2:5: error: an argument is missing; write \"forward FROM TO…\""),
        Mistake(
            block("forward a..b 192.0.2.1"),
            "2:13: error: \"a..b\" is no zone: there is nothing between two of its dots"
        ),
        Mistake(
            "a.org {\n forward b.org 192.0.2.1\n}",
            "2:10: warning: b.org lies outside of this server block (a.org); no query for it comes here. Add it to the zones of the block"
        ),
        Mistake(
            block("forward . dns.example.org"),
            "2:15: error: \"dns.example.org\" is no IP address and no readable file, and names are not looked up; "
                + "write the address of the server, as 192.0.2.53 or tls://192.0.2.53"),
        Mistake(
            block("forward . dns://dns.example.org"),
            "2:15: error: \"dns.example.org\" is no IP address with or without a port; names are not looked up"),
        Mistake(block("forward . tls://"), "2:15: error: an address is missing behind tls://"),
        Mistake(
            block("forward . \"\""),
            "2:15: error: this word is empty; write the address of a server, or /etc/resolv.conf"),
        Mistake(
            block("forward . https://192.0.2.1"),
            "2:15: error: https://: servers are asked over UDP, TCP and TLS; write \"tls://ADDRESS\""),
        Mistake(
            block("forward . udp://192.0.2.1"),
            "2:15: error: \"udp://\" is unknown; write \"dns://192.0.2.1\" or \"tls://192.0.2.1\""),
        Mistake(block("forward . 192.0.2.1:0"), "2:15: error: the port must be 1–65535, not 0"),
        Mistake(
            block("forward . fe80::1"),
            "2:15: error: fe80::1 is a link-local address, which cannot be asked; write another address of that server"),
        Mistake(
            block("forward . fe80::1%eth0"),
            "2:15: error: \"fe80::1%eth0\" names an interface or a certificate; without tls:// write the address alone, "
                + "and none that is link-local"),
        Mistake(
            block("forward . tls://192.0.2.1%"),
            "2:15: error: \"\" is no name of a server; write \"tls://ADDRESS%NAME\""),
        Mistake(
            block("forward . /etc/none"),
            "2:15: error: cannot read /etc/none: No such file or directory; correct the path, or write the addresses of the servers"
        ),
        Mistake(
            block("forward . 192.0.2.1 192.0.2.1:53"), "2:25: warning: 192.0.2.1:53 is named twice; remove one of them"),
        Mistake(
            block("forward . " + (1...16).map { "192.0.2.\($0)" }.joined(separator: " ")),
            "2:171: error: forward asks at most 15 servers; remove some"),
    ]

    static let options: [Mistake] = [
        Mistake(forward("except"), "3:9: error: an argument is missing; write \"except ZONES…\""),
        Mistake(
            ". {\n forward a.org 192.0.2.1 {\n  except b.org\n }\n}",
            "3:3: warning: b.org lies outside of a.org, which this line is for; remove it from except"),
        Mistake(
            forward("policy rondom"),
            "3:16: error: \"rondom\" is none of random, round_robin and sequential; did you mean \"random\"?"),
        Mistake(forward("force_tcp yes"), "3:19: error: \"yes\" is one argument too many; write \"force_tcp\""),
        Mistake(
            forward("force_tcp", "prefer_udp"),
            "4:9: warning: prefer_udp has no effect beside force_tcp; remove one of them"),
        Mistake(
            forward("expire 10"), "3:16: error: expire must be a duration such as 5s, 500ms or 1m30s, not \"10\""),
        Mistake(forward("expire 25h"), "3:16: error: expire must be 0s–24h, not \"25h\""),
        Mistake(forward("read_timeout 0"), "3:22: error: read_timeout must be 1ms–24h, not \"0\""),
        Mistake(forward("max_fails -1"), "3:19: error: max_fails must be a whole number 0–4294967295, not \"-1\""),
        Mistake(
            forward("max_concurrent many"),
            "3:24: error: max_concurrent must be a whole number 0–4294967295, not \"many\""),
        Mistake(
            forward("max_connect_attempts 1 2"),
            "3:32: error: \"2\" is one argument too many; write \"max_connect_attempts COUNT\""),
        Mistake(
            forward("max_idle_conns 4294967296"),
            "3:24: error: max_idle_conns must be a whole number 0–4294967295, not \"4294967296\""),
        Mistake(
            forward("health_check"),
            "3:9: error: an argument is missing; write \"health_check DURATION [no_rec] [domain NAME]\""),
        Mistake(forward("health_check 0s"), "3:22: error: health_check must be 1ms–24h, not \"0s\""),
        Mistake(
            forward("health_check 1s norec"),
            "3:25: error: \"norec\" is none of no_rec and domain; did you mean \"no_rec\"?"),
        Mistake(
            forward("health_check 1s domain"),
            "3:25: error: a name is missing behind domain; write \"health_check DURATION [no_rec] [domain NAME]\""),
        Mistake(forward("health_check 1s domain 10.0.0.0/8"), "3:32: error: \"10.0.0.0/8\" is no name to ask for"),
        Mistake(
            forward("failover"), "3:9: error: an argument is missing; write \"failover CODE…\""),
        Mistake(
            forward("failover SERVFIAL"),
            "3:18: error: \"SERVFIAL\" is no response code such as SERVFAIL or REFUSED; did you mean \"SERVFAIL\"?"),
        Mistake(
            forward("failover NOERROR"),
            "3:18: error: NOERROR is an answer, after which no other server is asked; remove it"),
        Mistake(
            forward("next NXDOMAIN"),
            "2:5: warning: next has no effect here: no forward line for the same names follows"),
        Mistake(
            block("forward . 192.0.2.1 {", "next_on_nodata", "}", "forward b.org 192.0.2.2")),
        Mistake(
            block("forward . 192.0.2.1", "forward b.org 192.0.2.2"),
            "3:5: warning: this line is never asked: the forward at line 2 takes every name of b.org. Put it above"),
        Mistake(block("forward . 192.0.2.1 {", "except b.org", "}", "forward b.org 192.0.2.2")),
        Mistake(
            forward("tls"), "3:9: warning: tls has no effect: no server is written as tls://ADDRESS"),
        Mistake(
            forward("tls_servername a.org"),
            "3:9: warning: tls_servername has no effect: no server is written as tls://ADDRESS"),
        Mistake(
            forward(to: "tls://192.0.2.1%b.org", "tls_servername a.org"),
            "3:9: error: tls_servername and the name in tls://ADDRESS%NAME exclude each other; remove one"),
        Mistake(forward(to: "tls://192.0.2.1", "tls_servername ."), "3:24: error: \".\" is no name of a server"),
        Mistake(
            forward(to: "tls://192.0.2.1", "tls ca.pem"),
            "3:13: error: cannot read ca.pem: No such file or directory; correct the path of this PEM file"),
        Mistake(
            forward(to: "tls://192.0.2.1", "tls a b c d"),
            "3:19: error: \"d\" is one argument too many; write \"tls [CERT KEY] [CA]\""),
        Mistake(
            forward("max_age 1h"),
            "3:9: warning: max_age has no effect; connections are closed when idle for the time of expire. Remove the line"
        ),
        Mistake(
            forward("doh_method GET"),
            "3:9: error: doh_method is not supported by this version of ClusterDNS; servers are asked over UDP, TCP and TLS; remove the line"
        ),
        Mistake(
            forward("resolver 192.0.2.2"),
            "3:9: error: resolver is not supported by this version of ClusterDNS; "
                + "servers are written as addresses, and names are not looked up; remove the line"),
        Mistake(
            forward("max_conurrent 5"),
            "3:9: error: \"max_conurrent\" is no option of forward; did you mean \"max_concurrent\"?"),
        Mistake(
            block("max_concurrent 5"),
            "2:5: error: max_concurrent is an option of forward; write it between the braces of its block"),
    ]

    @Test(arguments: words + options) func tells(_ c: Mistake) {
        #expect(compile(c.text).diagnostics.map(\.description) == c.diagnostics)
    }

    static let resolvConfs: [(String, [String])] = [
        (
            "",
            [
                "Corefile:2:15: error: /etc/resolv.conf names no server; "
                    + "add a line such as \"nameserver 192.0.2.53\" to it, or write addresses here"
            ]
        ),
        (
            "nameserver 192.0.2.53\nnameserver 192.0.2.53\n",
            ["/etc/resolv.conf:2:12: warning: 192.0.2.53:53 is named twice; remove one of them"]
        ),
        (
            "nameserver dns\nnameserver 192.0.2.53\n",
            ["/etc/resolv.conf:1:12: warning: \"dns\" is no IP address; this line is passed over"]
        ),
        (
            (1...17).map { "nameserver 192.0.2.\($0)\n" }.joined(),
            ["Corefile:2:15: error: forward asks at most 15 servers; remove some"]
        ),
    ]

    @Test(arguments: resolvConfs) func resolvConf(_ text: String, _ diagnostics: [String]) {
        let found = compile(block("forward . /etc/resolv.conf"), files: ["/etc/resolv.conf": text])
        #expect(found.diagnostics.map(\.description) == diagnostics)
    }
}
