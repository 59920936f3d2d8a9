import DNS
import LinuxIO
import Synchronization
import Testing

@testable import Plugins

/// What many threads count comes out right, however it is asked for.
@Suite struct MetricsRegistryTests {
    private let registry = MetricsRegistry(build: BuildInfo(version: "0.2.0"))

    private func counters(_ zone: String = ".", transport: Transport = .udp, isIPv4: Bool = true) -> BlockCounters {
        registry.counters(server: "dns://:53", zone: zone, transport: transport, isIPv4: isIPv4)
    }

    /// The sum of every series of a metric.
    private func total(_ metric: Metric) -> UInt64 {
        (registry.families().all[metric.name]?.samples ?? []).reduce(0) { sum, sample in
            switch sample.value {
            case .count(let count): sum + count
            case .histogram(let histogram): sum + histogram.count
            case .number: sum
            }
        }
    }

    @Test func nothingAskedMakesNoSeries() {
        let idle = counters()
        let names = Set(registry.families().all.keys).filter { !$0.hasPrefix("process_") }
        #expect(names == ["coredns_build_info", "coredns_panics_total"])
        withExtendedLifetime(idle) {}
    }

    @Test func workersOfEqualLabelsAreOneSeries() {
        let workers = (0..<3).map { _ in counters() }
        for worker in workers { worker.view.countQuery(type: 1, byteCount: 50, wantsSignatures: false) }
        let samples = registry.families().all[Metric.requests.name]?.samples
        #expect(samples?.map(\.labelValues) == [["dns://:53", ".", "", "udp", "1", "A"]])
        #expect(samples?.map(\.value) == [.count(3)])
    }

    /// Families and transports that a metric does not tell apart are added up in it.
    @Test func labelsThatAMetricDoesNotHaveAreAddedUp() {
        let all = [
            counters(), counters(isIPv4: false), counters(transport: .tcp), counters(transport: .tcp, isIPv4: false),
        ]
        for one in all {
            one.view.countQuery(type: 28, byteCount: 50, wantsSignatures: true)
            one.view.countAnswer(code: 0, plugin: .cache, byteCount: 90)
            one.view.countBatch(nanoseconds: 1)
        }
        let families = registry.families().all
        #expect(families[Metric.requests.name]?.samples.count == 4)
        #expect(families[Metric.requestSize.name]?.samples.count == 2)
        #expect(families[Metric.requestDuration.name]?.samples.count == 1)
        #expect(families[Metric.responses.name]?.samples.map(\.value) == [.count(4)])
        #expect(families[Metric.requestsWithDO.name]?.samples.map(\.value) == [.count(4)])
    }

    /// The time of a batch belongs to the blocks that answered in it.
    @Test func aBatchGivesItsTimeToItsAnswers() {
        let first = counters("first.")
        let second = counters("second.")
        func answer(_ counters: BlockCounters) { counters.view.countAnswer(code: 0, plugin: .cache, byteCount: 90) }
        func endBatch(_ nanoseconds: UInt64) {
            for counters in [first, second] { counters.view.countBatch(nanoseconds: nanoseconds) }
        }
        answer(first)
        answer(first)
        endBatch(1000)
        endBatch(9_000_000_000)
        answer(first)
        answer(second)
        endBatch(300_000)
        let samples = registry.families().all[Metric.requestDuration.name]?.samples ?? []
        var values: [String: HistogramValue] = [:]
        for sample in samples {
            if case .histogram(let value) = sample.value { values[sample.labelValues[1]] = value }
        }
        #expect(values["first."]?.counts.prefix(2) == [2, 1])
        #expect(values["first."]?.sum == 0.000302)
        #expect(values["second."]?.counts.prefix(2) == [0, 1])
        #expect(values["second."]?.count == 1)
    }

    @Test func whatARetiredWorkerCountedStays() {
        do {
            let first = counters()
            first.view.countQuery(type: 1, byteCount: 50, wantsSignatures: false)
            first.countLateAnswer(code: 0, plugin: .forward, byteCount: 90, nanoseconds: 1_000_000)
        }
        let second = counters()
        second.view.countQuery(type: 1, byteCount: 50, wantsSignatures: false)
        #expect(total(.requests) == 2)
        #expect(total(.responses) == 1)
        #expect(total(.requestDuration) == 1)
    }

