/// The data of one record in wire form (RFC 1035 §3.3), names uncompressed.
public enum Rdata: Hashable, Sendable {
    case a(UInt32)
    case aaaa(high: UInt64, low: UInt64)
    case srv(priority: UInt16, weight: UInt16, port: UInt16, target: Name)
    case ptr(Name)
    case cname(Name)
    case ns(Name)
    /// Character strings, each at most 255 octets.
    case txt([[UInt8]])

    public var type: RecordType {
        switch self {
        case .a: .a
        case .aaaa: .aaaa
        case .srv: .srv
        case .ptr: .ptr
        case .cname: .cname
        case .ns: .ns
        case .txt: .txt
        }
    }
}

/// The records of one owner and type (an RRset, RFC 2181 §5): never empty, each record once.
public struct RecordSet: Hashable, Sendable {
    public let owner: Name
    public let type: RecordType
    /// Seconds.
    public let ttl: UInt32
    public let records: [Rdata]

    /// Nil when there is no record; records of another type are a bug of the caller and trap.
    public init?(_ owner: Name, ttl: UInt32, _ records: [Rdata]) {
        guard let first = records.first else { return nil }
        assert(records.allSatisfy { $0.type == first.type })
        self.owner = owner
        self.type = first.type
        self.ttl = ttl
        self.records = records
    }
}

/// Everything that one owner name has: what the builder renders into a leaf.
public struct OwnerRecords: Hashable, Sendable {
    public let owner: Name
    /// Empty for a name that exists only because names below it do (empty non-terminal, RFC 8020).
    public var sets: [RecordSet]
    /// Address records that go with the SRV or NS records of this owner (RFC 2782), behind the answer.
    public var additional: [RecordSet]
    public var kind: Kind

    public enum Kind: UInt8, Sendable {
        case ordinary
        /// A namespace's node under `pod.ZONE`, where every address in dashes exists (`pods insecure`).
        case podNamespace
        /// A host that is its own zone: names beside and below it are not ours.
        case host
    }

    public init(_ owner: Name, _ sets: [RecordSet] = [], additional: [RecordSet] = [], kind: Kind = .ordinary) {
        self.owner = owner
        self.sets = sets
        self.additional = additional
        self.kind = kind
    }
}
