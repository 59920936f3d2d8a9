import Plugins
import SourceText
import Testing

struct Mistake: CustomTestStringConvertible, Sendable {
    let text: String
    let diagnostics: [String]
    var testDescription: String { text.split(separator: "\n").joined(separator: "⏎") }

    init(_ text: String, _ diagnostics: String...) {
        self.text = text
        self.diagnostics = diagnostics.map { "Corefile:\($0)" }
    }
}

@Suite("Refusals") struct RefusalTests {
    static let keys: [Mistake] = [
        Mistake(".:0 {\n}", "1:1: error: the port must be 1–65535, not \"0\""),
        Mistake(".:65536 {\n}", "1:1: error: the port must be 1–65535, not \"65536\""),
        Mistake(". a.org: {\n}", "1:3: error: the port must be 1–65535, not \"\""),
        Mistake(
            "a.org:53x {\n}",
            "1:1: error: \"a.org:53x\" is no zone: a colon stands only before the port of a server block's key"),
        Mistake(
            "tls://a.org {\n}",
            "1:1: error: tls://: this version of ClusterDNS answers over UDP and TCP only; write \"a.org\""),
        Mistake(
            "https://. {\n}",
            "1:1: error: https://: this version of ClusterDNS answers over UDP and TCP only; write \".\""),
        Mistake("udp://a.org {\n}", "1:1: error: \"udp://\" is unknown; write \"a.org\", or \"dns://a.org\""),
        Mistake("a..org {\n}", "1:1: error: \"a..org\" is no zone: there is nothing between two of its dots"),
        Mistake(".. {\n}", "1:1: error: \"..\" is no zone: there is nothing between two of its dots"),
        Mistake(
            "münchen.de {\n}",
            "1:1: error: \"münchen.de\" is no zone: write names of other alphabets in their xn-- form"),
        Mistake("a.org,b.org {\n}", "1:1: error: \"a.org,b.org\" is no zone: put a blank behind the comma"),
        Mistake(
            "\"a.org b.org\" {\n}",
            "1:1: error: \"a.org b.org\" is no zone: write each zone as a word of its own, without quotes"),
        Mistake(
            "a&b.org {\n}", "1:1: error: \"a&b.org\" is no zone: it holds \"&\"; letters, digits, - and _ are possible"),
        Mistake("\"\" {\n}", "1:1: error: this zone is empty; write its name, or . for every name"),
        Mistake(
            String(repeating: "a", count: 64) + " {\n}",
            "1:1: error: \"\(String(repeating: "a", count: 64))\" is no zone: its label \"\(String(repeating: "a", count: 64))\""
                + " has 64 letters, at most 63 are possible"),
        Mistake(
            String(repeating: "ab.", count: 85) + " {\n}",
            "1:1: error: \"\(String(repeating: "ab.", count: 85))\" is no zone: it takes 256 octets, at most 255 are possible"
        ),
        Mistake(
            "10.0.0.0/33 {\n}", "1:1: error: \"10.0.0.0/33\" is no network: the number behind the slash must be 0–32"),
        Mistake(
            "fd00::/129 {\n}", "1:1: error: \"fd00::/129\" is no network: the number behind the slash must be 0–128"),
        Mistake("10.0.0.0/ {\n}", "1:1: error: \"10.0.0.0/\" is no network: the number behind the slash must be 0–32"),
        Mistake(
            "127.0.0.1:53 {\n}",
            "1:1: error: \"127.0.0.1\" is an address, not a zone; for its reverse zone write a network such as 127.0.0.1/32, to listen there use bind"
        ),
        Mistake(
            "fd00::1 {\n}",
            "1:1: error: \"fd00::1\" is an address, not a zone; for its reverse zone write a network such as fd00::1/128, to listen there use bind"
        ),
        Mistake(
            "a.org A.org {\n}",
            "1:7: error: a.org on port 53 is a duplicate of line 1; every zone is served once on an address"),
        Mistake(
            "a.org {\n}\na.org:53 {\n}",
            "3:1: error: a.org on port 53 is a duplicate of line 1; every zone is served once on an address"),
        Mistake(
            ". {\n}\n. {\n bind lo\n}",
            "3:1: error: the root zone on port 53 is a duplicate of line 1; every zone is served once on an address"),
        Mistake(
            "10.0.0.0/7 {\n}\n11.in-addr.arpa {\n}",
            "3:1: error: 11.in-addr.arpa on port 53 is a duplicate of line 1; every zone is served once on an address"),
        Mistake(
            "",
            "1:1: error: this Corefile has no server block; write one such as \".:53 {\", its lines, and } on a line of its own"
        ),
    ]

