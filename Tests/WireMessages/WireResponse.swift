/// The bytes of one response, well formed or broken on purpose (RFC 1035 §4.1).
public struct WireResponse: Sendable {
    public var id: UInt16 = 0x4a5b
    /// QR, RD and RA.
    public var flags: UInt16 = 0x8180
    public var name: [UInt8]
    public var type: UInt16
    public var questionClass: UInt16 = 1
    /// Records in wire form, as `wireRecord` makes them.
    public var answers: [[UInt8]] = []
    public var authorities: [[UInt8]] = []
    public var additionals: [[UInt8]] = []
    /// Octets behind the last record.
    public var tail: [UInt8] = []
    /// Counts to write in place of the true ones.
    public var counts: [UInt16]?

    public init(_ name: String, _ type: UInt16, _ answers: [[UInt8]] = []) {
        self.name = wireName(name)
        self.type = type
        self.answers = answers
    }

    public func with(_ change: (inout WireResponse) -> Void) -> WireResponse {
        var changed = self
        change(&changed)
        return changed
    }

    /// Where the first record begins.
    public var recordsAt: Int { 12 + name.count + 4 }

    public var bytes: [UInt8] {
        let records = [answers, authorities, additionals]
        let counts = counts ?? [1] + records.map { UInt16($0.count) }
        return octets(id) + octets(flags) + counts.flatMap(octets) + name + octets(type) + octets(questionClass)
            + records.joined().joined() + tail
    }
}

/// The pointer to the question's name.
public let questionPointer: [UInt8] = [0xc0, 12]

/// A pointer to an offset of the message.
public func pointer(_ offset: Int) -> [UInt8] { octets(0xc000 | UInt16(offset)) }

/// One record: owner, type, class, TTL, length, data (RFC 1035 §3.2.1).
public func wireRecord(
    _ owner: [UInt8], _ type: UInt16, ttl: UInt32 = 300, _ data: [UInt8], recordClass: UInt16 = 1
) -> [UInt8] {
    owner + octets(type) + octets(recordClass) + octets(UInt16(ttl >> 16)) + octets(UInt16(ttl & 0xffff))
        + octets(UInt16(data.count)) + data
}

/// A record of the question's name.
public func wireRecord(_ type: UInt16, ttl: UInt32 = 300, _ data: [UInt8], recordClass: UInt16 = 1) -> [UInt8] {
    wireRecord(questionPointer, type, ttl: ttl, data, recordClass: recordClass)
}

/// The data of an SOA record.
public func soaData(_ primary: [UInt8] = [0], _ mailbox: [UInt8] = [0], minimum: UInt32) -> [UInt8] {
    primary + mailbox + [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4] + octets(UInt16(minimum >> 16))
        + octets(UInt16(minimum & 0xffff))
}
