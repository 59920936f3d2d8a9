import ClusterCatalog
import DNS

extension ClusterZones {
    /// Every record that is answered as a line of a zone file: zone by zone, the SOA first, then by owner.
    /// - Parameter sources: whether each line ends with the object that it comes from.
    public func zoneFile(with text: inout ZoneText, sources: Bool) -> [String] {
        var lines: [String] = []
        let all = records()
        for zone in table.zones where !zone.isHosts {
            lines.append(text.soaLine(of: zone))
            let mine = all.filter { $0.owner.isWithin(zone.apex) }
            lines += mine.flatMap { self.lines(of: $0, with: &text, sources: sources) }
        }
        let outside = all.filter { !settings.holds($0.owner) }
        return lines + outside.flatMap { self.lines(of: $0, with: &text, sources: sources) }
    }

    private func lines(of records: SourcedRecords, with text: inout ZoneText, sources: Bool) -> [String] {
        let lines = records.sets.flatMap { text.lines(of: $0) }.sorted()
        guard sources else { return lines }
        guard let source = records.source else { return lines.map { $0 + " ; from the zone itself" } }
        return lines.map { $0 + " ; from \(source.object) (\(source.origin))" }
    }
}
