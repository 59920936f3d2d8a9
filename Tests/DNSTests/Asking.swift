import DNS
import WireMessages

/// What became of a query, the answer read by the tests' own reader.
enum Reply: Equatable {
    case message(WireMessage)
    case dropped
    case passed(Outcome.Passage)

    var message: WireMessage? {
        guard case .message(let message) = self else { return nil }
        return message
    }
}

/// Octets that a UDP worker gives to each message.
let udpRoom = 1344

/// Asks a table as a worker does: the query lies in front of dirty memory, the answer replaces it.
func ask(
    _ query: WireQuery, _ table: AnswerTable, limits: AnswerLimits = .udp, turn: UInt32 = 0
) throws -> Reply {
    try ask(query.bytes, table, limits: limits, turn: turn)
}

func ask(_ query: [UInt8], _ table: AnswerTable, limits: AnswerLimits = .udp, turn: UInt32 = 0) throws -> Reply {
    let (outcome, bytes) = answer(query, table, limits: limits, turn: turn)
    return try reply(outcome, bytes)
}

/// The outcome, with the answer read if there is one.
func reply(_ outcome: Outcome, _ bytes: [UInt8]) throws -> Reply {
    switch outcome {
    case .answered(let byteCount), .leads(let byteCount, _, _): .message(try WireMessage(Array(bytes[..<byteCount])))
    case .dropped: .dropped
    case .passed(let passage): .passed(passage)
    }
}

/// The outcome, and everything that lies in the message afterwards.
func answer(
    _ query: [UInt8], _ table: AnswerTable, limits: AnswerLimits = .udp, turn: UInt32 = 0
) -> (Outcome, [UInt8]) {
    answering(query, limits: limits) { read, message in
        respond(to: read, in: &message, from: table, limits: limits, turn: turn)
    }
}

/// Reads a query that lies in front of dirty memory, and lets `body` answer it.
func answering(
    _ query: [UInt8], limits: AnswerLimits = .udp, _ body: (inout Query, inout MutableRawSpan) throws -> Outcome
) rethrows -> (Outcome, [UInt8]) {
    let isStream = limits.byteCount > 1232
    var bytes = [UInt8](repeating: 0xa5, count: isStream ? 65535 : udpRoom)
    bytes.replaceSubrange(0..<query.count, with: query)
    var span = bytes.mutableSpan
    var message = unsafe span.mutableBytes
    var read = Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed, isStream: isStream)
    let outcome = try body(&read, &message)
    return (outcome, bytes)
}

/// The answer to a well-formed question.
func dig(
    _ name: String, _ type: RecordType, _ table: AnswerTable, limits: AnswerLimits = .udp, turn: UInt32 = 0
) throws -> WireMessage {
    let reply = try ask(WireQuery(name, type.rawValue), table, limits: limits, turn: turn)
    guard let message = reply.message else { throw NoAnswer(reply: reply) }
    return message
}

struct NoAnswer: Error {
    let reply: Reply
}

extension WireOPT {
    /// `10 2464c4abcf10c957`: code and data of each option, in their order.
    var list: [String] {
        var found: [String] = []
        var rest = options[...]
        while let code = UInt16(rest.prefix(4), radix: 16), let count = Int(rest.dropFirst(4).prefix(4), radix: 16) {
            found.append("\(code) \(rest.dropFirst(8).prefix(count * 2))")
            rest = rest.dropFirst(8 + count * 2)
        }
        return found
    }
}

/// `2464c4ab` as octets.
func hex(_ digits: String) -> [UInt8] {
    var rest = digits[...]
    var octets: [UInt8] = []
    while let octet = UInt8(rest.prefix(2), radix: 16) {
        octets.append(octet)
        rest = rest.dropFirst(2)
    }
    return octets
}

/// A secret written as in RFC 9018.
func secret(_ digits: String) -> CookieSecret {
    let octets = hex(digits)
    func word(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    return CookieSecret(word(octets[..<8]), word(octets[8...]))
}
