import Glibc
import Testing

/// What every command says about itself, and about arguments that make no sense.
@Suite struct CommandTests {
    @Test(arguments: [[], ["serve"], ["check"], ["records"], ["resolv-conf"]]) func helps(_ command: [String])
        async throws
    {
        let run = try await Program.run([Place.program] + command + ["--help"])
        #expect(run.code == 0)
        #expect(run.output.contains("USAGE: clusterdns"))
        #expect(command.isEmpty || run.output.contains("clusterdns \(command[0])"))
        #expect(run.errors == "")
    }

    @Test(arguments: [[], ["serve"], ["check"], ["records"], ["resolv-conf"]]) func namesItsVersion(_ command: [String])
        async throws
    {
        let run = try await Program.run([Place.program] + command + ["--version"])
        #expect(run.code == 0)
        #expect(run.output.split(separator: ".").count == 3, "\(run.output)")
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let words: [String]
        let said: String
        var testDescription: String { words.joined(separator: " ") }

        init(_ words: String, _ said: String) {
            self.words = words.split(separator: " ").map(String.init)
            self.said = said
        }
    }

    static let mistakes = [
        Mistake("serve", "name either catalogs or a Corefile with --config"),
        Mistake("serve zones/demo --config Corefile", "name either catalogs or a Corefile with --config"),
        Mistake("serve --config Corefile --listen 127.0.0.1:1", "the Corefile says where to listen: remove --listen"),
        Mistake("serve zones/demo --listen 127.0.0.1:x", "\"127.0.0.1:x\" is no address; write 127.0.0.1:5300"),
        Mistake("serve zones/demo --workers 0", "--workers must be 1 to 1024, not 0"),
        Mistake("serve zones/demo --log-level loud", "--log-level must be trace"),
        Mistake("serve zones/demo --cluster-domain a..b", "\"a..b\" is no domain name; write cluster.local"),
        Mistake("serve zones/demo --listne :1", "Unknown option '--listne'. Did you mean '--listen'?"),
        Mistake("check", "name catalogs, or a Corefile with --config"),
        Mistake("records", "Missing expected argument"),
        Mistake("records zones/demo --ttl 3601", "--ttl must be 0 to 3600, not 3601"),
        Mistake("resolv-conf", "say the namespace: clusterdns resolv-conf --namespace shop"),
        Mistake("resolv-conf --namespace A_b", "\"A_b\" is no name of a namespace; write shop"),
        Mistake("resolv-conf --namespace a --nameserver b", "--nameserver: \"b\" is no IP address; write 10.96.0.10"),
        Mistake("resolv-conf --namespace a --nameserver ::1 ::2 ::3 ::4", "--nameserver: resolvers take 3 addresses"),
        Mistake("resolv-conf --namespace a --cluster-domain a..b", "\"a..b\" is no domain name; write cluster.local"),
        Mistake("resolv-conf --namespace a --format yaml", "The value 'yaml' is invalid for '--format <format>'"),
    ]

    @Test(arguments: mistakes) func explains(_ mistake: Mistake) async throws {
        let run = try await Program.run([Place.program] + mistake.words)
        #expect(run.code == EX_USAGE)
        #expect(run.errors.contains(mistake.said), "\(run.errors)")
        #expect(run.output == "")
    }

    @Test(arguments: [
        ["check", "nowhere.yaml"], ["records", "nowhere.yaml"], ["serve", "nowhere.yaml", "--listen", "127.0.0.1:0"],
    ])
    func aMissingCatalogIsAnErrorAtOnce(_ words: [String]) async throws {
        let run = try await Program.run([Place.program] + words)
        #expect(run.code == 1)
        #expect(
            (run.output + run.errors).contains(
                "nowhere.yaml:1:1: error: the catalog does not exist; create it or correct the path"))
    }

    @Test func recordsWithoutSources() async throws {
        let run = try await Program.clusterdns(
            "records", "zones/demo", "--cluster-domain", "corp.example", "--ttl", "30")
        #expect(run.code == 0)
        #expect(run.output.contains("web.shop.svc.corp.example.\t30\tIN\tA\t10.96.0.10\n"))
        #expect(!run.output.contains(" ; from "))
    }

    /// What `records` prints is a zone file that libldns reads, and each line of it is answered.
    @Test func brokenCatalogsStillHaveTheirGoodRecords() async throws {
        let run = try await Program.clusterdns("records", "zones/broken")
        #expect(run.code == 1)
        #expect(run.output.contains("good-before.shop.svc.cluster.local.\t5\tIN\tA\t10.96.9.20\n"))
        #expect(run.output.contains("good-after.shop.svc.cluster.local.\t5\tIN\tA\t10.96.9.21\n"))
        #expect(run.errors.contains("zones/broken/neighbours.yaml:"))
    }
}
