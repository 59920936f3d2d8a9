import Testing

@testable import LinuxIO

@Suite struct ProcessorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var groups: String
        var files: [String: String]
        var quota: Int?
        init(_ name: String, _ groups: String, _ files: [String: String], _ quota: Int?) {
            (testDescription, self.groups, self.files, self.quota) = (name, groups, files, quota)
        }
    }

    static let cases = [
        Case("nothing", "", [:], nil),
        Case("v2 without limit", "0::/\n", ["/sys/fs/cgroup/cpu.max": "max 100000\n"], nil),
        Case("v2 of a container", "0::/\n", ["/sys/fs/cgroup/cpu.max": "200000 100000\n"], 2),
        Case("v2 rounded up", "0::/\n", ["/sys/fs/cgroup/cpu.max": "150000 100000\n"], 2),
        Case("v2 under one", "0::/\n", ["/sys/fs/cgroup/cpu.max": "1000 100000\n"], 1),
        Case(
            "v2 smallest of the groups around", "0::/a/b\n",
            ["/sys/fs/cgroup/a/cpu.max": "300000 100000", "/sys/fs/cgroup/a/b/cpu.max": "800000 100000"], 3),
        Case(
            "v1", "3:cpuset:/\n4:cpu,cpuacct:/pod\n",
            [
                "/sys/fs/cgroup/cpu,cpuacct/pod/cpu.cfs_quota_us": "250000\n",
                "/sys/fs/cgroup/cpu,cpuacct/pod/cpu.cfs_period_us": "100000\n",
            ], 3),
        Case(
            "v1 with the host's path in a container", "1:cpu:/kubepods/pod7/x\n",
            ["/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "400000", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000"], 4),
        Case(
            "v1 without limit", "1:cpu:/\n",
            ["/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000"], nil),
        Case("other controllers do not count", "1:memory:/\n", ["/sys/fs/cgroup/memory/cpu.max": "1 1"], nil),
        Case("nonsense", "0::\nx\n::\n0::/", ["/sys/fs/cgroup/cpu.max": "7"], nil),
        Case("period of zero", "0::/", ["/sys/fs/cgroup/cpu.max": "7 0"], nil),
    ]

    @Test(arguments: cases) func readsQuotas(_ c: Case) {
        #expect(processorQuota(controlGroups: c.groups) { c.files[$0] } == c.quota)
    }

    @Test func countsAtLeastOne() { #expect(usableProcessorCount() >= 1) }

    @Test func readsSmallFiles() {
        #expect(smallFileText("/proc/self/comm")?.hasSuffix("\n") == true)
        #expect(smallFileText("/nowhere") == nil)
    }
}

@Suite struct MachineAddressTests {
    @Test func listsLoopbackLast() throws {
        let addresses = try machineAddresses()
        #expect(addresses.contains(IPAddress(v4: 0x7f00_0001)))
        #expect(Set(addresses).count == addresses.count)
        let firstLoopback = try #require(addresses.firstIndex { $0.isLoopback })
        #expect(addresses[firstLoopback...].allSatisfy { $0.isLoopback })
    }
}

@Suite struct CounterTests {
    @Test func counts() {
        let counter = Counter()
        counter.add()
        counter.add(41)
        #expect(counter.current == 42)
    }
}

@Suite struct WorkerThreadTests {
    @Test func runsOnceAndTellsEveryoneWhoWaits() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let thread = try WorkerThread(name: "a-name-longer-than-15") {
            continuation.yield(smallFileText("/proc/thread-self/comm") ?? "")
            continuation.finish()
        }
        async let early: Void = thread.wait()
        await thread.wait()
        await early
        await thread.wait()
        let names = await stream.reduce(into: []) { $0.append($1) }
        #expect(names == ["a-name-longer-t\n"])
    }
}