    /// "bind, ready and log"
    private static let supported: String = {
        let words = PluginList.all.filter(\.isSupported).map(\.word)
        return words.dropLast().joined(separator: ", ") + " and \(words[words.count - 1])"
    }()

    static let words: [Mistake] = [
        Mistake(block("kubernets"), "2:5: error: \"kubernets\" is no plugin; did you mean \"kubernetes\"?"),
        Mistake(block("fowrard . 192.0.2.1"), "2:5: error: \"fowrard\" is no plugin; did you mean \"forward\"?"),
        Mistake(
            block("unbound"),
            "2:5: error: \"unbound\" is no plugin; this version of ClusterDNS has \(supported)"
        ),
        Mistake(
            block("pods insecure"),
            "2:5: error: pods is an option of kubernetes; write it between the braces of its block"),
        Mistake(
            "a.org\nlog\nb.org\n",
            "3:1: error: \"b.org\" is no plugin; a zone starts a server block, which needs braces when the file has several"
        ),
        Mistake(block("\"\""), "2:5: error: this word is empty; remove the line"),
        Mistake(
            block("errors", "errors"),
            "3:5: error: errors stands in this server block already, at line 2; remove one of them"),
        Mistake(
            block("ready", "ready :1"),
            "3:5: error: ready stands in this server block already, at line 2; remove one of them"),
        Mistake(
            block("hosts /etc/hosts", "template ANY ANY"),
            "2:5: error: hosts is not supported by this version of ClusterDNS; it comes with a later version; until then "
                + "write the names as Services with externalName or hand-made EndpointSlices",
            "3:5: error: template is not supported by this version of ClusterDNS; it comes with a later version; until then "
                + "remove it, and let forward find such names"
        ),
        Mistake(
            block("errors a"),
            "2:12: error: errors are written to the log of the server, not to \"a\"; remove this word"),
        Mistake(block("errors a b"), "2:14: error: \"b\" is one argument too many; write \"errors\""),
        Mistake(block("errors {", "colour", "}"), "3:5: error: \"colour\" is no option of errors"),
        Mistake(block("bind"), "2:5: error: an argument is missing; write \"bind ADDRESS|INTERFACE…\""),
        Mistake(
            block("bind eth9"),
            "2:10: error: \"eth9\" is no IP address and no interface of this machine; write an address such as 127.0.0.1, or a name that \"ip link\" shows"
        ),
        Mistake(
            block("bind localhost"),
            "2:10: error: \"localhost\" is no IP address and no interface of this machine; write 127.0.0.1 or ::1"),
        Mistake(
            block("bind 127.0.0.1:5353"),
            "2:10: error: \"127.0.0.1:5353\" is no IP address and no interface of this machine; the port belongs to the key of the server block, as in \".:5353 {\""
        ),
        Mistake(block("bind tun0"), "2:10: error: the interface tun0 has no address to listen on"),
        Mistake(
            block("bind ::1 fe80::1"),
            "2:14: error: fe80::1 is a link-local address, which cannot be listened on; write another address of its interface"
        ),
        Mistake(
            block("bind lo {", "except lo", "}"),
            "2:5: error: except leaves nothing to listen on; remove it, or add an address to bind"),
        Mistake(
            block("bind lo {", "except", "}"), "3:5: error: an argument is missing; write \"except ADDRESS|INTERFACE…\""
        ),
        Mistake(
            block("bind lo {", "expect ::1", "}"),
            "3:5: error: \"expect\" is no option of bind; did you mean \"except\"?"),
        Mistake(
            block("ready 8181"),
            "2:11: error: \"8181\" is no address with a port 1–65535; write one such as :8080 or 127.0.0.1:8080"),
        Mistake(
            block("ready :0"),
            "2:11: error: \":0\" is no address with a port 1–65535; write one such as :8080 or 127.0.0.1:8080"),
        Mistake(
            block("ready host:81"),
            "2:11: error: \"host:81\" has no IP address before its port; write one such as 127.0.0.1:81"),
        Mistake(block("ready :81 :82"), "2:15: error: \":82\" is one argument too many; write \"ready [ADDRESS]\""),
        Mistake(
            block("ready {", "monitor contiuously", "}"),
            "3:13: error: \"contiuously\" is none of until-ready and continuously; did you mean \"continuously\"?"),
        Mistake(
            block("ready {", "monitor", "}"),
            "3:5: error: an argument is missing; write \"monitor until-ready|continuously\""),
        Mistake(
            block("health 127.0.0.1"),
            "2:12: error: \"127.0.0.1\" is no address with a port 1–65535; write one such as :8080 or 127.0.0.1:8080"),
        Mistake(
            block("health {", "lameduck 5", "}"),
            "3:14: error: lameduck must be a duration such as 5s, 500ms or 1m30s, not \"5\""),
        Mistake(
            block("health {", "lameduck 5s 6s", "}"),
            "3:17: error: \"6s\" is one argument too many; write \"lameduck DURATION\""),
        Mistake(
            block("ready :80", "health :80"),
            "3:5: error: port 80 is taken by ready at line 2; write \"health :PORT\" with another port"),
        Mistake(
            "a {\n health\n}\nb {\n health 127.0.0.1:8080\n}",
            "5:2: error: port 8080 is taken by health at line 2; write \"health :PORT\" with another port"),
        Mistake(block("log a..b"), "2:9: error: \"a..b\" is no zone: there is nothing between two of its dots"),
        Mistake(
            block("log {", "class", "}"),
            "3:5: error: an argument is missing; write \"class all|denial|error|success…\""),
        Mistake(
            block("log {", "class erorr", "}"),
            "3:11: error: \"erorr\" is none of all, denial, error and success; did you mean \"error\"?"),
        Mistake(block("log {", "class all {", "}", "}"), "3:5: error: class takes no block; remove the braces"),
    ]

