import DNS

/// One change on its way into the table: what is set and removed, and which zones it moves.
struct ZonePass: ~Copyable {
    private var builder: AnswerTableBuilder
    private let table: AnswerTable
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

    /// Puts the owners of `new` in place of those of `old`; equal ones are not touched.
    mutating func replace(_ old: [OwnerRecords], with new: [OwnerRecords], zone: Int) {
        guard !old.isEmpty else { return new.forEach { set($0, zone: zone) } }
        var before = Dictionary(old.map { ($0.owner, $0) }, uniquingKeysWith: { first, _ in first })
        for owner in new where before.removeValue(forKey: owner.owner) != owner { set(owner, zone: zone) }
        for owner in before.keys { remove(owner, zone: zone) }
    }

    consuming func compile(zones: [ZoneDescription]) -> AnswerTable { builder.compile(zones: zones) }
}
