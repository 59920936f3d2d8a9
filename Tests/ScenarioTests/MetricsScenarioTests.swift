import ClusterDNSTestKit
import DNS
import Foundation
import LinuxIO
import ScriptedUpstreams
import Testing
import WireMessages

/// The page /metrics after some traffic: what dashboards and alerts read must be there, with its labels.
@Suite(.timeLimit(.minutes(5))) struct MetricsScenarioTests {
    static let block = "server=\"SERVER\",zone=\".\",view=\"\""

    /// What the coredns-mixin and other dashboards read; TO stands for the upstream, SERVER for this server.
    static let wanted = [
        "coredns_build_info{version=",
        "coredns_panics_total 0",
        "coredns_plugin_enabled{\(block),name=\"forward\"} 1",
        "coredns_plugin_enabled{\(block),name=\"cache\"} 1",
        "coredns_dns_requests_total{\(block),proto=\"udp\",family=\"1\",type=\"A\"}",
        "coredns_dns_requests_total{\(block),proto=\"udp\",family=\"1\",type=\"AAAA\"}",
        "coredns_dns_requests_total{\(block),proto=\"tcp\",family=\"1\",type=\"A\"}",
        "coredns_dns_do_requests_total{\(block)} 1",
        "coredns_dns_request_duration_seconds_bucket{\(block),le=\"0.00025\"}",
        "coredns_dns_request_duration_seconds_sum{\(block)}",
        "coredns_dns_request_duration_seconds_count{\(block)}",
        "coredns_dns_request_size_bytes_bucket{\(block),proto=\"udp\",le=\"100\"}",
        "coredns_dns_response_size_bytes_bucket{\(block),proto=\"tcp\",le=\"511\"}",
        "coredns_dns_responses_total{\(block),rcode=\"NOERROR\",plugin=\"kubernetes\"}",
        "coredns_dns_responses_total{\(block),rcode=\"NXDOMAIN\",plugin=\"kubernetes\"}",
        "coredns_dns_responses_total{\(block),rcode=\"NOERROR\",plugin=\"forward\"}",
        "coredns_dns_responses_total{\(block),rcode=\"NOERROR\",plugin=\"cache\"}",
        "coredns_cache_entries{server=\"SERVER\",type=\"success\",zones=\".\",view=\"\"}",
        "coredns_cache_hits_total{server=\"SERVER\",type=\"success\",zones=\".\",view=\"\"} 1",
        "coredns_cache_misses_total{server=\"SERVER\",zones=\".\",view=\"\"}",
        "coredns_cache_requests_total{server=\"SERVER\",zones=\".\",view=\"\"}",
        "coredns_forward_healthcheck_broken_total 0",
        "coredns_forward_max_concurrent_rejects_total 0",
        "coredns_proxy_request_duration_seconds_count{proxy_name=\"forward\",to=\"TO\",rcode=\"NOERROR\"}",
        "coredns_proxy_healthcheck_failures_total{proxy_name=\"forward\",to=\"TO\"}",
        "coredns_proxy_conn_cache_misses_total{proxy_name=\"forward\",to=\"TO\",proto=\"udp\"}",
        "coredns_forward_requests_total{to=\"TO\"}",
        "coredns_forward_responses_total{to=\"TO\",rcode=\"NOERROR\"}",
        "coredns_forward_request_duration_seconds_bucket{to=\"TO\",rcode=\"NOERROR\",le=\"0.00025\"}",
        "coredns_forward_healthcheck_failures_total{to=\"TO\"}",
        "coredns_kubernetes_dns_programming_duration_seconds_bucket{service_kind=\"cluster_ip\",le=",
        "coredns_health_request_duration_seconds_bucket{le=",
        "coredns_health_request_failures_total 0",
        "coredns_reload_failed_total 0",
        "coredns_reload_version_info{hash=\"sha512\",value=",
        "coredns_local_localhost_requests_total",
        "clusterdns_catalog_ready{catalog=",
        "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds",
    ]

    /// Where a change must prove itself, no promtool is a failure; elsewhere it is one tool less.
    private static let mustCheck: Bool = {
        let environment = ProcessInfo.processInfo.environment
        return environment["CI"] != nil || environment["CLUSTERDNS_WARNINGS"] == "error"
    }()

    @Test func everythingIsThereAfterSomeTraffic() async throws {
        let server = try await ScriptedUpstream.saying(.address("192.0.2.7"))
        let lines = [
            "prometheus {address}:9153", "health {address}:8080", "reload", "local", "cache",
            "forward . \(server.place)",
            "kubernetes cluster.local {", "catalog catalog.yaml", "}",
        ]
        let files = ["catalog.yaml": shop("web", "10.96.0.1")]
        try await Served.block(lines.joined(separator: "\n"), files: files) { served async throws in
            let web = "web.shop.svc.cluster.local."
            try served.scratch.write("catalog.yaml", shop("web", "10.96.0.2"))
            _ = try await served.wait(web) { $0.addresses == ["10.96.0.2"] }
            _ = try await served.ask(web, .aaaa)
            _ = try await served.ask(web, over: .tcp)
            _ = try await served.ask(web) { $0.edns(flags: 0x8000) }
            _ = try await served.ask("none.shop.svc.cluster.local.")
            for _ in 0..<2 { _ = try await served.ask("www.example.org.") }
            _ = try await served.ask("localhost.shop.svc.cluster.local.")
            // The first check of the page by itself may come later.
            var text = ""
            repeat {
                text = try await pageText("metrics", "\(served.address):9153")
            } while !text.contains("coredns_health_request_duration_seconds_count 1")

            let found = text.split(separator: "\n")
            for metric in Self.wanted {
                let start = metric.replacing("TO", with: server.place)
                    .replacing("SERVER", with: "dns://\(served.address):5300")
                #expect(found.contains { $0.hasPrefix(start) }, "\(start)")
            }
            #expect(!text.contains("example.org"), "no name of a query is a label")
            #expect(
                text.contains("\r\nContent-Type: text/plain; version=0.0.4")
                    || text.contains("\r\ncontent-type: text/plain; version=0.0.4"))
            if Tool.exists("promtool") || Self.mustCheck { try await check(text, served.scratch) }
        }
        await server.stop()
    }

    private func check(_ text: String, _ scratch: Scratch) async throws {
        let body = try #require(text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) })
        try scratch.write("metrics", body)
        let run = try await Program.run(["sh", "-c", "promtool check metrics < \(scratch.path("metrics"))"])
        #expect(run.code == 0 && run.errors == "", "\(run.output)\(run.errors)")
    }

    /// What nobody here answers is counted apart, and refusals of `forward` too.
    @Test func whatIsDroppedIsCounted() async throws {
        let server = try await ScriptedUpstream(ScriptedRule(nil, .hold, .answer(.address("192.0.2.7"))))
        let text = """
            example.org:5300 {
                bind {address}
                prometheus {address}:9153
                forward . \(server.place) {
                    max_concurrent 1
                    max_connect_attempts 1
                }
            }
            """
        try await Served.corefile(text) { served async throws in
            async let waiting = served.ask("a.example.org.")
            await server.queries(for: "a.example.org.")
            #expect(try await served.ask("b.example.org.").code == .refused)
            server.release()
            _ = try await waiting
            #expect(try await served.ask("www.example.net.").code == .refused)
            let rejects = try await metric("coredns_forward_max_concurrent_rejects_total", served.address)
            #expect(rejects == ["coredns_forward_max_concurrent_rejects_total 1"])
            let queries = try await metric("coredns_dns_requests_total", served.address)
            #expect(queries.contains { $0.contains("zone=\"dropped\"") }, "\(queries)")
        }
        await server.stop()
    }

    /// Without the word nothing is served.
    @Test func onlyBlocksWithTheWordAreCounted() async throws {
        let text = """
            counted.example:5300 {
                bind {address}
                prometheus {address}:9153
                whoami
            }
            other.example:5300 {
                bind {address}
                whoami
            }
            """
        try await Served.corefile(text) { served async throws in
            for name in ["a.counted.example.", "a.other.example."] { _ = try await served.ask(name) }
            let lines = try await metric("coredns_dns_requests_total", served.address)
            #expect(lines.contains { $0.contains("zone=\"counted.example.\"") }, "\(lines)")
            #expect(!lines.contains { $0.contains("other.example.") }, "\(lines)")
        }
    }
}
