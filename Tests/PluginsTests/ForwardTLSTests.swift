import DNS
import NIOCore
import ScriptedUpstreams
import SourceText
import Testing
import WireMessages

@testable import Plugins

/// DNS over TLS (RFC 7858): whom we believe, and what an observer sees.
@Suite(.timeLimit(.minutes(5))) struct ForwardTLSTests {
    static let good = ScriptedAction.answer(.address("192.0.2.7"))
    static let authority = Result { try TestAuthority() }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var certificate = "IP:127.0.0.1"
        var tlsServerName: String?
        var serverName: String?
        var isTrusted = true
        /// Nil: it answers.
        var reason: String?
    }

    static let unsigned = "shows a certificate that no trusted authority signed"
    static let misnamed = "shows a certificate for another name or address"

    static let cases = [
        Case(testDescription: "by its address"),
        Case(testDescription: "another address", certificate: "IP:127.0.0.2", reason: misnamed),
        Case(testDescription: "tls_servername", certificate: "DNS:dns.test", tlsServerName: "dns.test"),
        Case(testDescription: "tls://IP%name", certificate: "DNS:dns.test", serverName: "dns.test"),
        Case(
            testDescription: "the upstream's own name goes first", certificate: "DNS:dns.test",
            tlsServerName: "other.test", serverName: "dns.test"),
        Case(
            testDescription: "another name", certificate: "DNS:other.test", tlsServerName: "dns.test", reason: misnamed),
        Case(testDescription: "a stranger's authority", isTrusted: false, reason: unsigned),
    ]

    @Test(arguments: cases) func certificatesAreVerified(_ c: Case) async throws {
        let authority = try Self.authority.get()
        let signer = c.isTrusted ? authority : try TestAuthority()
        let server = try await ScriptedUpstream(
            tls: signer.certificate(for: c.certificate), ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.tls = ForwardSettings.TLSFiles(authority: authority.certificate)
            settings.tlsServerName = c.tlsServerName
            settings.upstreams[0].serverName = c.serverName
        }
        try await Forwarding.with([server], isTLS: true, settings: change) { forwarding in
            let told = await forwarding.ask("www.example.org.")
            if let reason = c.reason {
                #expect(told == .failed(.unreachable(upstream: "127.0.0.1:\(server.port)", reason: reason)))
                #expect(server.received.isEmpty)
            } else {
                #expect(told == .answered(.noError, answerCount: 1, by: server.port))
                let query = try #require(server.received.first)
                #expect(query.byteCount % 128 == 0, "padded (RFC 8467)")
                #expect(query.transport == .tcp)
            }
        }
        await server.stop()
    }

    @Test(arguments: [true, false]) func ourOwnCertificateIsShown(hasOne: Bool) async throws {
        let authority = try Self.authority.get()
        var files = try authority.certificate(for: "IP:127.0.0.1")
        files.clientAuthority = authority.certificate
        let ours = try authority.certificate(for: "DNS:client.test")
        let server = try await ScriptedUpstream(tls: files, ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.tls = ForwardSettings.TLSFiles(
                certificate: hasOne ? ours.certificate : nil, key: hasOne ? ours.key : nil,
                authority: authority.certificate)
        }
        try await Forwarding.with([server], isTLS: true, settings: change) { forwarding in
            let told = await forwarding.ask("www.example.org.")
            #expect((told == .answered(.noError, answerCount: 1, by: server.port)) == hasOne)
        }
        await server.stop()
    }

    @Test func aServerThatSpeaksNoTLS() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, Self.good))
        // What it cannot read it ignores; then it closes.
        let second = try await ScriptedUpstream(
            tls: try Self.authority.get().certificate(for: "IP:127.0.0.1"), ScriptedRule(nil, Self.good))
        let change = { (settings: inout ForwardSettings) in
            settings.tls = ForwardSettings.TLSFiles(authority: try? Self.authority.get().certificate)
        }
        let limits = { (limits: inout ForwardLimits) in limits.patience = .milliseconds(20) }
        try await Forwarding.with([server, second], isTLS: true, settings: change, limits: limits) { forwarding in
            #expect(await forwarding.ask("www.example.org.") == .answered(.noError, answerCount: 1, by: second.port))
        }
        await server.stop()
        await second.stop()
    }

    @Test func aFileThatIsNotThereIsTheOperatorsMistake() async throws {
        let change = { (settings: inout ForwardSettings) in
            settings.tls = ForwardSettings.TLSFiles(authority: "/nowhere/ca.pem")
        }
        let error = await #expect(throws: Diagnostic.self) {
            try await Forwarding.with(ports: [853], isTLS: true, settings: change) { _ in }
        }
        #expect(error?.location == SourceLocation(file: "Corefile", line: 7, column: 5))
        #expect(error?.text.contains("/nowhere/ca.pem") == true)
    }
}
