import ClusterCatalog
import DNS
import Testing
import WireMessages

@testable import Zones

/// Random catalogs and random changes: the table made step by step answers what a fresh one answers, and both what the model says.
struct PropertyTests {
    // The latter six once showed additional sets that were not whole, and chains into hosts.
    @Test(arguments: [0, 1, 2, 3, 55, 82, 195, 196, 210, 212] as [UInt64])
    func everyAnswerFollowsFromTheCatalog(_ seed: UInt64) throws {
        var world = RandomCatalog(random: SplitMix(seed: seed))
        let settings = world.settings()
        let names = Universe.names(settings)
        let zones = ClusterZones(settings)
        var model = Model(settings: settings)
        for step in 0..<24 {
            let change = step == 0 ? first(&world) : world.change()
            model.apply(change)
            let before = zones.table
            let result = zones.apply(change)
            #expect((result.table == nil) == (zones.table === before))
            for _ in 0..<60 {
                let name = world.random.pick(names)
                try compare(name, world.random.pick(Universe.types), zones.table, model, "seed \(seed) step \(step)")
            }
            guard step % 12 == 11 else { continue }
            try compareWithFresh(zones, model, names, "seed \(seed) step \(step)")
        }
    }

    private func first(_ world: inout RandomCatalog) -> CatalogChange {
        var objects: [ObjectKey: CatalogObject] = [:]
        for _ in 0..<6 {
            for (key, object) in world.change().updates { objects[key] = object }
        }
        return CatalogChange(adding: objects.sorted { $0.key < $1.key }.map(\.value))
    }

    private func compare(_ name: String, _ type: RecordType, _ table: AnswerTable, _ model: Model, _ place: String)
        throws
    {
        var asker = Asker()
        let found = try asker.message(name, type, table).map(Model.Answer.init)
        let expected = model.answer(name, type.description)
        guard found != expected else { return }
        #expect(found == expected, "\(place): \(name) \(type)")
    }

    private func compareWithFresh(_ zones: ClusterZones, _ model: Model, _ names: [String], _ place: String) throws {
        let fresh = ZonesTests.zones(model.objects.sorted { $0.key < $1.key }.map(\.value), zones.settings)
        #expect(fresh.table.nameCount == zones.table.nameCount, "\(place)")
        // The same serials, so that equal answers are equal bytes.
        let table = AnswerTableBuilder(changing: fresh.table).compile(zones: zones.table.zones)
        var asker = Asker()
        for name in names {
            let wire = wireName(name)
            for type in name.hasSuffix("arpa.") ? [RecordType.ptr] : [.a, .aaaa, .srv] {
                let (left, right) = (
                    asker.bytes(wire, type.rawValue, zones.table), asker.bytes(wire, type.rawValue, table)
                )
                guard left != right else { continue }
                let answers = try [left, right].map { try $0.map { Model.Answer(try WireMessage($0)) } }
                #expect(answers[0] == answers[1], "\(place): \(name) \(type)")
            }
        }
    }

    /// A serial moves when, and only when, something of its zone changed that DNS can show.
    @Test(arguments: 100..<103 as Range<UInt64>)
    func serials(_ seed: UInt64) throws {
        var world = RandomCatalog(random: SplitMix(seed: seed))
        let settings = world.settings()
        let names = Universe.names(settings)
        let zones = ClusterZones(settings)
        _ = zones.apply(first(&world))
        #expect(zones.serials.allSatisfy { $0.rawValue == 1 })
        var contents = try contents(of: zones, names)
        for step in 0..<10 {
            let serials = zones.serials
            _ = zones.apply(world.change())
            let now = try self.contents(of: zones, names)
            for index in serials.indices {
                let moved = zones.serials[index] != serials[index]
                #expect(moved == (now[index] != contents[index]), "seed \(seed) step \(step) zone \(index)")
                #expect(!moved || zones.serials[index] == serials[index].next)
            }
            contents = now
        }
    }

    /// Everything that each zone of the table answers, without the SOA.
    private func contents(of zones: ClusterZones, _ names: [String]) throws -> [Set<String>] {
        var asker = Asker()
        var contents = zones.table.zones.map { _ in Set<String>() }
        let apexes = zones.table.zones.dropLast().map(\.apex.description)
        for name in names {
            let mine = apexes.indices.filter { name == apexes[$0] || name.hasSuffix("." + apexes[$0]) }
            let zone = mine.max { apexes[$0].count < apexes[$1].count } ?? apexes.count
            for type in name.hasSuffix("arpa.") ? [RecordType.ptr, .ns] : [.a, .aaaa, .srv, .ns] {
                guard let bytes = asker.bytes(wireName(name), type.rawValue, zones.table) else { continue }
                // A missing name says no more than that; its SOA is what is being tested.
                guard bytes[7] > 0 || bytes[3] & 15 == 0 else { continue }
                // A chain may lead into another zone: the first record is what this one says.
                let message = try WireMessage(bytes)
                let own = message.answers.filter { $0.owner == name }.map { "\($0.type) \($0.data)" }.sorted()
                contents[zone].insert("\(name) \(type) \(own)")
            }
        }
        return contents
    }
}

extension Model.Answer {
    /// An answer as the model would have it.
    init(_ message: WireMessage) {
        code = ResponseCode(rawValue: message.code).description
        records = Set(message.answers.map { Self.text($0) })
        soa = message.authorities.first?.owner
        pointers = message.answers.filter { $0.type == 12 }.map(\.data)
        additional = Set(message.additionals.map { Self.text($0) })
        // A record twice is a fault, and the model has none.
        if records.count != message.answers.count { code += " with records twice" }
        if additional.count != message.additionals.count { code += " with additional records twice" }
    }

    private static func text(_ record: WireRecord) -> String {
        guard record.type != 6 else { return "\(record.owner) SOA" }
        return "\(record.owner) \(RecordType(rawValue: record.type)) \(record.data)"
    }
}
