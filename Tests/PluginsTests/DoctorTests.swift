import LinuxIO
import SourceText
import Testing

@testable import Plugins

/// What `check --config` says of Corefiles that can be read.
@Suite struct DoctorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        /// "line:column text", of each finding; the beginning is enough.
        let found: [String]

        init(_ name: String, _ text: String, _ found: String...) {
            testDescription = name
            (self.text, self.found) = (text, found)
        }
    }

    private static let kubernetes = "kubernetes cluster.local in-addr.arpa { catalog c.yaml; fallthrough in-addr.arpa }"

    static let cases = [
        Case(
            "a whole Corefile",
            ".:53 {\n \(kubernetes)\n forward . 192.0.2.1\n cache 30\n loop\n reload\n health\n ready\n errors\n}"),
        Case("nothing answers", ".:53 {\n errors\n log\n}", "1:1 no word of this block answers"),
        Case("pages without answers", ".:53 {\n health\n ready\n}"),
        Case("a small answer is one", ".:53 {\n whoami\n}"),
        Case(
            "fallthrough to the internet",
            ".:53 {\n kubernetes cluster.local in-addr.arpa {\n  catalog c.yaml\n  fallthrough\n }\n forward . 192.0.2.1\n loop\n}",
            "4:3 names that do not exist in cluster.local go on to forward"),
        Case(
            "fallthrough to a server for other names",
            ".:53 {\n kubernetes cluster.local {\n  catalog c.yaml\n  fallthrough\n }\n forward corp.example 192.0.2.1\n loop\n}"
        ),
        Case(
            "all is taken by kubernetes",
            "cluster.local:53 {\n kubernetes {\n  catalog c.yaml\n }\n forward . 192.0.2.1\n loop\n}",
            "5:2 no query comes here: kubernetes answers for every name of cluster.local"),
        Case(
            "a shadowed zone",
            ".:53 {\n kubernetes cluster.local 10.in-addr.arpa {\n  catalog c.yaml\n }\n}\n"
                + "in-addr.arpa:53 {\n forward . 192.0.2.1\n loop\n}",
            "2:2 10.in-addr.arpa of kubernetes gets no query: the block at line 6 has in-addr.arpa, which is longer than ."
        ),
        Case(
            "the same on another port",
            ".:53 {\n kubernetes cluster.local 10.in-addr.arpa {\n  catalog c.yaml\n }\n}\n"
                + "in-addr.arpa:54 {\n forward . 192.0.2.1\n loop\n}"),
        Case(
            "a part of a zone",
            ".:53 {\n kubernetes cluster.local {\n  catalog c.yaml\n }\n}\nconsul.cluster.local {\n forward . 192.0.2.1\n loop\n}",
            "2:2 names below consul.cluster.local do not come to kubernetes: the block at line 6"),
        Case(
            "sockets beside the wildcard",
            ".:53 {\n whoami\n}\ncorp.example:53 {\n bind 127.0.0.1\n forward . 192.0.2.1\n loop\n}",
            "4:1 queries to 127.0.0.1:53 come to this block alone, never to the one at line 1"),
        Case(
            "metrics in two places",
            ".:53 {\n whoami\n prometheus :9153\n}\ncorp.example:53 {\n whoami\n prometheus 127.0.0.1:9154\n}",
            "7:2 the same metrics are served at another address already (line 3)"),
        Case(
            "metrics in one place",
            ".:53 {\n whoami\n prometheus :9153\n}\ncorp.example:53 {\n whoami\n prometheus :9153\n}"),
        Case(
            "itself", ".:53 {\n forward . 127.0.0.1\n loop\n}",
            "2:12 127.0.0.1:53 is this server: every query that is forwarded there comes back"),
        Case(
            "itself by its own address", ".:53 {\n forward . 10.0.0.53\n loop\n}", "2:12 10.0.0.53:53 is this server"),
        Case("another machine", ".:53 {\n forward . 10.0.0.54\n loop\n}"),
        Case("another port", ".:53 {\n forward . 127.0.0.1:5353\n loop\n}"),
        Case(
            "another block",
            ".:53 {\n bind 127.0.0.1\n forward . 127.0.0.1:54\n loop\n}\n.:54 {\n bind 127.0.0.1\n forward . 192.0.2.1\n loop\n}"
        ),
        Case(
            "through another block",
            ".:53 {\n bind 127.0.0.1\n forward . 127.0.0.1:54\n loop\n}\n.:54 {\n bind 127.0.0.1\n forward . 127.0.0.1\n loop\n}",
            "3:12 127.0.0.1:54 is this server", "8:12 127.0.0.1:53 is this server"),
        Case(
            "itself in a resolv.conf", ".:53 {\n forward . stub.conf\n loop\n}",
            "stub.conf:2:12 127.0.0.53:53 is this server: every query that is forwarded there comes back; name another "
                + "one. Its own servers stand in /run/systemd/resolve/resolv.conf"),
        Case(
            "a stub in a resolv.conf", ".:54 {\n forward . stub.conf\n loop\n}",
            "stub.conf:2:12 127.0.0.53 is systemd-resolved of this machine"),
    ]

    private static let files = ["stub.conf": "# resolved\nnameserver 127.0.0.53\n"]

    private func examined(_ text: String) -> CorefileReport {
        // One line each is how the language wants it.
        let text = text.replacing(
            "{ catalog c.yaml; fallthrough in-addr.arpa }", with: "{\n catalog c.yaml\n fallthrough in-addr.arpa\n }")
        let surroundings = surroundings(files: Self.files)
        let (corefile, mistakes) = parseCorefile(
            file: "Corefile", text: text, environment: surroundings.environment, importing: surroundings.importing)
        let (blocks, diagnostics) = compileCorefile(text, file: "Corefile", surroundings: surroundings)
        #expect(mistakes.isEmpty && !diagnostics.contains { $0.severity == .error }, "\(diagnostics)")
        return examine(corefile, blocks, ownAddresses: [IPAddress(v4: 0x0a00_0035)])
    }

    @Test(arguments: cases) func finds(_ c: Case) {
        let found = examined(c.text).findings.map { problem in
            "\(problem)".replacing("Corefile:", with: "").replacing(": warning: ", with: " ")
        }
        #expect(found.count == c.found.count, "\(found)")
        for (text, wanted) in zip(found, c.found) { #expect(text.hasPrefix(wanted)) }
    }

    /// A word that may answer and has no turn would be missing from the order.
    @Test func everyWordIsKnown() {
        for word in Station.answering { #expect(PluginList.plugin(word) != nil, "\(word)") }
        for word in differences.keys { #expect(PluginList.plugin(word)?.isSupported == true, "\(word)") }
    }

    @Test func ordersWordsAsAQueryMeetsThem() {
        let report = examined(
            """
            .:53, corp.example:54 {
                forward . 192.0.2.1
                log
                kubernetes cluster.local {
                    catalog c.yaml
                }
                pprof
                local
                loop
            }
            """)
        #expect(
            report.lines == [
                "Corefile:1 every name on port 53 of every address",
                "Corefile:1 corp.example on port 54 of every address",
                "  a query meets, in this order",
                "    1 different local: its answers are authoritative, and the reverse name of ::1 has one too",
                "    2 different kubernetes cluster.local: objects come from the files and folders of catalog, not from an "
                    + "API server",
                "    3 different forward . 192.0.2.1: a silent server gets company after 0.7s at most, SERVFAIL asks the "
                    + "next; max_concurrent is 1000 by default",
                "  its answer meets",
                "    - supported log",
                "  beside the queries",
                "    - ignored   pprof: profilers of the system, such as perf, see into the process while it runs",
                "    - different loop: looks for its own queries all the time, and cuts the upstream that they come back "
                    + "from; never exits",
                "notes",
                "  without reload this file is read again on SIGHUP alone",
                "  without health there is no /health for a liveness probe",
                "  without ready there is no /ready for a readiness probe",
            ])
    }

    @Test func forwardWithoutLoopIsNoted() {
        let open = examined(".:53 {\n forward . 192.0.2.1\n}").lines
        #expect(
            open.contains("  Corefile:2:2: forward without loop does not see queries that come back to this server"))
        let closed = examined(".:53 {\n forward . tls://192.0.2.1\n}").lines + examined(".:53 {\n whoami\n}").lines
        #expect(!closed.contains { $0.contains("without loop") })
    }

    @Test func refusedWordsAreNamed() {
        let text = ".:53 {\n etcd\n nonsense\n whoami\n}"
        let (corefile, _) = parseCorefile(
            file: "Corefile", text: text, environment: { _ in nil }, importing: { _, _ in [] })
        let blocks = compileCorefile(text, file: "Corefile", surroundings: surroundings(files: [:])).blocks
        let lines = examine(corefile, blocks).lines
        #expect(lines.contains("  not here"))
        #expect(lines.contains { $0.hasPrefix("    - refused   etcd: ") }, "\(lines)")
        #expect(lines.contains("    - refused   nonsense: no plugin has this name"))
        #expect(lines.contains("    1 supported whoami"))
    }
}
