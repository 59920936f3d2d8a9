/// Reads a message from front to back.
struct WireReader {
    private let bytes: [UInt8]
    private(set) var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func integer8() throws -> UInt8 {
        guard at < bytes.count else { throw fault("the message ends too early") }
        at += 1
        return bytes[at - 1]
    }

    mutating func integer16() throws -> UInt16 {
        UInt16(try integer8()) << 8 | UInt16(try integer8())
    }

    mutating func integer32() throws -> UInt32 {
        UInt32(try integer16()) << 16 | UInt32(try integer16())
    }

    /// A name with a final dot; pointers lead backwards, to a place behind the header.
    mutating func name() throws -> String {
        var text = ""
        var byteCount = 1
        var place = at
        var end: Int?
        while true {
            guard place < bytes.count else { throw fault("a name ends behind the message") }
            let length = Int(bytes[place])
            if length == 0 { break }
            if length >= 0xc0 {
                guard place + 1 < bytes.count else { throw fault("half a pointer") }
                let target = (length & 0x3f) << 8 | Int(bytes[place + 1])
                guard target >= 12, target < place else { throw fault("a pointer from \(place) to \(target)") }
                end = end ?? place + 2
                place = target
                continue
            }
            guard length <= 63, place + length < bytes.count else {
                throw fault("a label of \(length) octets at \(place)")
            }
            text += bytes[(place + 1)...(place + length)].map { escaped($0) }.joined() + "."
            byteCount += length + 1
            guard byteCount <= 255 else { throw fault("a name over 255 octets") }
            place += length + 1
        }
        at = end ?? place + 1
        return text.isEmpty ? "." : text
    }

    mutating func records(_ count: Int) throws -> [WireRecord] {
        var found: [WireRecord] = []
        for _ in 0..<count { found.append(try record()) }
        return found
    }

    private mutating func record() throws -> WireRecord {
        let owner = try name()
        let type = try integer16()
        let recordClass = try integer16()
        let ttl = try integer32()
        let length = Int(try integer16())
        let end = at + length
        guard end <= bytes.count else { throw fault("data of \(length) octets behind the message") }
        let data = try data(of: type, to: end)
        guard at == end else { throw fault("data of type \(type) ends at \(at) instead of \(end)") }
        return WireRecord(owner: owner, type: type, recordClass: recordClass, ttl: ttl, data: data)
    }

    private mutating func data(of type: UInt16, to end: Int) throws -> String {
        switch type {
        case 1: return try fields(4) { try $0.integer8() }.joined(separator: ".")
        case 28: return try fields(8) { String(try $0.integer16(), radix: 16) }.joined(separator: ":")
        case 2, 5, 12: return try name()
        case 6: return "\(try name()) \(try name()) " + (try fields(5) { try $0.integer32() }.joined(separator: " "))
        case 15: return "\(try integer16()) \(try name())"
        case 16: return try texts(to: end)
        case 33:
            let numbers = try fields(3) { try $0.integer16() }
            // Compression is not for types younger than RFC 1035 (RFC 3597 §4).
            let target = at
            let name = try name()
            guard !bytes[target..<at].contains(where: { $0 >= 0xc0 }) else { throw fault("a compressed SRV target") }
            return (numbers + [name]).joined(separator: " ")
        default:
            var digits = ""
            while at < end { digits += hexadecimal(try integer8()) }
            return digits
        }
    }

    private mutating func fields<Value>(
        _ count: Int, _ read: (inout WireReader) throws -> Value
    ) throws -> [String] {
        var texts: [String] = []
        for _ in 0..<count { texts.append("\(try read(&self))") }
        return texts
    }

    private mutating func texts(to end: Int) throws -> String {
        var texts: [String] = []
        while at < end {
            var text = ""
            for _ in 0..<(try integer8()) { text += escaped(try integer8(), besides: [0x22, 0x5c]) }
            texts.append("\"\(text)\"")
        }
        return texts.joined(separator: " ")
    }

    private func fault(_ text: String) -> WireMessage.Fault { WireMessage.Fault(description: text) }
}

private func escaped(_ octet: UInt8, besides special: [UInt8] = [0x2e, 0x5c]) -> String {
    let isPlain = (0x21...0x7e).contains(octet) && !special.contains(octet)
    guard !isPlain else { return String(UnicodeScalar(octet)) }
    let digits = String(octet)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
}

private func hexadecimal(_ octet: UInt8) -> String { (octet < 16 ? "0" : "") + String(octet, radix: 16) }
