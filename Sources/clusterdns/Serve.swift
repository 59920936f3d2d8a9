import ArgumentParser
import LinuxIO
import Logging
import ServiceLifecycle
import Serving
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer queries over UDP and TCP, and follow the catalog as it changes.",
        discussion: """
            Either name one or more catalogs, or a Corefile with --config. CoreDNS's flags are understood, also without
            the word serve: clusterdns -conf /etc/coredns/Corefile -dns.port 1053. SIGHUP or SIGUSR1 reads the Corefile
            again; SIGTERM answers what has arrived, then ends.

            Examples:
              clusterdns serve shop.yaml --listen 127.0.0.1:5300
              clusterdns serve shop.yaml --listen 10.0.0.53 --forward 192.0.2.1 --forward 192.0.2.2
              clusterdns serve /etc/catalog --cluster-domain cluster.local
              clusterdns serve --config /etc/coredns/Corefile
            """)

    @Argument(help: "Files or folders with Kubernetes manifests.")
    var catalogs: [String] = []

    @Option(
        help: ArgumentHelp(
            "Address to listen on, UDP and TCP; may be repeated (default: port 53 of every address).",
            valueName: "addr:port"))
    var listen: [String] = []

    @Option(
        help: ArgumentHelp(
            "Who is asked for all other names; may be repeated. Answers are kept for up to 30 seconds.",
            valueName: "addr[:port]"))
    var forward: [String] = []

    @Option(help: "The domain of the cluster.")
    var clusterDomain = "cluster.local"

    @Option(name: [.customLong("config"), .customLong("conf")], help: "A Corefile, in CoreDNS's language.")
    var config: String?

    @Option(help: "UDP workers for each address (default: one for each CPU that the process may use).")
    var workers: Int?

    @Option(
        name: [.customLong("dns-port"), .customShort("p")],
        help: ArgumentHelp("The port where none is named (default: 53).", valueName: "port"))
    var dnsPort: UInt16 = 53

    @Option(help: ArgumentHelp("Write the number of the process into this file.", valueName: "file"))
    var pidfile: String?

    @Flag(help: "Print nothing at the start.")
    var quiet = false

    @Option(help: "What to write: trace, debug, info, notice, warning, error.")
    var logLevel = "info"

    mutating func validate() throws {
        guard catalogs.isEmpty != (config == nil) else {
            throw ValidationError("name either catalogs or a Corefile with --config: clusterdns serve shop.yaml")
        }
        guard config == nil || listen.isEmpty else {
            throw ValidationError("with --config, the Corefile says where to listen: remove --listen")
        }
        guard config == nil || forward.isEmpty else {
            throw ValidationError("with --config, the Corefile says where to forward: remove --forward")
        }
        if let workers, !(1...1024).contains(workers) {
            throw ValidationError("--workers must be 1 to 1024, not \(workers)")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError(
                "--log-level must be trace, debug, info, notice, warning or error, not \"\(logLevel)\"")
        }
        for text in listen where SocketAddress(text, defaultPort: 53) == nil {
            throw ValidationError("--listen: \"\(text)\" is no address; write 127.0.0.1:5300 or [::1]:5300")
        }
        try validateForward()
        guard isClusterDomain(clusterDomain) else {
            throw ValidationError("--cluster-domain: \"\(clusterDomain)\" is no domain name; write cluster.local")
        }
    }

    private func validateForward() throws {
        for text in forward {
            guard let address = SocketAddress(text, defaultPort: 53) else {
                throw ValidationError("--forward: \"\(text)\" is no address; write 192.0.2.1 or [2001:db8::1]:5353")
            }
            guard !addresses.contains(address) else {
                throw ValidationError("--forward: \(address) is this server itself; name another one")
            }
        }
        guard forward.count <= 15 else { throw ValidationError("--forward may be written 15 times") }
    }

    private var addresses: [SocketAddress] { listen.compactMap { SocketAddress($0, defaultPort: dnsPort) } }

    func run() async throws {
        let logger = makeLogger(level: logLevel)
        let deployment = Deployment(makeConfiguration(), logger: logger)
        do {
            try await deployment.start()
        } catch {
            throw Failure(error)
        }
        // Signals are taken before anyone can know that we are there.
        let reloads = await UnixSignalsSequence(trapping: .sighup, .sigusr1)
        let lines = quiet ? [] : await firstScreen(of: deployment)
        let screen = FirstScreen(lines: lines, pidfile: pidfile.map { PIDFile(path: $0) })
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: deployment),
                    .init(service: ReloadSignal(deployment: deployment, signals: reloads)),
                    .init(service: screen),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quietLogger()))
        try await group.run()
    }

    private func makeConfiguration() -> Configuration {
        let workers = workers ?? usableProcessorCount()
        var configuration =
            config.map { Configuration(.corefile(path: $0), workers: workers) }
            ?? .catalogs(
                catalogs, clusterDomain: clusterDomain, listen: addresses,
                forward: forward.compactMap { SocketAddress($0, defaultPort: 53) }, workers: workers)
        configuration.defaultPort = dnsPort
        return configuration
    }

    /// What is served, and which lines to try.
    private func firstScreen(of deployment: Deployment) async -> [String] {
        let addresses = await deployment.addresses
        var lines = ["clusterdns \(ClusterDNS.version)"]
        lines += addresses.map { "  listening on \($0) (UDP and TCP)" }
        lines += await deployment.summary.map { "  " + $0 }
        let samples = await deployment.sampleQueries
        if let address = addresses.first, !samples.isEmpty {
            lines += ["", "Try:"] + samples.map { "  dig @\(reachable(address)) -p \(address.port) \($0)" }
        }
        return lines + [""]
    }

    private func reachable(_ address: SocketAddress) -> String {
        guard address.address.isUnspecified else { return address.address.description }
        return address.address.isIPv4 ? "127.0.0.1" : "::1"
    }
}

/// Reads the Corefile again on SIGHUP, and on SIGUSR1, which is CoreDNS's word for it.
private struct ReloadSignal: Service {
    let deployment: Deployment
    let signals: UnixSignalsSequence

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() { await deployment.reload() }
    }
}

/// Prints when the group runs, which takes SIGTERM and SIGINT by then; the file with our number is there from then on.
private struct FirstScreen: Service {
    let lines: [String]
    let pidfile: PIDFile?

    func run() async throws {
        try pidfile?.write()
        defer { pidfile?.remove() }
        for line in lines { print(line) }
        flushOutput()
        try await gracefulShutdown()
    }
}
