import DNS
import LinuxIO

/// What the log tells of a query, taken before the answer is written in its place.
struct LoggedQuery: Sendable {
    let name: Name
    private let query: Query
    private let byteCount: Int
    private let id: UInt16
    private let opcode: UInt8

    init(_ query: Query, in message: borrowing MutableRawSpan, byteCount: Int) {
        self.query = query
        self.byteCount = byteCount
        name = query.name(in: message) ?? .root
        id = message.number16(at: 0)
        opcode = UInt8(message.number16(at: 2) >> 11 & 15)
    }

    func fields(
        _ answer: LoggedAnswer, from peer: SocketAddress, to server: SocketAddress, over transport: Transport,
        taking duration: Duration, by upstream: String?
    ) -> LogFields {
        LogFields(
            remote: peer, local: server.address, id: id, opcode: opcode, type: query.type.description,
            queryClass: "IN", name: name.description, transport: transport.rawValue, queryByteCount: byteCount,
            isDNSSECWanted: query.wantsSignatures, bufferByteCount: query.udpByteCount,
            responseCode: answer.code.description, responseFlags: answer.flags, responseByteCount: answer.byteCount,
            duration: duration, upstream: upstream)
    }
}

/// What the log tells of an answer.
struct LoggedAnswer {
    let flags: UInt16
    let byteCount: Int
    private let answerCount: UInt16

    init(in message: borrowing MutableRawSpan, byteCount: Int) {
        flags = message.number16(at: 2)
        answerCount = message.number16(at: 6)
        self.byteCount = byteCount
    }

    /// Of an answer that is whole; nil for anything else.
    init?(_ answer: [UInt8]) {
        guard answer.count >= 12 else { return nil }
        flags = UInt16(answer[2]) << 8 | UInt16(answer[3])
        answerCount = UInt16(answer[6]) << 8 | UInt16(answer[7])
        byteCount = answer.count
    }

    var code: ResponseCode { ResponseCode(rawValue: flags & 15) }

    var `class`: LogRule.Classes {
        switch code {
        case .noError: answerCount > 0 ? .success : .denial
        case .nameError: .denial
        default: .error
        }
    }
}

extension MutableRawSpan {
    fileprivate borrowing func number16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
}