    /// A scrape may come at any time: what it shows never falls, and in the end nothing is missing.
    @Test func fourThreadsAddWhileAnotherReads() async throws {
        let each = 20_000
        let isOver = Atomic(false)
        let fell = Atomic(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let shared = counters("shared.")
            let adders = try (0..<4).map { number in
                try WorkerThread(name: "adder") {
                    var own = counters()
                    for round in 0..<each {
                        // Workers come and go, as at reloads.
                        if round % 100 == 99 { own = counters() }
                        own.view.countQuery(type: UInt16(number), byteCount: round, wantsSignatures: true)
                        own.view.countAnswer(code: round % 30, plugin: .cache, byteCount: round)
                        shared.countLateAnswer(code: 2, plugin: .forward, byteCount: 1, nanoseconds: 5)
                    }
                }
            }
            let reader = try WorkerThread(name: "reader") {
                var last: UInt64 = 0
                while !isOver.load(ordering: .acquiring) {
                    let now = total(.requests)
                    if now < last { fell.add(1, ordering: .relaxed) }
                    last = now
                }
            }
            for adder in adders { await adder.wait() }
            isOver.store(true, ordering: .releasing)
            await reader.wait()
            try await group.waitForAll()
        }
        let all = UInt64(4 * each)
        #expect(fell.load(ordering: .relaxed) == 0)
        #expect(total(.requests) == all)
        #expect(total(.requestsWithDO) == all)
        #expect(total(.requestSize) == all)
        #expect(total(.responses) == 2 * all)
        #expect(total(.responseSize) == 2 * all)
        #expect(total(.requestDuration) == all)
    }

    /// Nothing that a client chooses makes a series without bound.
    @Test func aMillionQueriesMakeFewSeries() {
        let counters = counters()
        func ask(_ numbers: Range<Int>) {
            for number in numbers {
                counters.view.countQuery(
                    type: UInt16(truncatingIfNeeded: number), byteCount: number, wantsSignatures: true)
                counters.view.countAnswer(code: number, plugin: .forward, byteCount: number)
                counters.view.countBatch(nanoseconds: UInt64(number))
            }
        }
        func lineCount() -> Int {
            PageLine.all(in: registry.page()).count { $0.name.hasPrefix("coredns_dns_") }
        }
        ask(0..<70_000)
        let before = lineCount()
        ask(70_000..<1_000_000)
        #expect(lineCount() == before)
        // 19 types, DO, 25 codes, two histograms of sizes and one of durations.
        #expect(before == 19 + 1 + 25 + 2 * 17 + 19)
    }

    // MARK: Sources

    @Test func aSourceThatIsRetiredLeavesItsCountsAndTakesItsGauges() {
        let reload = registry.register { families in
            families.add(ReloadSamples(failures: 3, version: ("sha512", "aa")))
            families.add(HealthSamples(durations: MetricsFixture.durations(.health, milliseconds: 1), failures: 2))
        }
        #expect(total(.reloadFailures) == 3)
        reload.retire()
        reload.retire()
        #expect(total(.reloadFailures) == 3)
        #expect(total(.healthDuration) == 1)
        #expect(registry.families().all[Metric.reloadVersion.name] == nil)

        let next = registry.register { $0.add(ReloadSamples(failures: 1, version: ("sha512", "bb"))) }
        #expect(total(.reloadFailures) == 4)
        #expect(registry.families().all[Metric.reloadVersion.name]?.samples.map(\.labelValues) == [["sha512", "bb"]])
        withExtendedLifetime(next) {}
    }

    @Test func aSourceThatIsLetGoOfIsRetired() {
        do { _ = registry.register { $0.add(LocalSamples(localhostRequests: 9)) } }
        #expect(total(.localhostRequests) == 9)
        #expect(registry.sources.count == 0)
    }

    /// Two forwarders with the same upstream are one series; a page with a series twice would be refused.
    @Test func equalSeriesOfSeveralSourcesAreAddedUp() {
        let both = (0..<2).map { _ in registry.register { $0.add(MetricsFixture.forward) } }
        #expect(total(.forwardRequests) == 62)
        #expect(registry.families().all[Metric.forwardRequests.name]?.samples.count == 1)
        #expect(total(.proxyDuration) == 4)
        withExtendedLifetime(both) {}
    }

    static let servers: [(String, String)] = [
        ("0.0.0.0:53", "dns://:53"), ("[::]:53", "dns://:53"), ("10.0.0.2:5353", "dns://10.0.0.2:5353"),
        ("[::1]:53", "dns://[::1]:53"),
    ]

    @Test(arguments: servers) func serversHaveCoreDNSsLabel(_ address: String, _ label: String) throws {
        let address = try #require(SocketAddress(address))
        #expect(MetricsRegistry.label(ofServer: address) == label)
    }
}
