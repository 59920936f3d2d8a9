/// Answers the type ANY with one record that says no more than that (RFC 8482 §4.2).
public func answerAny(_ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits) -> Outcome {
    answering(query, in: &message, limits: limits) { answer in
        answer.addStrings(.hinfo, ["ANY obsoleted", "See RFC 8482"], ttl: 8482)
        return answer.finish(.noError, authoritative: false)
    }
}

/// Answers with text: one TXT record for each of `texts`, of the question's class (IN, or CH for `version.bind`).
/// - Parameters:
///   - texts: octets; over 255 they become several character strings of one record (RFC 1035 §3.3.14).
///   - ttl: seconds.
public func answerText(
    _ query: Query, _ texts: [[UInt8]], ttl: UInt32 = 0, in message: inout MutableRawSpan, limits: AnswerLimits
) -> Outcome {
    answering(query, in: &message, limits: limits) { answer in
        for text in texts { answer.addText(text, rawClass: query.rawClass, ttl: ttl) }
        return answer.finish(.noError)
    }
}

/// Tells a client how it is seen: its address, and its port as an SRV record of `_udp.NAME` or `_tcp.NAME`. Both are
/// additional records with a TTL of 0; the answer itself is empty.
/// - Parameter peer: the client's address in host order; IPv4 in the lower half of `low`.
public func answerWhoami(
    _ query: Query, peer: (high: UInt64, low: UInt64, isIPv4: Bool), port: UInt16, in message: inout MutableRawSpan,
    limits: AnswerLimits
) -> Outcome {
    answering(query, in: &message, limits: limits) { answer in
        let name = Query.headerByteCount
        answer.addAddress(
            high: peer.isIPv4 ? nil : peer.high, low: peer.low, ttl: 0, owner: name, to: .additional)
        // A name that is too long for one more label has no such neighbour.
        if query.nameByteCount + 5 <= 255 {
            answer.addPort(port, label: limits.countsUDPSize ? "_udp" : "_tcp", owner: name)
        }
        return answer.finish(.noError)
    }
}

/// Calls `body` with an answer to a query that is in order, of class IN or CH; others are refused as reading decided.
func answering(
    _ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits, _ body: (inout Answer) -> Outcome
) -> Outcome {
    unsafe message.withUnsafeMutableBytes { raw in
        guard let bytes = unsafe MessageBytes(raw) else { return .dropped }
        guard query.isOrdinary || query.isChaos else { return refuse(query, in: bytes, limits: limits) }
        var answer = Answer(to: query, in: bytes, limits: limits, turn: 0)
        return body(&answer)
    }
}

extension Answer {
    /// Character strings (RFC 1035 §3.3) of the question's name.
    fileprivate mutating func addStrings(_ type: RecordType, _ strings: InlineArray<2, StaticString>, ttl: UInt32) {
        let byteCount = strings[0].utf8CodeUnitCount + strings[1].utf8CodeUnitCount + 2
        let head = addRecord(type, ttl: ttl, owner: Query.headerByteCount, to: .answer, byteCount: byteCount)
        guard var at = head else { return }
        for index in strings.indices {
            bytes.store8(UInt8(strings[index].utf8CodeUnitCount), at: at)
            bytes.store(strings[index], at: at + 1)
            at += 1 + strings[index].utf8CodeUnitCount
        }
    }

    fileprivate mutating func addText(_ text: [UInt8], rawClass: UInt16, ttl: UInt32) {
        let strings = max(1, (text.count + 254) / 255)
        guard
            var at = addRecord(
                .txt, rawClass: rawClass, ttl: ttl, owner: Query.headerByteCount, to: .answer,
                byteCount: text.count + strings)
        else { return }
        for index in 0..<strings {
            let string = text[(index * 255)..<min(text.count, index * 255 + 255)]
            bytes.store8(UInt8(string.count), at: at)
            bytes.store(string, at: at + 1)
            at += 1 + string.count
        }
    }

    fileprivate mutating func addPort(_ port: UInt16, label: StaticString, owner: Int) {
        let head = addRecord(.srv, ttl: 0, label: label, owner: owner, to: .additional, byteCount: 7)
        guard let at = head else { return }
        bytes.store32(0, at: at)
        bytes.store16(port, at: at + 4)
        bytes.store8(0, at: at + 6)
    }
}
