import DNS
import WireMessages

/// What an upstream says, for tests of reading and handing on.
enum Responses {
    static func address(_ last: UInt8, owner: [UInt8] = questionPointer, ttl: UInt32 = 300) -> [UInt8] {
        wireRecord(owner, 1, ttl: ttl, [192, 0, 2, last])
    }

    static func six(_ last: UInt8, owner: [UInt8] = questionPointer, ttl: UInt32 = 300) -> [UInt8] {
        wireRecord(owner, 28, ttl: ttl, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last])
    }

    static func alias(_ owner: [UInt8] = questionPointer, to target: [UInt8], ttl: UInt32 = 300) -> [UInt8] {
        wireRecord(owner, 5, ttl: ttl, target)
    }

    static func soa(_ owner: [UInt8] = [0], ttl: UInt32 = 900, minimum: UInt32 = 60) -> [UInt8] {
        wireRecord(owner, 6, ttl: ttl, soaData(minimum: minimum))
    }

    static func addresses(_ name: String, _ count: Int, ttl: UInt32 = 300) -> WireResponse {
        WireResponse(
            name, 1, (0..<count).map { wireRecord(1, ttl: ttl, [192, 0, UInt8($0 >> 8), UInt8($0 & 255)]) })
    }
}

func question(
    _ name: String, _ type: UInt16 = 1, wantsSignatures: Bool = false, isUnchecked: Bool = false
) -> Question {
    Question(
        name: Name(wire: wireName(name)) ?? .root, type: RecordType(rawValue: type), wantsSignatures: wantsSignatures,
        isUnchecked: isUnchecked)
}

/// The response as the question in it would have it.
func response(_ wire: WireResponse, wantsSignatures: Bool = false) -> Response? {
    guard let name = Name(wire: wire.name) else { return nil }
    return Response(
        reading: wire.bytes,
        to: Question(name: name, type: RecordType(rawValue: wire.type), wantsSignatures: wantsSignatures))
}

/// A query's octets in front of dirty memory, and what `body` makes of it.
func inPlace<Result>(
    _ query: WireQuery, _ limits: AnswerLimits = .udp, _ body: (Query, inout MutableRawSpan) -> Result
) -> (Result, [UInt8]) {
    let query = query.bytes
    var bytes = [UInt8](repeating: 0xa5, count: limits.byteCount > 1232 ? 65535 : udpRoom)
    bytes.replaceSubrange(0..<query.count, with: query)
    var span = bytes.mutableSpan
    var message = unsafe span.mutableBytes
    let read = Query.read(&message, byteCount: query.count, seed: AnswerTable.hashSeed)
    let result = body(read, &message)
    return (result, bytes)
}

/// The octets that a client gets.
func handedOn(
    _ response: Response, to query: WireQuery, limits: AnswerLimits = .udp, turn: UInt32 = 0,
    ttl: TTLRule = .unchanged, isAuthoritative: Bool? = nil, saying explanation: ExtendedError? = nil
) throws -> [UInt8] {
    let (outcome, bytes) = inPlace(query, limits) { read, message in
        render(
            response, to: read, in: &message, limits: limits, turn: turn, ttl: ttl, isAuthoritative: isAuthoritative,
            saying: explanation)
    }
    guard case .answered(let count) = outcome else { throw NoAnswer(reply: .dropped) }
    return Array(bytes[..<count])
}
