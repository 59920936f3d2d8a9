import ArgumentParser
import ClusterCatalog
import LinuxIO
import Plugins
import Serving
import SourceText

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say everything that is wrong with catalogs or a Corefile; exit with 1 if there is an error.",
        discussion: """
            Each problem is one line: file:line:column: error|warning: what is wrong, and what to do about it. Of a
            Corefile it also prints in which order a query meets the words of each server block, and which of them
            are different from CoreDNS, ignored or refused.

            Examples:
              clusterdns check shop.yaml
              clusterdns check --config Corefile
            """)

    @Argument(help: "Files or folders with Kubernetes manifests.")
    var catalogs: [String] = []

    @Option(
        name: [.customLong("config"), .customLong("conf")],
        help: "A Corefile; the catalogs that it names are checked too.")
    var config: String?

    @Flag(help: "Say nothing when all is well.")
    var quiet = false

    mutating func validate() throws {
        guard !catalogs.isEmpty || config != nil else {
            throw ValidationError("name catalogs, or a Corefile with --config: clusterdns check shop.yaml")
        }
    }

    func run() throws {
        // Catalogs of different blocks never meet: the same object in two of them is no duplicate.
        var sets = catalogs.isEmpty ? [] : [catalogs]
        var problems: Set<Diagnostic> = []
        var report: [String] = []
        if let config {
            let compiled = examineCorefile(path: config, ownAddresses: ownAddresses())
            problems.formUnion(compiled.diagnostics + compiled.report.findings)
            report = compiled.report.lines
            for paths in compiled.blocks.compactMap(\.kubernetes).map(\.catalog)
            where !paths.isEmpty && !sets.contains(paths) {
                sets.append(paths)
            }
        }
        var loaded = LoadedCatalogs()
        for paths in sets {
            do throws(Diagnostic) {
                try loaded.add(paths)
            } catch {
                problems.insert(error)
            }
        }
        problems.formUnion(loaded.diagnostics)
        for problem in problems.sorted() { print(problem) }
        let errors = problems.count { $0.severity == .error }
        if !quiet {
            print(
                "\(count(errors, "error")), \(count(problems.count - errors, "warning"))"
                    + loaded.summary.map { "; " + $0 }.joined())
        }
        for line in report where !quiet { print(line) }
        if errors > 0 { throw ExitCode(1) }
    }

    /// Without them fewer circles are seen.
    private func ownAddresses() -> [IPAddress] {
        do { return try machineAddresses() } catch { return [] }
    }

    private func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
