import DNS
import LinuxIO
import Plugins
import Zones

/// Puts server blocks together by the address that they listen on: each address gets one plan of all its blocks.
struct PlanMaker {
    let blocks: [ServerBlock]
    let registries: [KubernetesSettings: Registry]
    let write: @Sendable (String) -> Void

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
            let plan = QueryPlan(mine.flatMap(planned), server: address, write: write)
            // A machine without IPv6 may leave out the wildcard that nobody asked for by name.
            let isOptional = address.address == .anyIPv6 && mine.allSatisfy { !$0.isBound }
            return ServerPlan.Listener(address, plan, isOptional: isOptional)
        }
    }

    private func planned(_ block: ServerBlock) -> [QueryPlan.Block] {
        let steps = block.kubernetes.flatMap { registries[$0] }.map { [QueryStep.zones($0.table)] } ?? []
        return block.zones.compactMap { Name($0) }.map {
            QueryPlan.Block(
                zone: $0, steps: steps, logs: block.log.map { PlannedLog($0) }, logsErrors: block.errors != nil)
        }
    }
}
