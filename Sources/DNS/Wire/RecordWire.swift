extension RecordSet {
    /// Each record on its own, uncompressed: owner, type, class IN, TTL, length, data (RFC 1035 §3.2.1).
    public var wireRecords: [[UInt8]] {
        records.map { record in
            var bytes = owner.wire
            func append<Integer: FixedWidthInteger>(_ value: Integer) {
                for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) {
                    bytes.append(UInt8(truncatingIfNeeded: value >> Integer(shift)))
                }
            }
            let data = record.wire
            append(type.rawValue)
            append(UInt16(1))
            append(ttl)
            append(UInt16(data.count))
            return bytes + data
        }
    }
}

extension Rdata {
    /// The data in wire form, names uncompressed.
    public var wire: [UInt8] {
        switch self {
        case .a(let address): octets(of: address)
        case .aaaa(let high, let low): octets(of: high) + octets(of: low)
        case .srv(let priority, let weight, let port, let target):
            octets(of: priority) + octets(of: weight) + octets(of: port) + target.wire
        case .ptr(let name), .cname(let name), .ns(let name): name.wire
        case .txt(let strings): strings.flatMap { [UInt8($0.count)] + $0 }
        }
    }
}

private func octets<Integer: FixedWidthInteger>(of value: Integer) -> [UInt8] {
    stride(from: Integer.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> Integer($0)) }
}
