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
        before: [ObjectName: [PodClaim]], _ change: CatalogChange, _ namespaces: Set<String>,
        _ exposedBefore: Set<String>,
        in pass: inout ZonePass
    ) {
        guard settings.pods == .verified else { return }
        let old = podCounts
        for (name, claims) in before {
            for claim in claims { podCounts[claim, default: 1] -= 1 }
            for claim in catalog.pods[name].map(Self.claims) ?? [] { podCounts[claim, default: 0] += 1 }
        }
        var concerned = Set(before.values.joined())
        for name in before.keys { concerned.formUnion(catalog.pods[name].map(Self.claims) ?? []) }
        let flipped = namespaces.filter { exposedBefore.contains($0) != exposed.contains($0) }
        for namespace in flipped { concerned.formUnion(catalog.pods.objects(in: namespace).flatMap(Self.claims)) }
        for claim in concerned {
            let was = exposedBefore.contains(claim.namespace) && old[claim, default: 0] > 0
            let isNow = exposed.contains(claim.namespace) && podCounts[claim, default: 0] > 0
            if podCounts[claim] == 0 { podCounts[claim] = nil }
            guard was != isNow else { continue }
            for (index, zone) in settings.forwardZones.enumerated() {
                guard let owner = podRecords(claim.address, namespace: claim.namespace, in: zone, ttl: settings.ttl)
                else { continue }
                pass.replace(isNow ? [] : [owner], with: isNow ? [owner] : [], zone: index)
            }
        }
    }
}