    static let catalogRemedy =
        "kubernetes needs a catalog; add a line such as \"catalog /etc/clusterdns/catalog.yaml\" to its block, "
        + "a file or folder with Kubernetes objects"

    static let options: [Mistake] = [
        Mistake(block("kubernetes cluster.local"), "2:5: error: \(catalogRemedy)"),
        Mistake(block("kubernetes cluster.local {", "ttl 9", "}"), "2:5: error: \(catalogRemedy)"),
        Mistake(kubernetes("catalog"), "4:9: error: an argument is missing; write \"catalog PATH\""),
        Mistake(kubernetes("catalog a b"), "4:19: error: \"b\" is one argument too many; write \"catalog PATH\""),
        Mistake(kubernetes("catalog \"\""), "4:17: error: this path is empty; write \"catalog PATH\""),
        Mistake(kubernetes("catalog c"), "4:17: warning: \"c\" is named twice; remove this line"),
        Mistake(kubernetes("ttl"), "4:9: error: an argument is missing; write \"ttl SECONDS\""),
        Mistake(kubernetes("ttl 3601"), "4:13: error: ttl must be a whole number 0–3600, not \"3601\""),
        Mistake(kubernetes("ttl -1"), "4:13: error: ttl must be a whole number 0–3600, not \"-1\""),
        Mistake(kubernetes("ttl 30s"), "4:13: error: ttl must be a whole number 0–3600, not \"30s\""),
        Mistake(kubernetes("ttl 5", "ttl 6"), "5:9: warning: ttl is set again; line 4 no longer counts, remove it"),
        Mistake(
            kubernetes("pods insecur"),
            "4:14: error: \"insecur\" is none of disabled, insecure and verified; did you mean \"insecure\"?"),
        Mistake(kubernetes("pods"), "4:9: error: an argument is missing; write \"pods disabled|insecure|verified\""),
        Mistake(kubernetes("namespaces"), "4:9: error: an argument is missing; write \"namespaces NAMESPACE…\""),
        Mistake(
            kubernetes("namespaces a Shop"),
            "4:22: error: \"Shop\" is no namespace; names have 1–63 lower-case letters, digits and hyphens"),
        Mistake(
            kubernetes("namespaces a", "namespace_labels a=b"),
            "5:9: error: namespaces and namespace_labels exclude each other; remove one of them"),
        Mistake(
            kubernetes("labels a in b"),
            "4:16: error: the selector \"a in b\" is not valid: in and notin need a list in parentheses"),
        Mistake(kubernetes("labels"), "4:9: error: an argument is missing; write \"labels SELECTOR\""),
        Mistake(
            kubernetes("endpoint_pod_names yes"),
            "4:28: error: \"yes\" is one argument too many; write \"endpoint_pod_names\""),
        Mistake(kubernetes("noendpoints 1"), "4:21: error: \"1\" is one argument too many; write \"noendpoints\""),
        Mistake(kubernetes("ignore"), "4:9: error: an argument is missing; write \"ignore empty_service\""),
        Mistake(
            kubernetes("ignore emptyservice"),
            "4:16: error: ignore knows only empty_service, not \"emptyservice\"; did you mean \"empty_service\"?"),
        Mistake(
            kubernetes("fallthrough a..b"), "4:21: error: \"a..b\" is no zone: there is nothing between two of its dots"
        ),
        Mistake(
            kubernetes("startup_timeout soon"),
            "4:25: error: startup_timeout must be a duration such as 5s, 500ms or 1m30s, not \"soon\""),
        Mistake(
            kubernetes("falthrough"),
            "4:9: error: \"falthrough\" is no option of kubernetes; did you mean \"fallthrough\"?"),
        Mistake(
            block("kubernetes in-addr.arpa {", "catalog c", "}"),
            "2:16: error: kubernetes needs a forward zone besides in-addr.arpa, such as cluster.local; pointers lead there"
        ),
        Mistake(
            "10.0.0.0/8 {\n kubernetes {\n  catalog c\n }\n}",
            "2:2: error: kubernetes needs a forward zone besides 10.in-addr.arpa, such as cluster.local; pointers lead there"
        ),
        Mistake(
            "a.org {\n kubernetes b.org {\n  catalog c\n }\n}",
            "2:13: warning: b.org lies outside of this server block (a.org); no query for it comes here. Add it to the zones of the block"
        ),
        Mistake(
            kubernetes("endpoint https://a", "ttl x"),
            "4:9: error: endpoint is not supported by this version of ClusterDNS; name the objects with a line such as "
                + "\"catalog /etc/clusterdns/catalog.yaml\" instead",
            "5:13: error: ttl must be a whole number 0–3600, not \"x\""),
    ]

