import ClusterDNSTestKit
import DNS
import LinuxIO
import ScriptedUpstreams
import Testing

/// `forward` before a resolver that somebody else wrote.
@Suite(.enabled(if: Unbound.isInstalled, "needs unbound, and ldns-signzone from ldnsutils"))
struct RealUpstreamTests {
    enum Way: CaseIterable, Sendable {
        case udp, tcp, tls

        fileprivate func upstream(_ authority: TestAuthority) throws -> Unbound.Way {
            switch self {
            case .udp: .plain
            case .tcp: .tcp
            case .tls: .tls(try authority.certificate(for: "DNS:dns.test"))
            }
        }

        fileprivate func lines(_ address: String, _ authority: TestAuthority) -> String {
            switch self {
            // Once, because what comes to the upstream is counted.
            case .udp: "forward . \(address):5353 {\n \(ScriptedUpstream.once)\n }"
            case .tcp: "forward . \(address):5353 {\n force_tcp\n \(ScriptedUpstream.once)\n }"
            case .tls:
                "forward . tls://\(address):5353 {\n tls \(authority.certificate)\n tls_servername dns.test\n \(ScriptedUpstream.once)\n }"
            }
        }
    }

    struct Case: Sendable {
        let question: String
        /// The code, then what "dig +short" shows, sorted.
        let answer: String

        init(_ question: String, _ answer: String) {
            self.question = question
            self.answer = answer
        }
    }

    static let cases = [
        Case("www.example.com A", "NOERROR 192.0.2.80"),
        Case("www.example.com AAAA", "NOERROR 2001:db8::80"),
        Case("WWW.Example.COM A", "NOERROR 192.0.2.80"),
        Case("api.payments.example.com A", "NOERROR 192.0.2.21 192.0.2.22 lb.payments.example.com."),
        Case("mail.example.com MX", "NOERROR 10 www.example.com."),
        Case("text.example.com TXT", "NOERROR \"hello\""),
        Case("80.2.0.192.in-addr.arpa PTR", "NOERROR www.example.com."),
        Case("text.example.com A", "NOERROR"),
        Case("example.com A", "NOERROR"),
        Case("nobody.example.com A", "NXDOMAIN"),
        Case("big.example.com A", "NOERROR " + Unbound.bigAddresses.sorted().joined(separator: " ")),
    ]

    /// Twice: the second answer comes from our cache, and nobody asks the upstream.
    @Test(arguments: Way.allCases) func answers(_ way: Way) async throws {
        let asked = try await withUpstream(way) { server in
            for transport in ["+notcp", "+tcp"] {
                for each in Self.cases {
                    let answer = try await dig(server, each.question, transport)
                    let data = answer.answers.map { $0.split(separator: " ").dropFirst(3).joined(separator: " ") }
                    #expect(([answer.code] + data.sorted()).joined(separator: " ") == each.answer, "\(each.question)")
                    #expect(!answer.isTruncated)
                    // A name or a type that does not exist is told with how long that is true (RFC 2308 §3).
                    let isNegative = answer.answers.isEmpty
                    #expect(answer.authority.contains { $0.contains(" SOA ") } == isNegative, "\(each.question)")
                }
            }
        }
        for question in Set(Self.cases.map { $0.question.lowercased() }) {
            // What does not fit is asked for twice: the second time over TCP.
            let expected = way == .udp && question == "big.example.com a" ? 2 : 1
            #expect(asked.count { $0 == question } == expected, "\(question): \(asked)")
        }
    }

    /// Signatures come to who wants them, and to nobody else; from the cache, too (behaviour 13).
    @Test(arguments: Way.allCases) func handsOnTheWishForSignatures(_ way: Way) async throws {
        try await withUpstream(way) { server in
            for _ in 0..<2 {
                let signed = try await dig(server, "www.example.com A", "+dnssec")
                #expect(signed.answers.count { $0.contains(" RRSIG A 13 ") } == 1, "\(signed)")
                let plain = try await dig(server, "www.example.com A", "+nodnssec")
                #expect(plain.answers.count == 1, "\(plain)")
                let denied = try await dig(server, "nobody.example.com A", "+dnssec +tcp")
                #expect(denied.authority.contains { $0.contains(" NSEC ") }, "\(denied)")
                let plainlyDenied = try await dig(server, "nobody.example.com A", "+nodnssec")
                #expect(plainlyDenied.authority.count == 1, "\(plainlyDenied)")
            }
        }
    }

