/// One message, read strictly.
public struct WireMessage: Equatable, Sendable {
    public var id: UInt16
    public var flags: UInt16
    public var question: WireQuestion?
    public var answers: [WireRecord]
    public var authorities: [WireRecord]
    /// Without the OPT record.
    public var additionals: [WireRecord]
    public var opt: WireOPT?
    public var byteCount: Int

    /// The code of the header and the OPT record together (RFC 6891 §6.1.3).
    public var code: UInt16 { flags & 15 | (opt?.upperCode ?? 0) << 4 }
    public var isAuthoritative: Bool { flags & 0x0400 != 0 }
    public var isTruncated: Bool { flags & 0x0200 != 0 }
    /// The data of the answer records, sorted: a set has no order.
    public var data: [String] { answers.map(\.data).sorted() }

    /// Why bytes are no message.
    public struct Fault: Error, CustomStringConvertible {
        public let description: String
    }

    public init(_ bytes: [UInt8]) throws {
        var reader = WireReader(bytes)
        id = try reader.integer16()
        flags = try reader.integer16()
        var counts: [Int] = []
        for _ in 0..<4 { counts.append(Int(try reader.integer16())) }
        guard counts[0] <= 1 else { throw Fault(description: "\(counts[0]) questions") }
        question = nil
        if counts[0] == 1 {
            question = WireQuestion(
                name: try reader.name(), type: try reader.integer16(), questionClass: try reader.integer16())
        }
        answers = try reader.records(counts[1])
        authorities = try reader.records(counts[2])
        let last = try reader.records(counts[3])
        additionals = last.filter { $0.type != 41 }
        let opts = last.filter { $0.type == 41 }
        guard opts.count <= 1 else { throw Fault(description: "\(opts.count) OPT records") }
        opt = opts.first.map(WireOPT.init)
        guard reader.at == bytes.count else {
            throw Fault(description: "\(bytes.count - reader.at) octets behind the last record")
        }
        byteCount = bytes.count
    }
}

public struct WireQuestion: Equatable, Sendable {
    /// In the spelling of the message, with a final dot.
    public var name: String
    public var type: UInt16
    public var questionClass: UInt16
}

public struct WireRecord: Hashable, Sendable {
    /// In the spelling of the message, with a final dot.
    public var owner: String
    public var type: UInt16
    public var recordClass: UInt16
    public var ttl: UInt32
    /// As a zone file has it; of an unknown type in hexadecimal digits.
    public var data: String
}

/// What an OPT record says (RFC 6891 §6.1.2).
public struct WireOPT: Equatable, Sendable {
    public var udpByteCount: UInt16
    public var upperCode: UInt16
    public var version: UInt8
    public var flags: UInt16
    /// Options in hexadecimal digits.
    public var options: String

    init(_ record: WireRecord) {
        udpByteCount = record.recordClass
        upperCode = UInt16(record.ttl >> 24)
        version = UInt8(record.ttl >> 16 & 255)
        flags = UInt16(record.ttl & 0xffff)
        options = record.data
    }
}