    @Test(arguments: keys + words + options) func tells(_ c: Mistake) {
        #expect(compile(c.text).diagnostics.map(\.description) == c.diagnostics)
    }

    @Test(arguments: PluginList.all.filter { !$0.isSupported }.map(\.word)) func refusesByName(_ word: String) throws {
        let plugin = try #require(PluginList.plugin(word))
        let (_, diagnostics) = compile(block("\(word) . {", "any thing", "}"))
        let sentence = "\(word) is not supported by this version of ClusterDNS; \(plugin.meaning)"
        #expect(diagnostics.map(\.description) == ["Corefile:2:5: error: \(sentence)"])
        #expect(!plugin.meaning.isEmpty)
    }

    @Test(arguments: PluginList.plugin("kubernetes")?.options.filter { !$0.isSupported }.map(\.line) ?? [])
    func refusesOptionsOfKubernetesByName(_ option: String) throws {
        let meaning = try #require(PluginList.plugin("kubernetes")?.options.first { $0.line == option }?.meaning)
        let sentence = "\(option) is not supported by this version of ClusterDNS; \(meaning)"
        #expect(
            compile(kubernetes("\(option) a b")).diagnostics.map(\.description) == ["Corefile:4:9: error: \(sentence)"])
    }

    @Test func theDistributionsDefaultNeedsACatalogAlone() {
        let text = block(
            "errors", "health {", "lameduck 5s", "}", "ready", "kubernetes cluster.local in-addr.arpa ip6.arpa {",
            "pods insecure",
            "fallthrough in-addr.arpa ip6.arpa", "ttl 30", "}", "prometheus :9153", "forward . /etc/resolv.conf {",
            "max_concurrent 1000",
            "}", "cache 30 {", "disable success cluster.local", "}", "loop", "reload", "loadbalance")
        let found = compile(text, files: ["/etc/resolv.conf": "nameserver 192.0.2.53\n"])
        #expect(found.diagnostics.map { "\($0.location.line) \($0.text.prefix { $0 != " " })" } == ["7 kubernetes"])
    }

    @Test func mistakesInImportsNameTheImport() {
        let (_, diagnostics) = compile(block("import more"), files: ["more": "bind\n"].mapValues { "errors\n" + $0 })
        #expect(
            diagnostics.map(\.description) == [
                "more:2:1: error: an argument is missing; write \"bind ADDRESS|INTERFACE…\" (imported at Corefile:2:12)"
            ])
    }
}
