import ClusterCatalog
import DNS
import LinuxIO

extension ClusterZones {
    func podClaims(in change: CatalogChange) -> [ObjectName: [PodClaim]] {
        guard settings.pods == .verified else { return [:] }
        var claims: [ObjectName: [PodClaim]] = [:]
        for (key, _) in change.updates where key.kind == .pod {
            claims[key.name] = catalog.pods[key.name].map(Self.claims) ?? []
        }
        return claims
    }

    private static func claims(of pod: Pod) -> [PodClaim] {
        pod.isEnded ? [] : unique(pod.addresses.map { PodClaim(namespace: pod.name.namespace, address: $0) })
    }

    func replacePods(
        before: [ObjectName: [PodClaim]], _ namespaces: Set<String>, _ exposedBefore: Set<String>,
        in pass: inout ZonePass
    ) {
        guard settings.pods == .verified else { return }
        // By how many Pods more (or fewer) each address is claimed now.
        var changes: [PodClaim: Int] = [:]
        for (name, claims) in before {
            for claim in claims { changes[claim, default: 0] -= 1 }
            for claim in catalog.pods[name].map(Self.claims) ?? [] { changes[claim, default: 0] += 1 }
        }
        let flipped = namespaces.filter { exposedBefore.contains($0) != exposed.contains($0) }
        for claim in flipped.flatMap({ catalog.pods.objects(in: $0).flatMap(Self.claims) }) {
            changes[claim, default: 0] += 0
        }
        for (claim, change) in changes {
            let old = podCounts[claim, default: 0]
            podCounts[claim] = old + change == 0 ? nil : old + change
            let was = exposedBefore.contains(claim.namespace) && old > 0
            let isNow = exposed.contains(claim.namespace) && old + change > 0
            guard was != isNow else { continue }
            for (index, zone) in settings.forwardZones.enumerated() {
                guard let owner = podRecords(claim.address, namespace: claim.namespace, in: zone, ttl: settings.ttl)
                else { continue }
                pass.replace(isNow ? [] : [owner], with: isNow ? [owner] : [], zone: index)
            }
        }
    }
}
