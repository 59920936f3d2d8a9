import DNS
import LinuxIO

extension Reply {
    /// Reads the bytes of an answer to this query.
    /// - Throws: `ConversationError` when they are no DNS message, or answer another question.
    public init(_ bytes: [UInt8], to query: [UInt8]) throws {
        var reader = MessageReader(bytes)
        let id = try reader.number16()
        let flags = try reader.number16()
        let counts = [try reader.number16(), try reader.number16(), try reader.number16(), try reader.number16()]
        guard query.count > 12, id == UInt16(query[0]) << 8 | UInt16(query[1]), flags & 0x8000 != 0 else {
            throw ConversationError("this is no answer to the question")
        }
        for _ in 0..<counts[0] {
            let start = reader.at
            _ = try reader.name()
            _ = try reader.octets(4)
            guard reader.at <= query.count, bytes[start..<reader.at] == query[start..<reader.at] else {
                throw ConversationError("the answer repeats another question")
            }
        }
        answers = try (0..<counts[1]).map { _ in try reader.record() }
        authority = try (0..<counts[2]).map { _ in try reader.record() }
        let rest = try (0..<counts[3]).map { _ in try reader.record() }
        guard reader.at == bytes.count else {
            throw ConversationError("\(bytes.count - reader.at) octets follow the last record")
        }
        let opt = rest.first { $0.type == .opt }
        additional = rest.filter { $0.type != .opt }
        code = ResponseCode(rawValue: flags & 15 | UInt16((opt?.ttl ?? 0) >> 24) << 4)
        isAuthoritative = flags & 0x0400 != 0
        isTruncated = flags & 0x0200 != 0
        options = try opt.map { try Self.options($0.data) }
        self.bytes = bytes
    }

    private static func options(_ data: Data) throws -> [UInt16: [UInt8]] {
        guard case .other(let bytes) = data else { return [:] }
        var reader = MessageReader(bytes)
        var options: [UInt16: [UInt8]] = [:]
        while reader.at < bytes.count {
            let code = try reader.number16()
            let option = try reader.octets(Int(try reader.number16()))
            // Of an option that stands several times, as an extended error may, the first counts.
            if options[code] == nil { options[code] = option }
        }
        return options
    }
}

/// Reads a message from front to back, following compression pointers (RFC 1035 §4.1.4).
struct MessageReader {
    private let bytes: [UInt8]
    private(set) var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func octets(_ count: Int) throws -> [UInt8] {
        guard at + count <= bytes.count else { throw ConversationError("the message ends in the middle of a record") }
        defer { at += count }
        return Array(bytes[at..<at + count])
    }

    mutating func number16() throws -> UInt16 { try octets(2).reduce(0) { $0 << 8 | UInt16($1) } }
    mutating func number32() throws -> UInt32 { try octets(4).reduce(0) { $0 << 8 | UInt32($1) } }

    mutating func name() throws -> Name {
        var wire: [UInt8] = []
        var back: Int?
        var hops = 0
        while true {
            let length = try octets(1)[0]
            if length == 0 { break }
            if length >= 0xc0 {
                let target = Int(length & 0x3f) << 8 | Int(try octets(1)[0])
                hops += 1
                guard target < at - 2, hops < 128 else {
                    throw ConversationError("a compression pointer leads forward")
                }
                back = back ?? at
                at = target
            } else {
                wire += [length] + (try octets(Int(length)))
            }
        }
        if let back { at = back }
        guard let name = Name(wire: wire + [0]) else { throw ConversationError("a name is too long") }
        return name
    }

    mutating func record() throws -> Reply.Record {
        let owner = try name()
        let type = RecordType(rawValue: try number16())
        let rawClass = try number16()
        let ttl = try number32()
        let end = Int(try number16()) + at
        let data = try data(of: type, end: end)
        guard at == end else { throw ConversationError("a \(type) record has another length than it says") }
        return Reply.Record(owner: owner, type: type, ttl: ttl, data: data, rawClass: rawClass)
    }

    private mutating func data(of type: RecordType, end: Int) throws -> Reply.Data {
        switch type {
        case .a: return .address("\(IPAddress(v4: try number32()))")
        case .aaaa:
            let words = [try number32(), try number32(), try number32(), try number32()].map(UInt64.init)
            return .address("\(IPAddress(v6High: words[0] << 32 | words[1], low: words[2] << 32 | words[3]))")
        case .srv:
            return .service(priority: try number16(), weight: try number16(), port: try number16(), target: try name())
        case .cname, .ptr, .ns: return .name(try name())
        case .soa:
            let (primary, mailbox) = (try name(), try name())
            let numbers = [try number32(), try number32(), try number32(), try number32(), try number32()]
            return .authority(primary: primary, mailbox: mailbox, serial: numbers[0], minimum: numbers[4])
        case .txt, RecordType(rawValue: 13):
            var texts: [String] = []
            while at < end { texts.append(String(decoding: try octets(Int(try octets(1)[0])), as: UTF8.self)) }
            return .text(texts)
        default: return .other(try octets(end - at))
        }
    }
}
