import ClusterDNSTestKit
import DNS
import LinuxIO
import ScriptedUpstreams
import Testing
import WireMessages

/// Whom `forward` believes: lies over UDP, certificates over TLS.
@Suite(.timeLimit(.minutes(5))) struct ForwardTrustTests {
    static let name = "www.example.org."
    private static let good = ScriptedAction.answer(.address("192.0.2.7"))

    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let action: ScriptedAction
    }

    static let lies = [
        Lie(testDescription: "another id", action: .answer(.address("192.0.2.66").with { $0.idOffset = 1 })),
        Lie(testDescription: "another question", action: .answer(.address("192.0.2.66").with { $0.name = "a.org" })),
        Lie(testDescription: "from another port", action: .answerFromAnotherPort(.address("192.0.2.66"))),
        Lie(testDescription: "no message", action: .send([0, 1, 2])),
    ]

    @Test(arguments: lies) func aLieIsDroppedAndTheWaitGoesOn(_ lie: Lie) async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, lie.action, .hold, Self.good))
        try await Served.block("cache", "forward . \(server.place) {", "max_connect_attempts 1", "read_timeout 5s", "}")
        {
            served async throws in
            async let reply = served.ask(Self.name)
            await server.queries(for: Self.name)
            server.release()
            #expect(try await reply.addresses == ["192.0.2.7"])
            #expect(try await served.ask(Self.name).addresses == ["192.0.2.7"], "nothing else was kept")
            #expect(server.count(Self.name) == 1)
        }
        await server.stop()
    }

    // MARK: TLS

    struct Handshake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Of the server's certificate.
        var names = "DNS:dns.test"
        /// Options of `forward`; AUTHORITY stands for the file of the server's authority.
        let options: [String]
        var suffix = ""
        /// What the client is told; empty: the answer.
        var trouble = ""
    }

    static let handshakes = [
        Handshake(
            testDescription: "a name", options: ["tls AUTHORITY", "tls_servername dns.test"]),
        Handshake(testDescription: "a name behind %", options: ["tls AUTHORITY"], suffix: "%dns.test"),
        Handshake(testDescription: "an address", names: "IP:127.0.0.1", options: ["tls AUTHORITY"]),
        Handshake(
            testDescription: "another name", options: ["tls AUTHORITY", "tls_servername other.test"],
            trouble: "shows a certificate for another name or address"),
        Handshake(
            testDescription: "another address", options: ["tls AUTHORITY"],
            trouble: "shows a certificate for another name or address"),
        Handshake(
            testDescription: "an unknown authority", options: ["tls_servername dns.test"],
            trouble: "shows a certificate that no trusted authority signed"),
    ]

    @Test(arguments: handshakes) func certificatesAreChecked(_ handshake: Handshake) async throws {
        let authority = try TestAuthority()
        let server = try await ScriptedUpstream(
            tls: try authority.certificate(for: handshake.names), ScriptedRule(nil, Self.good))
        let options =
            handshake.options.map { $0.replacing("AUTHORITY", with: authority.certificate) } + [ScriptedUpstream.once]
        let place = "tls://127.0.0.1\(handshake.suffix):\(server.port)"
        try await Served.block("forward . \(place) {", options.joined(separator: "\n"), "}") { served async throws in
            let reply = try await served.ask(Self.name)
            guard !handshake.trouble.isEmpty else {
                #expect(reply.addresses == ["192.0.2.7"])
                #expect(server.received.map(\.transport) == [.tcp])
                return
            }
            #expect(reply.code == .serverFailure && reply.extendedError == 22)
            #expect(reply.explanation == "127.0.0.1:\(server.port) \(handshake.trouble)")
            #expect(server.received.isEmpty, "nothing is said to a stranger")
        }
        await server.stop()
    }

    /// The server wants to know who asks.
    @Test func ourOwnCertificateIsShown() async throws {
        let authority = try TestAuthority()
        var files = try authority.certificate(for: "DNS:dns.test")
        files.clientAuthority = authority.certificate
        let server = try await ScriptedUpstream(tls: files, ScriptedRule(nil, Self.good))
        let mine = try authority.certificate(for: "DNS:client.test")
        for (words, isTrusted) in [
            ("\(mine.certificate) \(mine.key) \(authority.certificate)", true), (authority.certificate, false),
        ] {
            try await Served.block(
                "forward . tls://\(server.place) {", "tls \(words)", "tls_servername dns.test", ScriptedUpstream.once,
                "}"
            ) { served async throws in
                #expect(try await served.ask(Self.name).code == (isTrusted ? .noError : .serverFailure))
            }
        }
        await server.stop()
    }

    /// RFC 7830, RFC 8467 §4.1: encrypted queries all have a length of whole blocks, those in the clear have no padding.
    @Test func encryptedQueriesArePadded() async throws {
        let authority = try TestAuthority()
        let secret = try await ScriptedUpstream(
            tls: try authority.certificate(for: "IP:127.0.0.1"), ScriptedRule(nil, Self.good))
        let open = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        let text = """
            .:5300 {
                bind {address}
                forward open.test \(open.placeAskedOnce)
                forward . tls://\(secret.place) {
                    tls \(authority.certificate)
                    \(ScriptedUpstream.once)
                }
            }
            """
        try await Served.corefile(text) { served async throws in
            for name in ["a.org.", "a-longer-name.example.org.", "a.open.test."] { _ = try await served.ask(name) }
            #expect(secret.received.map(\.byteCount) == [128, 128])
            #expect(open.received.allSatisfy { $0.byteCount < 60 })
        }
        await secret.stop()
        await open.stop()
    }
}
