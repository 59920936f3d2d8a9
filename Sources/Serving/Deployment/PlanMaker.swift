import DNS
import LinuxIO
import Plugins
import Zones

/// Puts server blocks together by the address that they listen on: each address gets one plan of all its blocks.
struct PlanMaker {
    let blocks: [ServerBlock]
    let parts: PlanParts
    let surroundings: PlanSurroundings
    let localNames: LocalNames
    /// Of this machine.
    let hostName: String

    /// In the order in which the addresses are first named.
    func listeners() -> [ServerPlan.Listener] {
        var order: [SocketAddress] = []
        var byAddress: [SocketAddress: [ServerBlock]] = [:]
        for block in blocks {
            for address in block.listen {
                if byAddress[address] == nil { order.append(address) }
                byAddress[address, default: []].append(block)
            }
        }
        return order.map { address in
            let mine = byAddress[address] ?? []
            let idleTime = mine.compactMap(\.timeouts).first?.idle
            let plan = QueryPlan(
                mine.flatMap { planned($0, idleTime: idleTime) }, server: address, surroundings: surroundings)
            // A machine without IPv6 may leave out the wildcard that nobody asked for by name.
            let isOptional = address.address == .anyIPv6 && mine.allSatisfy { !$0.isBound }
            return ServerPlan.Listener(
                address, plan, isOptional: isOptional,
                workers: mine.compactMap(\.multisocket).first.map { Int($0.count) },
                streamLimits: mine.compactMap(\.timeouts).first.map { StreamLimits($0) })
        }
    }

    /// One block for each zone; all share what they do.
    private func planned(_ block: ServerBlock, idleTime: Duration?) -> [QueryPlan.Block] {
        let (steps, options, wayBack) = (steps(of: block), options(of: block, idleTime: idleTime), wayBack(of: block))
        return block.zones.compactMap { Name($0) }.map { zone in
            var planned = QueryPlan.Block(zone: zone, steps: steps)
            planned.options = options
            planned.wayBack = wayBack
            return planned
        }
    }

    /// In the order of `PluginList`, but for `cache`: it keeps what others answer, so it stands in front of them, and
    /// no new Service is ever hidden by an old answer.
    private func steps(of block: ServerBlock) -> [QueryStep] {
        var steps: [QueryStep] = []
        if block.flags.contains(.local) { steps.append(.local(localNames)) }
        if block.flags.contains(.any) { steps.append(.any) }
        if let chaos = block.chaos { steps.append(.chaos(ChaosAnswers(chaos, hostName: hostName))) }
        if let registry = block.kubernetes.flatMap({ parts.registries[$0] }) { steps.append(.zones(registry.table)) }
        if let settings = block.cache, let cache = parts.caches[CacheKey(block)] {
            steps.append(.cache(PlannedCache(settings, cache)))
        }
        for settings in block.forward {
            if let lease = parts.forwarders[settings] { steps.append(.forward(PlannedForward(settings, lease))) }
        }
        if block.flags.contains(.whoami) { steps.append(.whoami) }
        return steps
    }

    private func options(of block: ServerBlock, idleTime: Duration?) -> BlockOptions {
        var options = BlockOptions()
        if let bufsize = block.bufsize { options.udpByteCount = Int(bufsize.byteCount) }
        options.serverID = block.nsid.flatMap { ServerID(Array($0.data.utf8)) }
        options.idleTime = idleTime ?? StreamLimits().idleTime
        options.patience = block.cancel?.timeout
        return options
    }

    private func wayBack(of block: ServerBlock) -> WayBack {
        var wayBack = WayBack()
        wayBack.logs = block.log.map { PlannedLog($0) }
        wayBack.errors = block.errors.map { ErrorLines($0, write: surroundings.write) }
        wayBack.isMinimal = block.flags.contains(.minimal)
        wayBack.preferred = block.loadbalance?.preferred ?? []
        wayBack.isCounted = block.prometheus != nil
        return wayBack
    }
}

/// What plans are made of: everything that works by itself, and outlives a plan when the next one needs it too.
struct PlanParts {
    var registries: [KubernetesSettings: Registry] = [:]
    var forwarders: [ForwardSettings: ForwarderLease] = [:]
    var caches: [CacheKey: AnswerCache] = [:]
}

/// What one cache belongs to. When any of it changes, so may the answers, and the block gets an empty one.
struct CacheKey: Hashable {
    let zones: [String]
    let settings: CacheSettings?
    let forward: [ForwardSettings]

    init(_ block: ServerBlock) {
        zones = block.zones
        settings = block.cache
        forward = block.forward
    }
}