    struct Trust: Sendable, CustomTestStringConvertible {
        let question: String
        /// The code, how many addresses, and "ad" if the answer is said to be validated.
        let answer: String
        var testDescription: String { question }

        init(_ question: String, _ answer: String) {
            self.question = question
            self.answer = answer
        }
    }

    static let trusts = [
        Trust("www.example.com A +noad", "NOERROR 1"),
        Trust("www.example.com A +ad", "NOERROR 1 ad"),
        Trust("www.example.com A +noad +dnssec", "NOERROR 1 ad"),
        Trust("nobody.example.com A +ad", "NXDOMAIN 0 ad"),
        Trust("nobody.example.com A +noad", "NXDOMAIN 0"),
        Trust("forged.example.com A +ad", "SERVFAIL 0"),
        Trust("forged.example.com A +noad", "SERVFAIL 0"),
        Trust("forged.example.com A +noad +cd", "NOERROR 1"),
        Trust("forged.example.com A +ad", "SERVFAIL 0"),
    ]

    /// What the upstream has validated is told to who asks (RFC 6840 §5.7, §5.8); what it refuses comes only to who asks
    /// for it unchecked, and neither answer is kept for the other.
    @Test func handsOnWhatWasValidated() async throws {
        try await withUpstream(.udp, validates: true) { server in
            // The upstream's own word: DNSSEC Bogus (RFC 8914 §4.7).
            #expect(try await dig(server, "forged.example.com A", "").extendedError == 6)
            for round in 1...2 {
                for each in Self.trusts {
                    let output = try await digOutput(server, each.question, "")
                    let answer = try #require(try ToolText(output).answers.first)
                    let flags = output.firstMatch(of: #/;; flags: ([a-z ]*);/#)?.1.split(separator: " ") ?? []
                    let found = "\(answer.code) \(answer.answers.count { $0.contains(" A 192.0.2.") })"
                    #expect(found + (flags.contains("ad") ? " ad" : "") == each.answer, "\(each), time \(round)")
                }
            }
        }
    }

    /// An upstream that shows a certificate for another name is no upstream.
    @Test func refusesACertificateForAnotherName() async throws {
        let authority = try TestAuthority()
        let files = try authority.certificate(for: "DNS:other.test")
        let asked = try await withUpstream(.tls, authority, showing: .tls(files)) { server in
            let answer = try await dig(server, "www.example.com A", "+tcp")
            #expect(answer.code == "SERVFAIL")
            #expect(answer.answers == [])
        }
        #expect(asked == [])
    }

    // MARK: - Running

    /// - Returns: the questions that came to the upstream.
    @discardableResult
    private func withUpstream(
        _ way: Way, _ authority: TestAuthority? = nil, showing shown: Unbound.Way? = nil, validates: Bool = false,
        _ body: (RunningServer) async throws -> Void
    ) async throws -> [String] {
        let scratch = try Scratch()
        let authority = try authority ?? TestAuthority()
        let address = freshLoopback()
        let upstream = try await Unbound(
            at: "\(address)@5353", try shown ?? way.upstream(authority), validates: validates, in: scratch)
        try scratch.write(
            "Corefile",
            """
            .:5300 {
                bind \(address)
                \(way.lines(address, authority))
                cache 30
                loop
            }

            """)
        do {
            try await withServer(["--config", scratch.path("Corefile")], body)
        } catch {
            try await upstream.end()
            throw error
        }
        return try await upstream.end()
    }

    private func dig(_ server: RunningServer, _ question: String, _ options: String) async throws -> Answer {
        let output = try await digOutput(server, question, options)
        return try #require(try ToolText(output).answers.first, "\(output)")
    }

    private func digOutput(_ server: RunningServer, _ question: String, _ options: String) async throws -> String {
        let place = "@\(server.address.address) -p \(server.address.port)"
        let words = "dig \(place) +nocookie +tries=1 +timeout=30 \(options) \(question)"
        return try await must(words.split(separator: " ").map(String.init))
    }
}
