import Testing
import WireMessages

@testable import DNS

/// The compiled table as a store: what was put in is found, what was taken out is not, older tables stay as they were.
struct TableTests {
    static let zones = [ZoneDescription(apex: name("zone"), serial: Serial(rawValue: 1), ttl: 5)]

    static func records(_ number: Int, _ value: UInt32, count: Int = 1) -> OwnerRecords {
        let owner = name("n\(number).zone")
        return OwnerRecords(
            owner, [RecordSet(owner, ttl: 5, (0..<count).map { .a(value &+ UInt32($0) << 24) })].compactMap(\.self))
    }

    /// Numbers to values, as the table answers.
    static func value(_ number: Int, in table: AnswerTable) throws -> UInt32? {
        let message = try dig("n\(number).zone", .a, table)
        guard message.code == 0 else { return nil }
        let octets = try #require(message.answers.last).data.split(separator: ".").compactMap { UInt32($0) }
        return octets[1] << 16 | octets[2] << 8 | octets[3]
    }

    static func check(_ table: AnswerTable, against model: [Int: UInt32], numbers: some Sequence<Int>) throws {
        #expect(table.nameCount == model.count)
        for number in numbers {
            let found = try value(number, in: table)
            guard found != model[number] else { continue }
            #expect(found == model[number], "n\(number)")
        }
    }

    @Test func growsAndShrinks() throws {
        var builder = AnswerTableBuilder()
        var model: [Int: UInt32] = [:]
        for number in 0..<5000 {
            builder.set(Self.records(number, UInt32(number)), zone: 0)
            model[number] = UInt32(number)
        }
        let full = builder.compile(zones: Self.zones)
        #expect(full.pages.count == 8)
        try Self.check(full, against: model, numbers: 0..<5100)

        var emptier = AnswerTableBuilder(changing: full)
        for number in 0..<5000 where number % 7 != 0 {
            emptier.remove(name("N\(number).ZONE"))
            model[number] = nil
        }
        emptier.remove(name("never.zone"))
        let small = emptier.compile(zones: Self.zones)
        try Self.check(small, against: model, numbers: 0..<5000)
        #expect(try Self.value(1, in: full) == 1)
    }

    /// Ten thousand changes in a hundred tables: each of them answers its own content to the end, and garbage stays bounded.
    @Test func olderTablesStayAsTheyWere() throws {
        var random = SplitMix(seed: 1)
        var table = AnswerTable(emptyWith: Self.zones)
        var model: [Int: UInt32] = [:]
        var kept: [(AnswerTable, [Int: UInt32])] = []
        for round in 0..<100 {
            var builder = AnswerTableBuilder(changing: table)
            for _ in 0..<100 {
                let number = Int.random(in: 0..<1500, using: &random)
                if Int.random(in: 0..<4, using: &random) == 0 {
                    builder.remove(name("n\(number).zone"))
                    model[number] = nil
                } else {
                    let value = UInt32.random(in: 0..<1 << 24, using: &random)
                    // Some leaves of 13 kB, so that chunks fill up and are emptied.
                    let count = Int.random(in: 0..<20, using: &random) == 0 ? 200 : 1
                    builder.set(Self.records(number, value, count: count), zone: 0)
                    model[number] = value
                }
            }
            table = builder.compile(zones: Self.zones)
            if round % 20 == 0 { kept.append((table, model)) }
            let (live, garbage) = table.arenaByteCounts
            #expect(garbage <= max(live / 4, ArenaChunk.usualByteCount) + 2 * ArenaChunk.usualByteCount)
        }
        for (table, model) in kept + [(table, model)] { try Self.check(table, against: model, numbers: 0..<1500) }
    }

    /// Two tables made from one: neither writes where the other reads.
    @Test func twoTablesMayFollowOne() throws {
        var first = AnswerTableBuilder()
        first.set(Self.records(0, 0), zone: 0)
        let root = first.compile(zones: Self.zones)
        var left = AnswerTableBuilder(changing: root)
        var right = AnswerTableBuilder(changing: root)
        for number in 0..<50 {
            left.set(Self.records(number, 1), zone: 0)
            right.set(Self.records(number, 2), zone: 0)
        }
        let (a, b) = (left.compile(zones: Self.zones), right.compile(zones: Self.zones))
        for number in 0..<50 {
            #expect(try Self.value(number, in: a) == 1)
            #expect(try Self.value(number, in: b) == 2)
        }
        #expect(try Self.value(0, in: root) == 0)
    }

