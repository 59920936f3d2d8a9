import DNS

/// One change on its way into the table: what is set and removed, and which zones it moves.
struct ZonePass: ~Copyable {
    private var builder: AnswerTableBuilder
    private let table: AnswerTable
    /// The names of the Service that is being added.
    private var service = ServiceRecords()
    private(set) var changedNames = 0
    private(set) var removedNames = 0
    private(set) var hasChanged: [Bool]

    init(changing table: AnswerTable, zoneCount: Int) {
        self.table = table
        builder = AnswerTableBuilder(changing: table)
        hasChanged = Array(repeating: false, count: zoneCount)
    }

    mutating func set(_ owner: OwnerRecords, zone: Int, isApex: Bool = false) {
        builder.set(owner, zone: zone, isApex: isApex)
        changedNames += 1
        hasChanged[zone] = true
    }

    /// Sets a name with one PTR record.
    mutating func set(_ name: Name, pointingTo target: Name, ttl: UInt32, zone: Int) {
        builder.set(name, pointingTo: target, ttl: ttl, zone: zone)
        changedNames += 1
        hasChanged[zone] = true
    }

    /// Sets all names of a Service that had none.
    mutating func add(_ view: ServiceView, in apex: Name, zone: Int, ttl: UInt32) {
        service.replace(with: view, in: apex)
        for owner in service.names.owners { builder.set(owner, of: service.names, ttl: ttl, zone: zone) }
        changedNames += service.names.owners.count
        if !service.names.owners.isEmpty { hasChanged[zone] = true }
    }

    /// Sets the records unless the table has the very same already.
    mutating func setIfDifferent(_ owner: OwnerRecords, zone: Int) {
        guard !table.holds(owner, zone: zone) else { return }
        set(owner, zone: zone)
    }

    mutating func remove(_ owner: Name, zone: Int) {
        builder.remove(owner)
        removedNames += 1
        hasChanged[zone] = true
    }

    /// Puts the owners of `new` in place of those of `old`; those that mean the same are not touched.
    mutating func replace(_ old: [OwnerRecords], with new: [OwnerRecords], zone: Int) {
        guard !old.isEmpty else {
            for owner in new { set(owner, zone: zone) }
            return
        }
        var before = Dictionary(old.map { ($0.owner, $0) }, uniquingKeysWith: { first, _ in first })
        for owner in new {
            if let old = before.removeValue(forKey: owner.owner), old.means(owner) { continue }
            set(owner, zone: zone)
        }
        for owner in before.keys { remove(owner, zone: zone) }
    }

    consuming func compile(zones: [ZoneDescription]) -> AnswerTable { builder.compile(zones: zones) }
}

extension OwnerRecords {
    /// Whether a resolver can tell these from `other`: a set has no order (RFC 2181 §5), so a catalog that lists the same
    /// endpoints differently changes nothing.
    func means(_ other: OwnerRecords) -> Bool {
        self == other
            || kind == other.kind && haveSameRecords(sets, other.sets) && haveSameRecords(additional, other.additional)
    }
}

private func haveSameRecords(_ left: [RecordSet], _ right: [RecordSet]) -> Bool {
    guard left.count == right.count else { return false }
    return left.allSatisfy { set in
        right.contains {
            $0.owner == set.owner && $0.type == set.type && $0.ttl == set.ttl && Set($0.records) == Set(set.records)
        }
    }
}
