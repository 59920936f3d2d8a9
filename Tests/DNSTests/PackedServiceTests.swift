import Testing
import WireMessages

@testable import DNS

/// SRV records are kept packed; what is sent is what a plain rendering would be.
struct PackedServiceTests {
    static let owner = "_http._tcp.web.shop.svc.cluster.local"

    /// Targets at, below and above the owner, beside it, in another case, and the root.
    static let targets = [
        "_http._tcp.web.shop.svc.cluster.local", "web.shop.svc.cluster.local", "web-0.web.shop.svc.cluster.local",
        "WEB.shop.svc.cluster.local", "eb.shop.svc.cluster.local", "x.xeb.shop.svc.cluster.local", "local",
        "db.example.com", ".",
        "a-label-that-is-as-long-as-a-label-may-be-which-is-63-octets-ok.a-label-that-is-as-long-as-a-label-may-be-w."
            + "hich-is-63-octets-ok.and-so-on.and-so-on.and-so-on.and-so-on.and-so-on.and-so-on.and-so-on.cluster.local",
    ]

    static func table(_ targets: [String], glue: [RecordSet] = []) -> AnswerTable {
        let records = targets.enumerated().map { index, target in
            Rdata.srv(priority: UInt16(index), weight: 7, port: 8080, target: name(target))
        }
        var builder = AnswerTableBuilder()
        builder.set(
            OwnerRecords(name(owner), [RecordSet(name(owner), ttl: 30, records)].compactMap(\.self), additional: glue),
            zone: 0)
        return builder.compile(zones: Sample.zones)
    }

    static func text(_ index: Int, _ target: String) -> String {
        "\(index) 7 8080 \(target == "." ? "." : target + ".")"
    }

    @Test(arguments: targets) func aTarget(_ target: String) throws {
        let message = try dig(Self.owner.uppercased(), .srv, Self.table([target]))
        #expect(message.answers.map(\.data) == [Self.text(0, target)])
        #expect(message.answers.map(\.ttl) == [30])
    }

    @Test(arguments: 0..<10 as Range<UInt32>) func allInTurn(_ turn: UInt32) throws {
        let message = try dig(Self.owner, .srv, Self.table(Self.targets), limits: .tcp, turn: turn)
        let all = Self.targets.enumerated().map(Self.text)
        let first = Int(turn) % all.count
        #expect(message.answers.map(\.data) == Array(all[first...] + all[..<first]))
    }

    /// Targets of one length turn by a step, others by a walk.
    @Test func targetsOfOneLength() throws {
        let targets = (0..<7).map { "web-\($0).web.shop.svc.cluster.local" }
        for turn in 0..<8 as Range<UInt32> {
            let message = try dig(Self.owner, .srv, Self.table(targets), turn: turn)
            let first = Int(turn) % 7
            #expect(message.answers.first?.data == Self.text(first, targets[first]))
            #expect(Set(message.answers.map(\.data)) == Set(targets.enumerated().map(Self.text)))
        }
    }

    /// What does not fit is cut between records, and the additional records give way first.
    @Test(arguments: 1...60) func cut(_ count: Int) throws {
        let targets = (0..<count).map { "web-\($0).web.shop.svc.cluster.local" }
        let glue = targets.flatMap { sets($0, [.a(1)]) }
        let table = Self.table(targets, glue: glue)
        let whole = try dig(Self.owner, .srv, table, limits: .tcp)
        #expect(whole.answers.count == count && whole.additionals.count == count && !whole.isTruncated)
        #expect(whole.additionals.map(\.owner) == targets.map { $0 + "." })
        let cut = try dig(Self.owner, .srv, table, turn: 3)
        #expect(cut.isTruncated == (cut.answers.count < count))
        #expect(cut.answers.allSatisfy { whole.answers.map(\.data).contains($0.data) })
        #expect(cut.additionals.isEmpty || cut.answers.count == count)
        #expect(cut.additionals.allSatisfy { whole.additionals.map(\.owner).contains($0.owner) })
    }
}
