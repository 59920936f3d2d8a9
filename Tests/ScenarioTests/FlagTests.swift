import ClusterDNSTestKit
import DNS
import Glibc
import LinuxIO
import Testing

/// CoreDNS's command line, and the short way without a Corefile.
@Suite struct FlagTests {
    @Test(arguments: [["-version"], ["--version"], ["-conf", "Corefile", "-version"], ["-version=true"]])
    func namesItsVersion(_ words: [String]) async throws {
        let run = try await Program.run([Place.program] + words)
        #expect(run.code == 0)
        #expect(run.output.split(separator: ".").count == 3, "\(run.output)")
    }

    @Test func listsItsWords() async throws {
        let run = try await Program.run([Place.program, "-plugins"])
        let words = run.output.split(separator: "\n")
        #expect(run.code == 0 && words.contains("dns.kubernetes") && words.contains("dns.forward"))
        #expect(words == words.sorted() && !words.contains("dns.etcd"))
    }

    /// Words, and how the sentence begins that shows what became of them.
    static let lines: [(words: String, said: String)] = [
        ("-conf", "Missing value for '--config <config>'"),
        ("-conf Corefile --listen 127.0.0.1:0", "with --config, the Corefile says where to listen"),
        ("-conf=Corefile zones/demo", "name either catalogs or a Corefile"),
        ("--conf Corefile zones/demo", "name either catalogs or a Corefile"),
        ("-quiet", "name either catalogs or a Corefile"),
        ("-quiet=false -quiet", "name either catalogs or a Corefile"),
        ("-conf Corefile -dns.port 65536", "The value '65536' is invalid for '--dns-port"),
        ("-conf Corefile -p=x", "The value 'x' is invalid for '--dns-port"),
        ("serve -conf Corefile -dns.port=x", "The value 'x' is invalid for '--dns-port"),
        ("serve -- -conf", "-conf:1:1: error: the catalog does not exist"),
        ("-conf Corefile -nonsense", "Unknown option '-nonsense'"),
        ("serve zones/demo --forward x", "--forward: \"x\" is no address; write 192.0.2.1"),
        ("serve zones/demo --listen 10.0.0.1 --forward 10.0.0.1", "--forward: 10.0.0.1:53 is this server itself"),
        ("serve --config Corefile --forward 192.0.2.1", "the Corefile says where to forward: remove --forward"),
    ]

    @Test(arguments: lines) func isTranslated(_ line: (words: String, said: String)) async throws {
        let run = try await Program.run([Place.program] + line.words.split(separator: " ").map(String.init))
        #expect(run.code != 0)
        #expect(run.errors.contains(line.said), "\(run.errors)")
    }

    /// `coredns -conf Corefile -dns.port 1053`: no command, the port from the line, and a file with the process's number.
    @Test func servesAsCoreDNSDoes() async throws {
        await Gate.servers.enter()
        defer { Gate.servers.leave() }
        let scratch = try Scratch()
        let address = freshLoopback()
        try scratch.write(
            "Corefile",
            """
            . {
                bind \(address)
                kubernetes cluster.local {
                    catalog \(Place.root)/zones/demo
                }
            }
            """)
        let pidfile = scratch.path("number")
        let program = try Program([
            Place.program, "-conf", scratch.path("Corefile"), "-dns.port=5354", "-quiet", "-pidfile", pidfile,
        ])
        try await Self.appears(pidfile, in: scratch)
        let run = try await Program.run([
            "dig", "@\(address)", "-p", "5354", "+tries=1", "+timeout=30", "+short", "web.shop.svc.cluster.local",
        ])
        #expect(run.output == "10.96.0.10\n")
        let exit = await program.end()
        #expect(exit.code == 0 && exit.output == "", "\(exit.output)\(exit.errors)")
        let isThere = unsafe access(pidfile, R_OK) == 0
        #expect(!isThere)
    }

    /// Waits for a file; on a thread of its own, so that no other test waits.
    private static func appears(_ path: String, in scratch: Scratch) async throws {
        let thread = try WorkerThread(name: "appears") {
            do {
                let watch = try FileWatch()
                try watch.add(scratch.path(""))
                for _ in 0..<60 where unsafe access(path, R_OK) != 0 { _ = try watch.next(timeout: .seconds(5)) }
            } catch {
                Issue.record(error)
            }
        }
        await thread.wait()
    }

    @Test func forwardsWithoutACorefile() async throws {
        try await withServer(["zones/demo", "--cluster-domain", "corp.example", "--listen", "127.0.0.1:0"]) { other in
            let words = ["zones/demo", "--listen", "127.0.0.1:0", "--forward", "\(other.address)"]
            let server = try await RunningServer(words)
            let inside = try await server.ask("web.shop.svc.cluster.local", .a)
            let outside = try await server.ask("web.shop.svc.corp.example", .a)
            let none = try await server.ask("nobody.corp.example", .a, over: .tcp)
            #expect(inside.addresses == ["10.96.0.10"] && outside.addresses == ["10.96.0.10"])
            #expect(none.code == .nameError)
            #expect(await server.program.end().code == 0)
        }
    }
}
