import DNS
import Foundation
import Glibc
import LinuxIO
import Testing

@testable import ClusterDNSTestKit

/// Starting, waiting for a catalog, stopping.
@Suite struct StartupTests {
    static let demo = "zones/demo"

    @Test func theFirstScreenSaysWhatToTry() async throws {
        let server = try await RunningServer([Self.demo, "--listen", "127.0.0.1:0"])
        let exit = await server.program.end()
        #expect(exit.code == 0)
        #expect(exit.output.contains("clusterdns "))
        #expect(exit.output.contains("listening on \(server.address) (UDP and TCP)"))
        #expect(exit.output.contains("from \(Self.demo): "))
        #expect(exit.output.contains("dig @127.0.0.1 -p \(server.address.port) "))
    }

    @Test func itsQuestionsHaveAnswers() async throws {
        try await withServer([Self.demo, "--listen", "127.0.0.1:0"]) { server in
            try await server.program.line(containing: "Try:")
            let line = try await server.program.line(containing: "  dig @")
            let run = try await Program.run(
                line.split(separator: " ").map(String.init) + ["+nocookie", "+tries=1", "+timeout=30"])
            let answer = try #require(try ToolText(run.output).answers.first)
            #expect(answer.code == "NOERROR" && !answer.answers.isEmpty, "\(run.output)")
        }
    }

    @Test func answersOnBothFamilies() async throws {
        let words = [Self.demo, "--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--workers", "2"]
        try await withServer(words) { server in
            #expect(try await server.addresses("web") == ["10.96.0.10"])
            let line = try await server.program.line(containing: "listening on [::1]:")
            let port = try #require(line.split(separator: ":").last?.prefix { $0.isNumber })
            let run = try await Program.run([
                "dig", "@::1", "-p", "\(port)", "+tries=1", "+timeout=30", "+short", "web.shop.svc.cluster.local",
            ])
            #expect(run.output == "10.96.0.10\n")
        }
    }

    @Test func anAddressInUseIsTold() async throws {
        try await withServer([Self.demo, "--listen", "127.0.0.1:0"]) { server in
            let run = try await Program.clusterdns("serve", Self.demo, "--listen", "\(server.address)")
            #expect(run.code == 1)
            #expect(run.errors.contains("\(server.address): address already in use"), "\(run.errors)")
            #expect(try await server.addresses("web") == ["10.96.0.10"])
        }
    }

    @Test func anAddressOfAnotherMachineIsTold() async throws {
        let run = try await Program.clusterdns("serve", Self.demo, "--listen", "192.0.2.1:5300")
        #expect(run.code == 1)
        #expect(run.errors.contains("192.0.2.1:5300: address not available"), "\(run.errors)")
    }

