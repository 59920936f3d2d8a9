import ClusterDNSTestKit
import DNS
import Foundation
import LinuxIO
import ScriptedUpstreams
import Testing
import WireMessages

/// What `log` and `errors` write on standard output.
@Suite(.timeLimit(.minutes(5))) struct LogScenarioTests {
    static let catalog = "kubernetes cluster.local {\n    catalog \(Place.root)/zones/demo\n}"
    static let web = "web.shop.svc.cluster.local."
    static let none = "none.shop.svc.cluster.local."

    /// CoreDNS's line.
    @Test func aLineForEachQuery() async throws {
        try await ServedProgram.block("log", Self.catalog) { served async throws in
            _ = try await served.ask(Self.web)
            let line = try await served.line(containing: Self.web)
            let pattern =
                #/
                ^\[INFO\]\ 127\.[\d.]+:\d+\ -\ \d+\ "A\ IN\ web\.shop\.svc\.cluster\.local\.\ udp\ \d+\ false\ 1232"
                \ NOERROR\ qr,aa,rd\ \d+\ [\d.]+s$
                /#
            #expect(line.contains(pattern), "\(line)")
            _ = try await served.ask(Self.none)
            #expect(try await served.line(containing: Self.none).contains(" NXDOMAIN qr,aa,rd "))
        }
    }

    /// A class, and which of three questions it writes: a success, a denial, an error.
    static let classes: [(words: String, written: [Bool])] = [
        ("class success", [true, false, false]), ("class denial", [false, true, false]),
        ("class error", [false, false, true]), ("class denial error", [false, true, true]),
        ("class all", [true, true, true]),
    ]

    @Test(arguments: classes.indices) func onlyItsClasses(_ index: Int) async throws {
        let row = Self.classes[index]
        // Another rule writes the last question, whatever it is.
        try await ServedProgram.block("log last.example LAST{name}", "log {", row.words, "}", Self.catalog) {
            served async throws in
            let names = [Self.web, Self.none, "www.example.org."]
            for name in names + ["last.example."] { _ = try await served.ask(name) }
            try await served.line(containing: "LASTlast.example.")
            let output = await served.server.program.end().output
            #expect(names.map { output.contains($0) } == row.written, "\(output)")
        }
    }

    @Test func onlyItsNames() async throws {
        try await ServedProgram.block("log last.example org.example", Self.catalog) { served async throws in
            for name in [Self.web, "www.org.example.", "last.example."] { _ = try await served.ask(name) }
            try await served.line(containing: "last.example.")
            let output = await served.server.program.end().output
            #expect(output.contains("www.org.example.") && !output.contains(Self.web))
        }
    }

    /// Every placeholder, and who answered.
    @Test func itsFormat() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        let format =
            "{type} {class} {name} {proto} {rcode} {>rflags} {>do} {>bufsize} {>opcode} {local} {/forward/upstream}"
        try await ServedProgram.block(Self.catalog, "log . \"\(format)\"", "forward . \(server.place)") {
            served async throws in
            _ = try await served.ask("www.example.org.")
            let line = try await served.line(containing: "www.example.org.")
            #expect(
                line
                    == "[INFO] A IN www.example.org. udp NOERROR qr,rd,ra false 1232 0 \(served.address) \(server.place)"
            )
            _ = try await served.ask(Self.web)
            #expect(try await served.line(containing: Self.web).hasSuffix("\(served.address) -"))
        }
        await server.stop()
    }

    @Test func asJSON() async throws {
        let server = try await ScriptedUpstream.saying(.nameError(in: "org"))
        try await ServedProgram.block("log {", "format json", "}", "forward . \(server.place)") { served async throws in
            _ = try await served.ask("www.example.org.", .aaaa)
            let line = try await served.line(containing: "www.example.org.")
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["qname"] as? String == "www.example.org." && object["qtype"] as? String == "AAAA")
            #expect(object["rcode"] as? String == "NXDOMAIN" && object["proto"] as? String == "udp")
            #expect(object["upstream"] as? String == server.place)
        }
        await server.stop()
    }

    // MARK: errors

    @Test func aFailureHasItsLine() async throws {
        let place = try RefusingPort().place
        try await ServedProgram.block("errors", "forward . \(place)") { served async throws in
            _ = try await served.ask("www.example.org.")
            let line = try await served.line(containing: "www.example.org.")
            #expect(line == "[ERROR] plugin/errors: 2 www.example.org. A: \(place) refuses connections")
        }
    }

    @Test func withoutTheWordNothingIsWritten() async throws {
        let place = try RefusingPort().place
        try await ServedProgram.block("log . {name}", "forward . \(place)") { served async throws in
            _ = try await served.ask("www.example.org.")
            try await served.line(containing: "www.example.org.")
            #expect(!(await served.server.program.end().output.contains("plugin/errors")))
        }
    }

    /// Many like one are told together; what the pattern does not fit has its line at once.
    @Test func failuresAreConsolidated() async throws {
        let place = try RefusingPort().place
        // Long enough for five questions on any machine.
        let words = "consolidate 5s \" refuses connections$\" warning show_first"
        try await ServedProgram.block("errors {", words, "}", "forward . \(place)") { served async throws in
            for index in 0..<5 { _ = try await served.ask("n\(index).example.org.") }
            try await served.line(
                containing: "[WARNING] plugin/errors: 2 n0.example.org. A: \(place) refuses connections")
            let line = try await served.line(containing: "errors like")
            #expect(
                line == "[WARNING] plugin/errors: 5 errors like ' refuses connections$' occurred in last 5s",
                "\(line)")
            #expect(!(await served.server.program.end().output.contains("n1.example.org.")))
        }
    }

    /// The line of an alias tells the whole answer, once.
    @Test func anAliasHasOneLine() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        let catalog = """
            apiVersion: v1
            kind: Service
            metadata: { name: docs, namespace: shop }
            spec: { type: ExternalName, externalName: www.example.org }
            """
        try await ServedProgram.block(
            "log", "kubernetes cluster.local {", "catalog catalog.yaml", "}", "forward . \(server.place)",
            files: ["catalog.yaml": catalog]
        ) { served async throws in
            #expect(try await served.ask("docs.shop.svc.cluster.local.").addresses == ["192.0.2.7"])
            #expect(try await served.line(containing: "docs.shop.svc.cluster.local.").contains(" NOERROR "))
            #expect(!(await served.server.program.end().output.contains("www.example.org.")))
        }
        await server.stop()
    }
}
