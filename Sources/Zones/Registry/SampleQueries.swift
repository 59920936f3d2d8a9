import ClusterCatalog
import DNS

extension Registry {
    /// A few questions that have an answer, as arguments of `dig`: for the first screen of someone who tries it.
    public func sampleQueries() -> [String] { currentZones.sampleQueries() }
}

extension ClusterZones {
    func sampleQueries() -> [String] {
        guard let zone = settings.forwardZones.first else { return [] }
        let domain = String(zone.description.dropLast())
        let views = smallest(1000, of: catalog.services.keys).compactMap { view(of: $0) }
        var lines: [String] = []
        func name(_ view: ServiceView) -> String {
            "\(view.service.name.name).\(view.service.name.namespace).svc.\(domain)"
        }
        if let cluster = views.first(where: { $0.kind == .clusterIP && !$0.service.clusterIPs.isEmpty }) {
            lines.append(name(cluster))
            if let port = cluster.service.ports.first(where: { !$0.name.isEmpty }) {
                lines.append("_\(port.name)._\(port.proto.label).\(name(cluster)) SRV")
            }
            if let address = cluster.service.clusterIPs.first, !settings.reverseZones.isEmpty {
                lines.append("-x \(address)")
            }
        }
        if let headless = views.first(where: { $0.kind == .headless }) { lines.append(name(headless)) }
        if let alias = views.first(where: { $0.kind == .external }) { lines.append("\(name(alias)) CNAME") }
        return lines + ["\(domain) SOA"]
    }
}

/// The first `count` elements of what would be sorted; never more than twice as many are kept at once. The names of
/// 100,000 Services take 20 MiB, and that would be the last that a start allocates.
func smallest<Element: Comparable>(_ count: Int, of elements: some Sequence<Element>) -> [Element] {
    var kept: [Element] = []
    for element in elements {
        kept.append(element)
        guard kept.count >= 2 * count else { continue }
        kept.sort()
        kept.removeLast(kept.count - count)
    }
    return Array(kept.sorted().prefix(count))
}
