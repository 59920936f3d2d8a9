import CLDNS
public import DNS

/// Records as lines of a zone file (RFC 1035 §5.1), printed by libldns.
public struct ZoneText {
    private var room = [CChar](repeating: 0, count: 1 << 17)

    public init() {}

    /// One line for each record of the set, without line ends.
    public mutating func lines(of set: RecordSet) -> [String] {
        set.wireRecords.map { line(ofRecord: $0) }
    }

    /// The SOA of a zone, as it is answered at the apex (behaviour 2.2).
    public mutating func soaLine(of zone: ZoneDescription) -> String { line(ofRecord: zone.soaWire) }

    private mutating func line(ofRecord wire: [UInt8]) -> String {
        let count = unsafe room.withUnsafeMutableBufferPointer { room in
            unsafe wire.withUnsafeBufferPointer { wire in
                unsafe cldns_print_record(wire.baseAddress, wire.count, room.baseAddress, room.count)
            }
        }
        precondition(count >= 0, "libldns refused a record that we made")
        return String(decoding: room[..<count].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
