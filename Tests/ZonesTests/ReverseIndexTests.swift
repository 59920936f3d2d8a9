import LinuxIO
import SourceText
import Testing

@testable import ClusterCatalog
@testable import Zones

/// The index of addresses beside what a dictionary of sets does.
struct ReverseIndexTests {
    /// Few addresses of both families, in runs, so that tables wrap round and claims meet.
    private static let pool: [IPAddress] =
        (0..<40).map { IPAddress(v4: 0x0a80_0000 + UInt32($0)) } + (0..<6).map { IPAddress(v6High: 0, low: UInt64($0)) }

    @Test(arguments: 1...30) func asADictionary(seed: Int) {
        var random = SeededRandom(seed)
        var index = ReverseIndex()
        var claims: [ObjectName: [IPAddress]] = [:]
        for _ in 0..<300 {
            let service = ObjectName(namespace: "shop", name: "s\(random.next(12))")
            let new = random.next(4) == 0 ? [] : unique((0...random.next(5)).map { _ in Self.pool[random.next(46)] })
            index.replace(
                claims[service] ?? [], with: new, of: service,
                new.isEmpty ? nil : .service(Service(name: service, origin: origin)))
            claims[service] = new.isEmpty ? nil : new
            for address in Self.pool {
                let expected = Set(claims.filter { $0.value.contains(address) }.keys)
                #expect(Set(index[address]) == expected && index[address].count == expected.count)
                #expect(index.isSingle(address) == (expected.count == 1))
            }
            #expect(Set(index.addresses) == Set(claims.values.joined()))
        }
    }

    /// An index that went on with the old object would keep its text's place, and so the file, for as long as it lives.
    @Test func anOldObjectIsLetGo() {
        let service = ObjectName(namespace: "shop", name: "web")
        let claims = [Self.pool[0]]
        var index = ReverseIndex()
        weak var oldFile: SourceFile?
        func put(_ old: [IPAddress], file: String) {
            let origin = Origin(file: file, line: 1)
            if oldFile == nil { oldFile = origin.parts.source }
            index.replace(old, with: claims, of: service, .service(Service(name: service, origin: origin)))
        }
        put([], file: "old.yaml")
        #expect(oldFile != nil)
        put(claims, file: "new.yaml")
        #expect(oldFile == nil && index[Self.pool[0]] == [service])
    }

    @Test func manyAddresses() {
        var table = AddressTable()
        for number in 0..<50_000 as Range<UInt32> { table.set(Int32(number), for: number &* 3) }
        for number in 0..<50_000 as Range<UInt32> where number % 2 == 0 { table.remove(number &* 3) }
        for number in 0..<50_000 as Range<UInt32> {
            #expect(table[number &* 3] == (number % 2 == 0 ? nil : Int32(number)))
        }
        #expect(table[1] == nil && Set(table.addresses).count == 25_000)
    }

    private struct SeededRandom {
        private var state: UInt64
        init(_ seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1 }

        mutating func next(_ bound: Int) -> Int {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return Int((state &* 0x2545_f491_4f6c_dd1d) >> 33) % bound
        }
    }
}

/// The names that are shown first, found without sorting all of them.
struct SmallestTests {
    @Test(arguments: [(0, 5), (1, 5), (9, 5), (10, 5), (11, 5), (1000, 7), (1000, 1), (3, 3)])
    func asSorted(_ count: Int, _ kept: Int) {
        let numbers = (0..<count).map { $0 &* 7919 % 1009 }
        #expect(smallest(kept, of: numbers) == Array(numbers.sorted().prefix(kept)))
    }
}