    /// Whether an unprivileged user may be tried: root alone can become nobody, and some kernels give port 53 to all.
    static let canLosePermission: Bool = {
        let start =
            (try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding: .utf8)) ?? ""
        let isGuarded = (Int(start.split(separator: "\n").first ?? "") ?? 1024) > 53
        return getuid() == 0 && isGuarded && Tool.exists("setpriv")
    }()

    @Test(.enabled(if: canLosePermission, "needs root, setpriv, and a kernel that guards port 53"))
    func noPermissionForPort53IsTold() async throws {
        let scratch = try Scratch()
        // Where nobody may read. Copied by a program of its own: while we have it open for writing it cannot be run.
        let copy = try await Program.run(["install", "-m", "755", Place.program, scratch.path("clusterdns")])
        #expect(copy.code == 0, "\(copy.errors)")
        try scratch.write("shop.yaml", shop("web", "10.96.0.1"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path)
        let run = try await Program.run(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
                + [scratch.path("clusterdns"), "serve", scratch.path("shop.yaml"), "--listen", "\(freshLoopback()):53"])
        #expect(run.code == 1)
        #expect(
            run.errors.contains("permission denied: ports below 1024 need CAP_NET_BIND_SERVICE or root"),
            "\(run.errors)")
    }

    /// With a Corefile a catalog may come later: not ready, SERVFAIL that says why, and all is well once it is there.
    @Test func waitsForTheCatalogOfACorefile() async throws {
        let scratch = try Scratch()
        let address = freshLoopback()
        try scratch.write("Corefile", corefile(address, "startup_timeout 10ms"))
        try await withServer(["--config", scratch.path("Corefile")]) { server in
            #expect(try await page("ready", address) == "503")
            #expect(try await page("health", address) == "200")
            let run = try await Program.run([
                "dig", "@\(address)", "-p", "5300", "+nocookie", "+tries=1", "+timeout=30",
                "web.shop.svc.cluster.local",
            ])
            let answer = try #require(try ToolText(run.output).answers.first, "\(run.output)\(run.errors)")
            #expect(answer == Answer(code: "SERVFAIL", extendedError: 14), "\(run.output)")
            // Reverse names neither: they must not leak to anyone else.
            #expect(try await server.ask("1.0.96.10.in-addr.arpa", .ptr).extendedError == 14)

            try scratch.replace("catalog.yaml", shop("web", "10.96.0.1"))
            try await server.program.line(containing: "names changed")
            #expect(try await server.addresses("web") == ["10.96.0.1"])
            #expect(try await page("ready", address) == "200")
        }
    }

    @Test func aTermSignalDrainsAndEndsWithZero() async throws {
        let scratch = try Scratch()
        let address = freshLoopback()
        try scratch.write("Corefile", corefile(address, "ttl 5"))
        try scratch.write("catalog.yaml", shop("web", "10.96.0.1"))
        let server = try await RunningServer(["--config", scratch.path("Corefile")])
        #expect(try await server.addresses("web") == ["10.96.0.1"])
        let exit = await server.program.end()
        #expect(exit.code == 0, "\(exit.errors)")
        let run = try await Program.run([
            "dig", "@\(address)", "-p", "5300", "+tries=1", "+timeout=30", "web.shop.svc.cluster.local",
        ])
        #expect(run.code == 9, "nobody is there any more: \(run.output)")
    }

    /// In the lame-duck time the server still answers, and says that it is leaving.
    @Test func aLameDuckStillAnswers() async throws {
        let scratch = try Scratch()
        let address = freshLoopback()
        try scratch.write("Corefile", corefile(address, "ttl 5", lameduck: "8s"))
        try scratch.write("catalog.yaml", shop("web", "10.96.0.1"))
        let server = try await RunningServer(["--config", scratch.path("Corefile")])
        server.program.signal(SIGTERM)
        var ready = "200"
        for _ in 0..<500 where ready == "200" { ready = try await page("ready", address) }
        #expect(ready == "503")
        #expect(try await server.addresses("web") == ["10.96.0.1"])
        #expect(await server.program.exit().code == 0)
    }

    /// A FIFO never makes the server wait.
    @Test func aFIFOIsRefused() async throws {
        let scratch = try Scratch()
        try #require(unsafe mkfifo(scratch.path("pipe.yaml"), 0o644) == 0)
        let check = try await Program.clusterdns("check", scratch.path("pipe.yaml"))
        #expect(check.code == 1)
        #expect(
            check.output.contains("pipe.yaml:1:1: error: the file is a FIFO, not a regular file"), "\(check.output)")
        try scratch.write("web.yaml", shop("web", "10.96.0.1"))
        try await withServer([scratch.path, "--listen", "127.0.0.1:0"]) { server in
            let addresses = try await server.addresses("web")
            #expect(addresses == ["10.96.0.1"])
        }
    }

    @Test func aCatalogThatIsTooLargeIsRefused() async throws {
        let scratch = try Scratch()
        try scratch.write("large.yaml", "a: b\n")
        try #require(unsafe truncate(scratch.path("large.yaml"), 300 << 20) == 0)
        let check = try await Program.clusterdns("check", scratch.path("large.yaml"))
        #expect(check.code == 1)
        #expect(
            check.output.contains("has 314572800 bytes, more than the limit of 268435456; split it"), "\(check.output)")
    }
}

/// The code that a page is served with: "200".
func page(_ name: String, _ address: String) async throws -> String {
    // "HTTP/1.1 200 OK"
    String(try await pageText(name, address).dropFirst(9).prefix(3))
}

/// What a page says, with its head.
func pageText(_ name: String, _ address: String) async throws -> String {
    let port: UInt16 = name == "ready" ? 8181 : 8080
    guard let server = SocketAddress(address, defaultPort: port) else { throw Trouble("\(address) is no address") }
    let request = Array("GET /\(name) HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n".utf8)
    let outbox = Outbox()
    let thread = try WorkerThread(name: "page") {
        outbox.put(
            Result {
                let socket = try ClientSocket(to: server, isStream: true, patience: Asking.patience)
                try socket.send(request)
                return try everything(from: socket)
            })
    }
    await thread.wait()
    return String(decoding: try outbox.take(), as: UTF8.self)
}

/// What comes until the server closes the connection.
private func everything(from socket: ClientSocket) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
        do {
            bytes += try socket.receive()
        } catch {
            guard "\(error)" == "the server closed the connection" else { throw error }
            return bytes
        }
    }
}

/// A Corefile with all pages, for `catalog.yaml` in its folder.
func corefile(_ address: String, _ option: String, lameduck: String? = nil) -> String {
    """
    .:5300 {
        bind \(address)
        health \(address):8080\(lameduck.map { " {\n        lameduck \($0)\n    }" } ?? "")
        ready \(address):8181 {
            monitor continuously
        }
        kubernetes cluster.local in-addr.arpa {
            catalog catalog.yaml
            \(option)
        }
    }

    """
}

/// A Service of the namespace `shop`.
func shop(_ name: String, _ address: String) -> String {
    """
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: \(name), namespace: shop }
    spec: { clusterIP: \(address), ports: [{ name: http, port: 80 }] }

    """
}

/// Programs that may be missing on a machine.
enum Tool {
    static func exists(_ name: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return (folders + ["/usr/sbin", "/sbin"]).contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }
}
