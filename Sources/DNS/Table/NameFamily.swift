/// Names that end alike, as those of one Service do, and what each of them has: told in numbers, in a few arrays that are
/// filled again for the next family.
///
/// A table can be filled from that without a `Name`, a `RecordSet` and an array of records for every set: `LeafWriter`
/// renders a leaf from it. `owners(ttl:)` tells the same in full, for those who compare or print.
public struct NameFamily: Sendable {
    /// One name: what stands in front of the end that all share.
    public struct Member: Equatable, Sendable {
        let at: Int32
        let byteCount: Int32
    }

    /// The addresses of one name, each once.
    public struct Addresses: Sendable {
        let a: Range<Int>
        let aaaa: Range<Int>

        public static let none = Addresses(a: 0..<0, aaaa: 0..<0)
    }

    /// A name that SRV records lead to: the shared end itself, or one label in front of it.
    public struct Host: Sendable {
        public let name: Member
        public internal(set) var addresses: Addresses
    }

    /// What an SRV record leads to.
    public struct Target: Hashable, Sendable {
        /// Its number among the hosts.
        public let host: Int
        public let port: UInt16

        public init(host: Int, port: UInt16) {
            self.host = host
            self.port = port
        }
    }

    /// What one name has.
    public struct Owner: Sendable {
        let name: Member
        let addresses: Addresses
        let targets: Range<Int>
        /// Of each SRV record; the priority is 0.
        let weight: UInt16
        /// The hosts whose addresses go along (RFC 2782).
        let glue: Range<Int>
    }

    /// The end that all names share, which is the shortest of them; lower case, like all.
    public private(set) var base = Name.root
    public private(set) var hosts: [Host] = []
    public private(set) var owners: [Owner] = []
    /// The fronts of all names, one behind the other.
    private(set) var fronts: [UInt8] = []
    private(set) var a: [UInt32] = []
    private(set) var aaaa: [UInt128] = []
    private(set) var targets: [Target] = []
    private(set) var glue: [Int] = []

    public init() {}

    /// Begins another family in the same memory.
    public mutating func begin(_ base: Name) {
        self.base = base.lowercased
        hosts.removeAll(keepingCapacity: true)
        owners.removeAll(keepingCapacity: true)
        fronts.removeAll(keepingCapacity: true)
        a.removeAll(keepingCapacity: true)
        aaaa.removeAll(keepingCapacity: true)
        targets.removeAll(keepingCapacity: true)
        glue.removeAll(keepingCapacity: true)
    }

    // MARK: Names

    public static var baseMember: Member { Member(at: 0, byteCount: 0) }

    /// The name with one more label, which is lower case; nil when the label or the whole grows too long.
    public mutating func name(_ label: String, in parent: Member = baseMember) -> Member? {
        let count = label.utf8.count
        let byteCount = count + 1 + Int(parent.byteCount)
        guard (1...63).contains(count), base.wire.count + byteCount <= 255 else { return nil }
        let at = fronts.count
        fronts.append(UInt8(count))
        fronts.append(contentsOf: label.utf8)
        if parent.byteCount > 0 { fronts += fronts[range(of: parent)] }
        return Member(at: Int32(at), byteCount: Int32(byteCount))
    }

    func range(of name: Member) -> Range<Int> { Int(name.at)..<Int(name.at + name.byteCount) }

    /// Octets of the name in wire form.
    func wireByteCount(of name: Member) -> Int { Int(name.byteCount) + base.wire.count }

    // MARK: Records

    /// Makes a name a host, of which it is told later what addresses it has; its number.
    public mutating func addHost(_ name: Member) -> Int {
        hosts.append(Host(name: name, addresses: .none))
        return hosts.count - 1
    }

    public mutating func setAddresses(_ addresses: Addresses, ofHost host: Int) { hosts[host].addresses = addresses }

    /// Where the addresses begin that are added next.
    public var addressesEnd: Addresses { Addresses(a: a.count..<a.count, aaaa: aaaa.count..<aaaa.count) }

    public mutating func add(a address: UInt32) { a.append(address) }
    public mutating func add(aaaa address: UInt128) { aaaa.append(address) }

    /// The addresses that were added since.
    public func addresses(since start: Addresses) -> Addresses {
        Addresses(a: start.a.upperBound..<a.count, aaaa: start.aaaa.upperBound..<aaaa.count)
    }

    /// - Parameters:
    ///   - targets: each once.
    ///   - glue: the hosts among the targets, each once.
    public mutating func addOwner(
        _ name: Member, _ addresses: Addresses = .none, targets: [Target] = [], weight: UInt16 = 0, glue: [Int] = []
    ) {
        let (firstTarget, firstGlue) = (self.targets.count, self.glue.count)
        self.targets += targets
        self.glue += glue
        owners.append(
            Owner(
                name: name, addresses: addresses, targets: firstTarget..<self.targets.count, weight: weight,
                glue: firstGlue..<self.glue.count))
    }
}

// MARK: In full

extension NameFamily {
    /// The same as names and records.
    public func owners(ttl: UInt32) -> [OwnerRecords] {
        let names = hosts.map { wire($0.name) }
        let hostSets = hosts.indices.map { sets(names[$0], hosts[$0].addresses, ttl: ttl) }
        return owners.map { owner in
            let name = wire(owner.name)
            let sets = sets(name, owner.addresses, ttl: ttl)
            let services = targets[owner.targets].map { target -> Rdata in
                .srv(priority: 0, weight: owner.weight, port: target.port, target: names[target.host])
            }
            guard let set = RecordSet(name, ttl: ttl, services) else { return OwnerRecords(name, sets) }
            return OwnerRecords(name, sets + [set], additional: glue[owner.glue].flatMap { hostSets[$0] })
        }
    }

    private func wire(_ name: Member) -> Name { Name(trusted: fronts[range(of: name)] + base.wire) }

    private func sets(_ owner: Name, _ addresses: Addresses, ttl: UInt32) -> [RecordSet] {
        let a = a[addresses.a].map { Rdata.a($0) }
        let aaaa = aaaa[addresses.aaaa].map {
            Rdata.aaaa(high: UInt64(truncatingIfNeeded: $0 >> 64), low: UInt64(truncatingIfNeeded: $0))
        }
        return [RecordSet(owner, ttl: ttl, a), RecordSet(owner, ttl: ttl, aaaa)].compactMap(\.self)
    }
}
