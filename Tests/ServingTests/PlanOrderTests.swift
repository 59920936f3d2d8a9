import DNS
import LinuxIO
import NIOCore
import NIOPosix
import SourceText
import Testing
import Zones

@testable import Plugins
@testable import Serving

/// The order that `check --config` tells is the order of the steps.
@Suite(.timeLimit(.minutes(5))) struct PlanOrderTests {
    @Test func isWhatTheDoctorTells() async throws {
        let place = SourceLocation(file: "Corefile", line: 1)
        let upstream = try #require(SocketAddress("127.0.0.1:53"))
        var block = ServerBlock(zones: ["."], listen: [upstream], at: place)
        block.flags = [.local, .any, .whoami]
        block.chaos = ChaosSettings(version: "v", authors: [], at: place)
        let kubernetes = KubernetesSettings(zones: ["cluster.local"], catalog: ["catalog"], at: place)
        block.kubernetes = kubernetes
        block.cache = CacheSettings(at: place)
        let forward = ForwardSettings(from: ["."], to: [.init(upstream, at: place)], at: place)
        block.forward = [forward]

        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let lease = ForwarderLease(try Forwarder(forward, on: group) { _ in }, release: { _ in })
        var parts = PlanParts()
        parts.registries[kubernetes] = Registry(ClusterSettings(kubernetes, serverAddresses: []))
        parts.forwarders[forward] = lease
        parts.caches[CacheKey(block)] = AnswerCache(CacheLimits())
        let maker = PlanMaker(
            blocks: [block], parts: parts, surroundings: PlanSurroundings(), localNames: LocalNames(), hostName: "host")
        let planned = try #require(maker.listeners().first?.plan.blocks.first)
        #expect(planned.steps.map(\.word) == Station.answering)
        await lease.stop()
        try await group.shutdownGracefully()
    }
}

extension QueryStep {
    fileprivate var word: String {
        switch self {
        case .local: "local"
        case .any: "any"
        case .chaos: "chaos"
        case .zones: "kubernetes"
        case .cache: "cache"
        case .forward: "forward"
        case .whoami: "whoami"
        }
    }
}
