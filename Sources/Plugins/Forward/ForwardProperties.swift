import DNS
import SourceText

extension ForwardSettings {
    static let properties: [Property<ForwardSettings>] = [
        exceptProperty,
        .choice("policy", \.policy, "which server is asked first; random by default"),
        .flag("force_tcp", \.forcesTCP, "always asks over TCP"),
        .flag(
            "prefer_udp", \.prefersUDP,
            "asks over UDP first even when the client came over TCP; after a truncated answer over TCP"),
        .duration("read_timeout", in: .positive, \.readTimeout, "how long one server is listened to; 2s by default"),
        .duration("expire", \.expire, "how long an idle connection is kept; 10s by default"),
        .number(
            "max_fails", "COUNT", in: 0...UInt32.max, \.maxFails,
            "failed probes after which a server counts as down, 2 by default; 0: never, and no probes"),
        healthProperty,
        .number(
            "max_concurrent", "COUNT", in: 0...UInt32.max, \.maxConcurrent,
            "queries waiting at once, 1000 by default; more are answered REFUSED; 0: no limit"),
        .number(
            "max_connect_attempts", "COUNT", in: 0...UInt32.max, \.maxConnectAttempts,
            "servers tried for one query; 0, the default: twice as many as there are"),
        .number(
            "max_idle_conns", "COUNT", in: 0...UInt32.max, \.maxIdleConnections,
            "idle connections kept for each server; 0, the default: no limit"),
        codes("failover", \.failoverCodes, "after an answer with such a code the next server is asked"),
        codes("next", \.nextCodes, "after an answer with such a code the next forward line is asked"),
        .flag("next_on_nodata", \.nextOnNoData, "the same after an answer without records"),
        .flag(
            "failfast_all_unhealthy_upstreams", \.failsFast,
            "SERVFAIL at once while all servers are down, instead of one more try"),
        tlsProperty,
        tlsNameProperty,
        .ineffective("max_age", "DURATION", "connections are closed when idle for the time of expire"),
        .refused("doh_method", "servers are asked over UDP, TCP and TLS; remove the line"),
        .refused("resolver", "servers are written as addresses, and names are not looked up; remove the line"),
    ]

    private static let exceptProperty = Property<ForwardSettings>(
        name: "except", syntax: "ZONES…", meaning: "names in these zones are not forwarded", isRepeatable: true
    ) { option, settings, reading in
        guard let words = reading.arguments(of: option, count: 1...Int.max, syntax: "except ZONES…") else { return }
        for zone in reading.zones(words) where !settings.except.contains(zone) { settings.except.append(zone) }
    }

    private static let healthProperty = Property<ForwardSettings>(
        name: "health_check", syntax: "DURATION [no_rec] [domain NAME]",
        meaning:
            "how often a server that failed is probed, 0.5s by default; without recursion; for which name, . by default"
    ) { option, settings, reading in
        let syntax = "health_check DURATION [no_rec] [domain NAME]"
        guard let words = reading.arguments(of: option, count: 1...4, syntax: syntax) else { return }
        if let interval = reading.duration(words[0], "health_check", in: .positive) {
            settings.healthInterval = interval
        }
        var rest = words[1...]
        while let word = rest.popFirst() {
            switch word.text {
            case "no_rec": settings.healthIsRecursive = false
            case "domain":
                guard let name = rest.popFirst() else {
                    reading.error(word, "a name is missing behind domain; write \"\(syntax)\"")
                    break
                }
                switch WrittenZone(name.text) {
                case .name(let domain): settings.healthDomain = domain
                case .mistake(let reason): reading.error(name, reason)
                case .network: reading.error(name, "\"\(name.text)\" is no name to ask for")
                }
            default:
                let words = ["no_rec", "domain"]
                reading.error(
                    word, "\"\(word.text)\" is none of no_rec and domain" + suggestion(for: word.text, among: words))
            }
        }
    }

    private static func codes(
        _ name: String, _ path: Property<ForwardSettings>.Path<[ResponseCode]>, _ meaning: String
    ) -> Property<ForwardSettings> {
        Property(name: name, syntax: "CODE…", meaning: meaning, isRepeatable: true) { option, settings, reading in
            guard let words = reading.arguments(of: option, count: 1...Int.max, syntax: "\(name) CODE…") else { return }
            for word in words {
                guard let code = ResponseCode(written: word.text) else {
                    let names = ResponseCode.writtenNames.map { $0.name.lowercased() }
                    let meant = closest(to: word.text, among: names).map { "; did you mean \"\($0.uppercased())\"?" }
                    reading.error(
                        word, "\"\(word.text)\" is no response code such as SERVFAIL or REFUSED" + (meant ?? ""))
                    continue
                }
                if name == "failover", code == .noError {
                    reading.error(word, "NOERROR is an answer, after which no other server is asked; remove it")
                    continue
                }
                if !settings[keyPath: path].contains(code) { settings[keyPath: path].append(code) }
            }
        }
    }

    private static let tlsProperty = Property<ForwardSettings>(
        name: "tls", syntax: "[CERT KEY] [CA]",
        meaning: "PEM files: what is shown to servers, and whom to trust instead of the system's authorities"
    ) { option, settings, reading in
        guard let words = reading.arguments(of: option, count: 0...3, syntax: "tls [CERT KEY] [CA]") else { return }
        let paths = words.map { word in reading.readablePath(word) }
        switch paths.count {
        case 0: settings.tls = TLSFiles()
        case 1: settings.tls = TLSFiles(authority: paths[0])
        default:
            settings.tls = TLSFiles(certificate: paths[0], key: paths[1], authority: paths.count == 3 ? paths[2] : nil)
        }
    }

    private static let tlsNameProperty = Property<ForwardSettings>.argument(
        "tls_servername", "NAME", "the name that the certificates of the servers must have; their address by default"
    ) { word, settings, reading in
        switch WrittenZone(word.text) {
        case .name(let name) where name != ".": settings.tlsServerName = name
        case .mistake(let reason): reading.error(word, reason)
        case .name, .network: reading.error(word, "\"\(word.text)\" is no name of a server")
        }
    }
}

extension Reading {
    /// The path of a file, from the folder of the Corefile; that it cannot be read is reported.
    fileprivate mutating func readablePath(_ word: Corefile.Token) -> String {
        let path = self.path(word)
        do {
            _ = try surroundings.reading(path)
        } catch {
            let reason = (error as? CorefileReadError)?.reason ?? "\(error)"
            self.error(word, "cannot read \(path): \(reason); correct the path of this PEM file")
        }
        return path
    }
}

extension ResponseCode {
    /// As Corefiles write them (RFC 6895 §2.3); NOTIMPL is CoreDNS's second spelling.
    static let writtenNames: [(name: String, code: UInt16)] = [
        ("NOERROR", 0), ("FORMERR", 1), ("SERVFAIL", 2), ("NXDOMAIN", 3), ("NOTIMP", 4), ("NOTIMPL", 4), ("REFUSED", 5),
        ("YXDOMAIN", 6), ("YXRRSET", 7), ("NXRRSET", 8), ("NOTAUTH", 9), ("NOTZONE", 10), ("BADVERS", 16),
        ("BADCOOKIE", 23),
    ]

    /// The code of a name, in capital letters or not; nil for an unknown name.
    init?(written text: String) {
        let name = text.uppercased()
        guard let known = Self.writtenNames.first(where: { $0.name == name }) else { return nil }
        self.init(rawValue: known.code)
    }
}
