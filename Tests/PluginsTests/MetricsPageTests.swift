import Foundation
import Testing

@testable import Plugins

/// The text that Prometheus reads.
@Suite struct MetricsPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let promtool = "/usr/bin/promtool"
    /// `make test` installs it; without it only a run by hand passes.
    private static let needsPromtool =
        FileManager.default.fileExists(atPath: promtool)
        || ProcessInfo.processInfo.environment["CLUSTERDNS_WARNINGS"] == "error"

    // MARK: What dashboards and alerts read

    struct Read: Sendable, CustomTestStringConvertible {
        let name: String
        let labels: Set<String>
        /// For histograms that are read by bucket.
        var isHistogram = false
        var testDescription: String { name }

        init(_ name: String, _ labels: String, isHistogram: Bool = false) {
            self.name = name
            self.labels = Set(labels.split(separator: " ").map(String.init))
            self.isHistogram = isHistogram
        }
    }

    /// Of coredns-mixin, of Grafana's dashboards for CoreDNS and of the alerts that go with them, old names included.
    static let reads = [
        Read("coredns_build_info", "version revision goversion"),
        Read("coredns_panics_total", ""),
        Read("coredns_plugin_enabled", "server zone view name"),
        Read("coredns_dns_requests_total", "server zone view proto family type"),
        Read("coredns_dns_request_duration_seconds", "server zone view", isHistogram: true),
        Read("coredns_dns_request_size_bytes", "server zone view proto", isHistogram: true),
        Read("coredns_dns_response_size_bytes", "server zone view proto", isHistogram: true),
        Read("coredns_dns_do_requests_total", "server zone view"),
        Read("coredns_dns_responses_total", "server zone view rcode plugin"),
        Read("coredns_cache_entries", "server type zones view"),
        Read("coredns_cache_hits_total", "server type zones view"),
        Read("coredns_cache_evictions_total", "server type zones view"),
        Read("coredns_cache_misses_total", "server zones view"),
        Read("coredns_cache_requests_total", "server zones view"),
        Read("coredns_cache_prefetch_total", "server zones view"),
        Read("coredns_cache_drops_total", "server zones view"),
        Read("coredns_cache_served_stale_total", "server zones view"),
        Read("coredns_forward_healthcheck_broken_total", ""),
        Read("coredns_forward_max_concurrent_rejects_total", ""),
        Read("coredns_forward_requests_total", "to"),
        Read("coredns_forward_responses_total", "to rcode"),
        Read("coredns_forward_request_duration_seconds", "to rcode", isHistogram: true),
        Read("coredns_forward_healthcheck_failures_total", "to"),
        Read("coredns_proxy_request_duration_seconds", "proxy_name to rcode", isHistogram: true),
        Read("coredns_proxy_healthcheck_failures_total", "proxy_name to"),
        Read("coredns_proxy_conn_cache_hits_total", "proxy_name to proto"),
        Read("coredns_proxy_conn_cache_misses_total", "proxy_name to proto"),
        Read("coredns_kubernetes_dns_programming_duration_seconds", "service_kind", isHistogram: true),
        Read("coredns_health_request_duration_seconds", "", isHistogram: true),
        Read("coredns_health_request_failures_total", ""),
        Read("coredns_reload_failed_total", ""),
        Read("coredns_reload_version_info", "hash value"),
        Read("coredns_local_localhost_requests_total", ""),
        Read("process_cpu_seconds_total", ""),
        Read("process_resident_memory_bytes", ""),
        Read("process_virtual_memory_bytes", ""),
        Read("process_open_fds", ""),
        Read("process_max_fds", ""),
        Read("process_start_time_seconds", ""),
    ]

    @Test(arguments: reads) func whatDashboardsReadIsThere(_ read: Read) {
        let lines = PageLine.all(in: MetricsFixture().page)
        let parts = read.isHistogram ? ["_bucket", "_sum", "_count"] : [""]
        for part in parts {
            let mine = lines.filter { $0.name == read.name + part }
            #expect(!mine.isEmpty)
            for line in mine {
                #expect(Set(line.labels.keys) == (part == "_bucket" ? read.labels.union(["le"]) : read.labels))
            }
        }
    }

    /// The sums that the alerts are made of.
    @Test func alertsFindTheirSeries() {
        let lines = PageLine.all(in: MetricsFixture().page)
        func value(_ name: String, _ labels: [String: String]) -> String? {
            lines.first { $0.name == name && labels.allSatisfy { [labels = $0.labels] in labels[$0.key] == $0.value } }?
                .value
        }
        #expect(value("coredns_dns_responses_total", ["rcode": "SERVFAIL", "zone": ".", "plugin": "forward"]) == "1")
        #expect(value("coredns_forward_responses_total", ["rcode": "SERVFAIL", "to": "10.0.0.2:53"]) == "1")
        #expect(value("coredns_proxy_request_duration_seconds_count", ["rcode": "NOERROR"]) == "1")
        #expect(value("coredns_forward_healthcheck_failures_total", ["to": "10.0.0.2:53"]) == "5")
        #expect(value("coredns_dns_requests_total", ["zone": "dropped", "type": "other"]) == "1")
        #expect(value("coredns_dns_request_duration_seconds_bucket", ["zone": ".", "le": "2.048"]) == "1")
        #expect(value("coredns_dns_request_duration_seconds_bucket", ["zone": ".", "le": "1.024"]) == "0")
        #expect(value("coredns_dns_response_size_bytes_bucket", ["proto": "tcp", "le": "64000"]) == "0")
        #expect(value("coredns_dns_response_size_bytes_bucket", ["proto": "tcp", "le": "+Inf"]) == "1")
        #expect(value("coredns_panics_total", [:]) == "0")
    }

    // MARK: The format

    @Test func thePageIsTheGoldenText() throws {
        let registry = MetricsRegistry(build: BuildInfo(version: "0.2.0", revision: "abc1234"))
        let counters = registry.counters(
            server: "dns://:53", zone: "cluster.local.", transport: .udp, isIPv4: true)
        for type: UInt16 in [1, 1, 28, 65280] {
            counters.view.countQuery(type: type, byteCount: 60, wantsSignatures: type == 28)
            counters.view.countAnswer(code: type == 65280 ? 3 : 0, plugin: .kubernetes, byteCount: 512)
        }
        counters.view.countBatch(nanoseconds: 250_001)
        let sources = registry.register { families in
            families.add(PluginSamples(server: "dns://:53", zone: "cluster.local.", names: ["kubernetes", "errors"]))
            families.add(MetricsFixture.cache)
        }
        let page = registry.steadyPage
        withExtendedLifetime((counters, sources)) {}
        let compiler = try #require(page.firstMatch(of: #/goversion="([^"]*)"/#)?.1)
        let lines = page.split(separator: "\n")
        let expected = goldenMetricsPage.replacing("COMPILER", with: compiler).split(separator: "\n")
        for (index, (line, wanted)) in zip(lines, expected).enumerated() where line != wanted {
            Issue.record("line \(index + 1) is\n\(line)\nand not\n\(wanted)")
        }
        #expect(lines.count == expected.count)
    }

    @Test func everyFamilyIsSaidOnceBeforeItsSeries() {
        let page = MetricsFixture().page
        var current = ""
        var seen: Set<Substring> = []
        for line in page.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# HELP ") {
                #expect(seen.insert(words[2]).inserted)
                current = String(words[2])
            } else if line.hasPrefix("# TYPE ") {
                #expect(words[2] == current)
            } else {
                #expect(line.hasPrefix(current))
            }
        }
        #expect(Set(PageLine.all(in: page)).count == PageLine.all(in: page).count)
        #expect(page.hasSuffix("\n"))
    }

    @Test func labelsAndHelpAreEscaped() {
        let metric = Metric("strange_total", .counter, ["name"], "a \\ and\na \"new\" line")
        var families = MetricFamilies()
        families.add(1, ["quote \" back \\ line \n end"], to: metric)
        #expect(
            MetricsPage.text(families) == """
                # HELP strange_total a \\\\ and\\na "new" line
                # TYPE strange_total counter
                strange_total{name="quote \\" back \\\\ line \\n end"} 1

                """)
    }

    static let numbers: [(Double, String)] = [
        (0, "0"), (16000, "16000"), (0.00025, "0.00025"), (8.192, "8.192"), (-3, "-3"), (1.5e300, "1.5e+300"),
        (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    ]

    @Test(arguments: numbers) func numbersAreWrittenAsGoWritesThem(_ number: Double, _ text: String) {
        #expect(MetricsPage.text(of: number) == text)
    }

    @Test(.enabled(if: needsPromtool, "promtool is not installed: apt-get install prometheus"))
    func promtoolHasNothingToSay() throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.promtool)
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // The page is far smaller than what promtool takes while it writes nothing: it reads all before it speaks.
        try input.fileHandleForWriting.write(contentsOf: Data(MetricsFixture().page.utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd().map { String(decoding: $0, as: UTF8.self) }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect((said ?? "") == "")
    }

    // MARK: docs/metrics.md

    @Test func thePageOfTheManualHasEveryMetric() throws {
        let manual = try String(contentsOf: Self.root.appending(path: "docs/metrics.md"), encoding: .utf8)
        let rows = Set(manual.split(separator: "\n").filter { $0.hasPrefix("| `") })
        for metric in Metric.all {
            let labels = metric.labels.isEmpty ? "–" : metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            let start = "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) |"
            #expect(rows.contains { $0.hasPrefix(start) }, "no row begins with \(start)")
        }
        let known = Set(Metric.all.map(\.name))
        let named = manual.matches(of: #/^\| `((?:coredns|clusterdns|process)_\w+)`/#.anchorsMatchLineEndings())
        #expect(Set(named.map { String($0.1) }) == known)
    }

    @Test func metricsAreTheFixtures() {
        let shown = MetricsFixture().metricNames
        #expect(shown == Set(Metric.all.map(\.name)))
        #expect(Metric.all.count == shown.count)
    }
}
