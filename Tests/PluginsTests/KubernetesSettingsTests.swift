import ClusterCatalog
import Plugins
import SourceText
import Testing

struct OptionCase: CustomTestStringConvertible, Sendable {
    let option: String
    let change: @Sendable (inout KubernetesSettings) -> Void
    var testDescription: String { option }

    init(_ option: String, _ change: @escaping @Sendable (inout KubernetesSettings) -> Void) {
        self.option = option
        self.change = change
    }
}

@Suite("kubernetes") struct KubernetesSettingsTests {
    /// Two /9 prefixes stand for 128 reverse zones each: with the forward zone more than a table can number.
    @Test func tooManyZonesAreRefused() {
        let found = compile(
            ". {\n    kubernetes cluster.local 10.0.0.0/9 11.0.0.0/9 {\n        catalog c\n    }\n}\n")
        #expect(
            found.diagnostics.map(\.description).contains {
                $0.hasPrefix("Corefile:2:5: error: kubernetes has 257 zones")
            })
        #expect(
            compile(". {\n    kubernetes cluster.local 10.0.0.0/9 {\n        catalog c\n    }\n}\n").diagnostics.isEmpty
        )
    }

    /// Each option with what it changes in the settings of a block that holds only `catalog c`.
    static let options: [OptionCase] = [
        OptionCase("catalog d") { $0.catalog = ["c", "d"] },
        OptionCase("catalog /etc/d.yaml") { $0.catalog = ["c", "/etc/d.yaml"] },
        OptionCase("catalog \"with blank\"") { $0.catalog = ["c", "with blank"] },
        OptionCase("namespaces shop") { $0.namespaces = ["shop"] },
        OptionCase("namespaces shop kube-system shop") { $0.namespaces = ["shop", "kube-system"] },
        OptionCase("pods disabled") { _ in },
        OptionCase("pods insecure") { $0.pods = .insecure },
        OptionCase("pods verified") { $0.pods = .verified },
        OptionCase("endpoint_pod_names") { $0.usesPodNames = true },
        OptionCase("ttl 0") { $0.ttl = 0 },
        OptionCase("ttl 3600") { $0.ttl = 3600 },
        OptionCase("noendpoints") { $0.servesEndpoints = false },
        OptionCase("ignore empty_service") { $0.ignoresEmptyServices = true },
        OptionCase("fallthrough") { $0.fallthroughZones = ["."] },
        OptionCase("fallthrough in-addr.arpa IP6.arpa.") { $0.fallthroughZones = ["in-addr.arpa", "ip6.arpa"] },
        OptionCase("fallthrough 10.0.0.0/8") { $0.fallthroughZones = ["10.in-addr.arpa"] },
        OptionCase("startup_timeout 2m") { $0.startupTimeout = .seconds(120) },
    ]

    @Test(arguments: options) func reads(_ c: OptionCase) throws {
        let (blocks, diagnostics) = compile(kubernetes(c.option))
        #expect(diagnostics == [])
        var expected = KubernetesSettings(
            zones: ["cluster.local"], catalog: ["c"],
            at: SourceText.SourceLocation(file: "Corefile", line: 2, column: 5))
        c.change(&expected)
        #expect(blocks.first?.kubernetes == expected && blocks.first?.kubernetes?.location == expected.location)
    }

    @Test func defaults() throws {
        let settings = try #require(compile(kubernetes()).blocks.first?.kubernetes)
        #expect(settings.ttl == 5)
        #expect(settings.pods == .disabled)
        #expect(settings.servesEndpoints)
        #expect(settings.startupTimeout == .seconds(5))
        #expect(settings.fallthroughZones == [])
    }

    @Test func selectors() throws {
        let (blocks, diagnostics) = compile(
            kubernetes("labels app in (web, db),tier!=test", "namespace_labels team=shop"))
        #expect(diagnostics == [])
        let settings = try #require(blocks.first?.kubernetes)
        #expect(settings.labels == (try LabelSelector(parsing: "app in (web, db), tier!=test")))
        #expect(settings.namespaceLabels == (try LabelSelector(parsing: "team=shop")))
    }

    @Test func zonesComeFromTheBlock() throws {
        let (blocks, diagnostics) = compile("cluster.local 10.0.0.0/7 {\n kubernetes {\n  catalog c\n }\n}")
        #expect(diagnostics == [])
        let settings = try #require(blocks.first?.kubernetes)
        #expect(settings.zones == ["cluster.local", "10.in-addr.arpa", "11.in-addr.arpa"])
        #expect(settings.forwardZones == ["cluster.local"])
        #expect(settings.reverseZones == ["10.in-addr.arpa", "11.in-addr.arpa"])
    }

    @Test func zonesOfItsOwn() throws {
        let (blocks, diagnostics) = compile(
            ".:53 {\n kubernetes Cluster.Local in-addr.arpa ip6.arpa {\n  catalog c\n }\n}")
        #expect(diagnostics == [])
        #expect(blocks.first?.kubernetes?.zones == ["cluster.local", "in-addr.arpa", "ip6.arpa"])
    }

    @Test func pathsStartFromTheFileTheyStandIn() throws {
        let text = "cluster.local {\n kubernetes {\n  catalog a\n  catalog /b\n  import more/options\n }\n}"
        let (blocks, diagnostics) = compileCorefile(
            text, file: "/etc/dns/Corefile", surroundings: surroundings(files: ["more/options": "catalog c\n"]))
        #expect(diagnostics == [])
        #expect(blocks.first?.kubernetes?.catalog == ["/etc/dns/a", "/b", "more/c"])
    }
}
