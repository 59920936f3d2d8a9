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
    switch outcome {
    case .answered(let byteCount): return .message(try WireMessage(Array(bytes[..<byteCount])))
    case .dropped: return .dropped
    case .passed(let passage): return .passed(passage)
    }
}

/// The outcome, and everything that lies in the message afterwards.
func answer(
    _ query: [UInt8], _ table: AnswerTable, limits: AnswerLimits = .udp, turn: UInt32 = 0
) -> (Outcome, [UInt8]) {
    var bytes = [UInt8](repeating: 0xa5, count: limits.byteCount > 1232 ? 65535 : udpRoom)
    bytes.replaceSubrange(0..<query.count, with: query)
    var span = bytes.mutableSpan
    var message = unsafe span.mutableBytes
    let read = Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed)
    let outcome = respond(to: read, in: &message, from: table, limits: limits, turn: turn)
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