    /// Every leaf is changed again and again: chunks are emptied and given up, and nothing is lost on the way.
    @Test func compactionMovesLiveLeaves() throws {
        var table = AnswerTable(emptyWith: Self.zones)
        var model: [Int: UInt32] = [:]
        for round in 0..<60 {
            var builder = AnswerTableBuilder(changing: table)
            for number in 0..<100 where number < 3 || round == 0 || number % 10 == round % 10 {
                builder.set(Self.records(number, UInt32(round), count: 1500), zone: 0)
                model[number] = UInt32(round)
            }
            table = builder.compile(zones: Self.zones)
        }
        // 100 leaves of 24 kB: 2.4 MB live.
        let (live, garbage) = table.arenaByteCounts
        #expect((2_300_000..<2_600_000).contains(live) && garbage < live)
        #expect(table.arena.slots.compactMap(\.self).count <= 12)
        for (number, value) in model {
            let message = try dig("n\(number).zone", .a, table, limits: .tcp)
            #expect(message.answers.count == 1500 && message.answers.contains { $0.data == "0.0.0.\(value)" })
        }
    }

    @Test func aLeafLargerThanAChunk() throws {
        var builder = AnswerTableBuilder()
        builder.set(Self.records(1, 1, count: 60_000), zone: 0)
        builder.set(Self.records(2, 2), zone: 0)
        var table = builder.compile(zones: Self.zones)
        #expect(try dig("n1.zone", .a, table, limits: .tcp).answers.count == 4094)
        #expect(try dig("n1.zone", .a, table, turn: 59_999).isTruncated)
        #expect(try Self.value(2, in: table) == 2)
        var next = AnswerTableBuilder(changing: table)
        next.remove(name("n1.zone"))
        table = next.compile(zones: Self.zones)
        #expect(table.arenaByteCounts.live + table.arenaByteCounts.garbage < 1000)
        #expect(try Self.value(2, in: table) == 2)
    }

    @Test func holdsWhatWasSet() {
        let table = TableTests.one(Self.records(1, 1))
        #expect(table.contains(name("N1.zone")) && !table.contains(name("n2.zone")) && !table.contains(name("zone")))
        #expect(table.holds(Self.records(1, 1), zone: 0))
        #expect(!table.holds(Self.records(1, 2), zone: 0) && !table.holds(Self.records(1, 1, count: 2), zone: 0))
        #expect(!table.holds(Self.records(1, 1), zone: 1) && !table.holds(Self.records(2, 1), zone: 0))
    }

    private static func one(_ records: OwnerRecords) -> AnswerTable {
        var builder = AnswerTableBuilder()
        builder.set(records, zone: 0)
        return builder.compile(zones: zones)
    }

    /// Pages on their own: entries chosen so that they collide and wrap round the page.
    @Test func backwardShift() {
        var random = SplitMix(seed: 2)
        for _ in 0..<300 {
            let page = IndexPage()
            var entries: [UInt64] = []
            for reference in 1...20 as ClosedRange<UInt32> {
                let home = UInt32((1020 + Int.random(in: 0..<10, using: &random)) % 1024)
                let entry = indexEntry(hash: home, LeafReference(rawValue: reference))
                var slot = Int(home)
                while page[slot] != 0 { slot = (slot + 1) & IndexPage.slotMask }
                page[slot] = entry
                entries.append(entry)
            }
            while let entry = entries.popLast() {
                page.remove(at: (0..<1024).first { page[$0] == entry } ?? 0)
                #expect(entries.allSatisfy { finds($0, in: page) } && !finds(entry, in: page))
                entries.shuffle(using: &random)
            }
        }
    }

    private func finds(_ entry: UInt64, in page: IndexPage) -> Bool {
        var slot = Int(entry >> 32) & IndexPage.slotMask
        while page[slot] != 0 {
            if page[slot] == entry { return true }
            slot = (slot + 1) & IndexPage.slotMask
        }
        return false
    }

    @Test func publishedMovesItsGeneration() {
        let published = Published(1)
        let before = published.generation
        published.replace(2)
        #expect(published.value == 2 && published.generation == before + 1 && before > 0)
    }
}

/// Random numbers that are the same in every run (Steele, Lea, Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
