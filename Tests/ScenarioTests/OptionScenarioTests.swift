import ClusterDNSTestKit
import DNS
import LinuxIO
import ScriptedUpstreams
import Testing
import WireMessages

/// EDNS options as `dig` understands them: cookies, NSID, keepalive, extended errors.
@Suite(.timeLimit(.minutes(5))) struct OptionScenarioTests {
    static let lines = "nsid machine seven\nkubernetes cluster.local {\n    catalog \(Place.root)/zones/demo\n}"
    static let web = "web.shop.svc.cluster.local"

    /// `dig` checks the client's half; a cookie that it learnt is good again the next time.
    @Test(arguments: ["+notcp", "+tcp"]) func cookiesAreGood(_ transport: String) async throws {
        try await ServedProgram.block(Self.lines) { served async throws in
            let first = try await served.dig(transport, Self.web)
            let match = try #require(first.firstMatch(of: #/; COOKIE: ([0-9a-f]{48}) \(good\)/#), "\(first)")
            let second = try await served.dig(transport, "+cookie=\(match.1)", Self.web)
            let again = try #require(second.firstMatch(of: #/; COOKIE: ([0-9a-f]{48}) \(good\)/#), "\(second)")
            // RFC 9018 §4.3: the same client half, and a server half that is still fresh.
            #expect(again.1.prefix(16) == match.1.prefix(16))
        }
    }

    @Test func whatTheServerIsCalled() async throws {
        try await ServedProgram.block(Self.lines) { served async throws in
            #expect(try await served.dig("+nsid", Self.web).contains("(\"machine seven\")"))
            #expect(!(try await served.dig(Self.web).contains("NSID")))
        }
    }

    /// RFC 7828: over TCP alone, for those who ask.
    @Test(arguments: [("timeouts {\n    idle 7s\n}", "7.0"), ("", "10.0")])
    func keepaliveTellsTheIdleTime(_ words: String, _ seconds: String) async throws {
        try await ServedProgram.block(words, Self.lines) { served async throws in
            let text = try await served.dig("+tcp", "+keepalive", Self.web)
            #expect(text.replacing("TCP-", with: "TCP ").contains("TCP KEEPALIVE: \(seconds) secs"), "\(text)")
            #expect(!(try await served.dig("+notcp", "+keepalive", Self.web).contains("KEEPALIVE: ")))
            #expect(!(try await served.dig("+tcp", Self.web).contains("KEEPALIVE: ")))
        }
    }

    @Test func failuresSayWhy() async throws {
        let place = try RefusingPort().place
        try await ServedProgram.block(Self.lines, "forward . \(place)") { served async throws in
            let text = try await served.dig("www.example.org")
            #expect(text.contains("; EDE: 22 (No Reachable Authority): (\(place) refuses connections)"), "\(text)")
        }
        try await ServedProgram.block("kubernetes cluster.local {", "catalog later.yaml", "startup_timeout 10ms", "}") {
            served async throws in
            let text = try await served.dig(Self.web)
            #expect(text.contains("status: SERVFAIL") && text.contains("; EDE: 14 (Not Ready)"), "\(text)")
        }
    }
}
