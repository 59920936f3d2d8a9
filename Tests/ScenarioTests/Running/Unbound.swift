import ClusterDNSTestKit
import DNS
import Foundation
import ScriptedUpstreams

/// Debian's unbound as an upstream: it answers from a small signed world of its own and knows nothing else. The address of
/// forged.example.com was changed behind its signature.
struct Unbound: Sendable {
    /// How it may be asked.
    enum Way: Sendable {
        /// Over UDP, and over TCP what does not fit.
        case plain
        case tcp
        case tls(CertificateFiles)
    }

    static let path = "/usr/sbin/unbound"
    static let isInstalled = Tool.exists("unbound") && Tool.exists("ldns-signzone")

    /// Everything from the root down; what is not in here does not exist.
    static let world =
        """
        $ORIGIN .
        $TTL 300
        . IN SOA ns.example.com. admin.example.com. 1 7200 1800 86400 60
        . IN NS ns.example.com.
        80.2.0.192.in-addr.arpa. IN PTR www.example.com.
        $ORIGIN example.com.
        @ IN TXT "example"
        ns IN A 192.0.2.53
        www IN A 192.0.2.80
        www IN AAAA 2001:db8::80
        api.payments IN CNAME lb.payments
        lb.payments IN A 192.0.2.21
        lb.payments IN A 192.0.2.22
        text IN TXT "hello"
        mail IN MX 10 www
        forged IN A 192.0.2.66

        """ + bigAddresses.map { "big IN A \($0)\n" }.joined()

    /// Too many for a datagram.
    static let bigAddresses = (1...200).map { "198.51.100.\($0)" }

    private let program: Program

    /// - Parameters:
    ///   - address: where it answers, with a port: 127.0.0.1@5353.
    ///   - validates: asks itself for what it answers and believes what is signed; if not, it is the authority.
    ///   - scratch: for its files.
    init(
        at address: String, _ way: Way = .plain, validates: Bool = false, in scratch: Scratch,
        under wrapper: [String] = [],
        patience: Duration = Program.patience
    ) async throws {
        try scratch.write("world", Self.world)
        let output = try await must(["ldns-keygen", "-k", "-a", "ECDSAP256SHA256", "."], in: scratch.path)
        let key = output.filter { !$0.isNewline }
        try await must(["ldns-signzone", "-f", "world.signed", "world", key], in: scratch.path)
        let signed = try String(contentsOfFile: scratch.path("world.signed"), encoding: .utf8)
        try scratch.write("world.signed", signed.replacing("192.0.2.66", with: "192.0.2.67"))
        let trust = validates ? scratch.path(key + ".key") : nil
        try scratch.write("unbound.conf", Self.configuration(address, way, trust: trust, scratch))
        program = try Program(
            wrapper + [Self.path, "-d", "-c", scratch.path("unbound.conf")], in: scratch.path, patience: patience)
        try await program.line(containing: "start of service")
    }

    /// Ends it, and gives the questions that came, in lower case: "www.example.com a".
    @discardableResult
    func end() async throws -> [String] {
        let exit = await program.end()
        guard exit.code == 0 else { throw Trouble("unbound ended with \(exit.code)\n\(exit.errors)") }
        // [1795443698] unbound[22125:0] info: 127.0.0.1 www.example.com. A IN
        return exit.errors.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").dropFirst(4)
            guard let name = words.first, words.count == 3, words.last == "IN" else { return nil }
            return "\(name.dropLast()) \(words[words.startIndex + 1])".lowercased()
        }
    }

    private static func configuration(_ address: String, _ way: Way, trust: String?, _ scratch: Scratch) -> String {
        """
        server:
            verbosity: 0
            log-queries: yes
            use-syslog: no
            do-daemonize: no
            logfile: ""
            username: ""
            chroot: ""
            pidfile: ""
            directory: "\(scratch.path)"
            num-threads: 1
            ede: yes
            interface: \(address)
            access-control: 127.0.0.0/8 allow
            do-ip6: no
            module-config: "\(trust == nil ? "iterator" : "validator iterator")"
        \(trust.map { "    trust-anchor-file: \"\($0)\"" } ?? "")
            # Built in: networks for documents have no names.
            local-zone: "2.0.192.in-addr.arpa." nodefault
        \(way.lines(port: address.split(separator: "@").last ?? ""))
        auth-zone:
            name: "."
            zonefile: "\(scratch.path("world.signed"))"
            for-downstream: \(trust == nil ? "yes" : "no")
            for-upstream: \(trust == nil ? "no" : "yes")
            fallback-enabled: no
        remote-control:
            control-enable: no

        """
    }
}

extension Unbound.Way {
    fileprivate func lines(port: Substring) -> String {
        switch self {
        case .plain: ""
        case .tcp: "    do-udp: no"
        case .tls(let files):
            """
                do-udp: no
                tls-port: \(port)
                tls-service-key: "\(files.key)"
                tls-service-pem: "\(files.certificate)"
            """
        }
    }
}
