/// Names that every server answers itself, so that they are asked of no other (RFC 6303, RFC 6761 §6.3).
public enum LocalName: Sendable {
    /// None of them.
    case other
    /// `localhost.`
    case localhost
    /// `NAME.localhost.`
    case belowLocalhost
    /// `localhost.DOMAIN.`: what the search list of a client makes of `localhost`.
    case searchedLocalhost
    /// In `0.in-addr.arpa.`, `127.in-addr.arpa.`, `255.in-addr.arpa.`, or the reverse name of `::1`.
    case reverse
}

/// Which of the local names a query asks for.
public func localName(of query: Query, in message: inout MutableRawSpan) -> LocalName {
    unsafe message.withUnsafeMutableBytes { raw in
        guard let bytes = unsafe MessageBytes(raw), query.isOrdinary else { return .other }
        return LocalPlace(query, in: bytes)?.kind ?? .other
    }
}

/// Answers a local name: loopback addresses for `localhost`, names below it and in front of a search domain; a PTR record
/// for the loopback addresses; for all else of these zones that it does not exist. Others are passed on untouched.
public func answerLocal(_ query: Query, in message: inout MutableRawSpan, limits: AnswerLimits) -> Outcome {
    answering(query, in: &message, limits: limits) { answer in
        guard query.isOrdinary, let place = LocalPlace(query, in: answer.bytes) else { return .passed(.outside) }
        switch (place.node, query.type) {
        case (.missing, _):
            answer.addLocalSOA(at: place.apexAt, to: .authority)
            return answer.finish(.nameError)
        case (.host, .a): answer.addLoopback(high: nil, low: 0x7f00_0001)
        case (.host, .aaaa): answer.addLoopback(high: 0, low: 1)
        case (.pointer, .ptr): answer.addLocalhost(.ptr)
        case (_, .soa) where place.isApex: answer.addLocalSOA(at: place.apexAt, to: .answer)
        case (_, .ns) where place.isApex: answer.addLocalhost(.ns)
        default: answer.addLocalSOA(at: place.apexAt, to: .authority)
        }
        return answer.finish(.noError)
    }
}

/// Where a local name lies, and what it has.
private struct LocalPlace {
    enum Node { case host, pointer, empty, missing }

    let kind: LocalName
    let node: Node
    /// Where its zone begins in the message.
    let apexAt: Int
    let isApex: Bool

    /// Nil for a name that is not local; most are told by their first octet and their last.
    init?(_ query: Query, in bytes: MessageBytes) {
        let start = Query.headerByteCount
        let name = NamePlace(at: start, byteCount: query.nameByteCount)
        guard name.byteCount > localhost.utf8CodeUnitCount - 1 else { return nil }
        let last = bytes[name.end - 2] | 0x20
        if last == UInt8(ascii: "t"), let at = bytes.start(of: localhost, endingAt: name.end, from: start) {
            self.init(kind: at == start ? .localhost : .belowLocalhost, .host, apexAt: at, isApex: at == start)
        } else if bytes[start] == 9, bytes.begins(with: localhostLabel, at: start) {
            self.init(kind: .searchedLocalhost, .host, apexAt: start, isApex: false)
        } else if last == UInt8(ascii: "a") {
            self.init(reverse: name, in: bytes)
        } else {
            return nil
        }
    }

    private init(kind: LocalName, _ node: Node, apexAt: Int, isApex: Bool) {
        self.kind = kind
        self.node = node
        self.apexAt = apexAt
        self.isApex = isApex
    }

    private init?(reverse name: NamePlace, in bytes: MessageBytes) {
        func start(of zone: StaticString) -> Int? { bytes.start(of: zone, endingAt: name.end, from: name.at) }
        if let at = start(of: loopback6) {
            self.init(kind: .reverse, at == name.at ? .pointer : .missing, apexAt: at, isApex: at == name.at)
        } else if let at = start(of: loopback4) {
            self.init(kind: .reverse, bytes.loopbackNode(name.at..<at), apexAt: at, isApex: at == name.at)
        } else if let at = start(of: thisNetwork) ?? start(of: broadcast) {
            self.init(kind: .reverse, at == name.at ? .empty : .missing, apexAt: at, isApex: at == name.at)
        } else {
            return nil
        }
    }
}

private let localhostLabel: StaticString = "\u{9}localhost"
private let localhost: StaticString = "\u{9}localhost\u{0}"
private let thisNetwork: StaticString = "\u{1}0\u{7}in-addr\u{4}arpa\u{0}"
private let loopback4: StaticString = "\u{3}127\u{7}in-addr\u{4}arpa\u{0}"
private let broadcast: StaticString = "\u{3}255\u{7}in-addr\u{4}arpa\u{0}"
private let loopback6: StaticString = """
    \u{1}1\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\
    \u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\u{1}0\
    \u{3}ip6\u{4}arpa\u{0}
    """

extension Answer {
    /// A week: what is said here never changes.
    private static var localTTL: UInt32 { 604_800 }
    private static var rootLabel: StaticString { "\u{4}root" }

    fileprivate mutating func addLoopback(high: UInt64?, low: UInt64) {
        addAddress(high: high, low: low, ttl: Self.localTTL, owner: Query.headerByteCount, to: .answer)
    }

    /// A record whose data is `localhost.`
    fileprivate mutating func addLocalhost(_ type: RecordType) {
        let head = addRecord(
            type, ttl: Self.localTTL, owner: Query.headerByteCount, to: .answer,
            byteCount: localhost.utf8CodeUnitCount)
        if let head { bytes.store(localhost, at: head) }
    }

    /// `localhost. root.localhost. 1 0 0 0 604800`: nobody transfers these zones.
    fileprivate mutating func addLocalSOA(at apex: Int, to section: Section) {
        let nameByteCount = localhost.utf8CodeUnitCount
        let byteCount = nameByteCount + Self.rootLabel.utf8CodeUnitCount + nameByteCount + 20
        guard var at = addRecord(.soa, ttl: Self.localTTL, owner: apex, to: section, byteCount: byteCount) else {
            return
        }
        let texts: InlineArray<3, StaticString> = [localhost, Self.rootLabel, localhost]
        for index in texts.indices {
            bytes.store(texts[index], at: at)
            at += texts[index].utf8CodeUnitCount
        }
        let numbers: InlineArray<5, UInt32> = [1, 0, 0, 0, Self.localTTL]
        for index in numbers.indices { bytes.store32(numbers[index], at: at + index * 4) }
    }
}

extension MessageBytes {
    /// Where `wire` (lower case) begins as the last labels of the name from `start` to `end`; nil when it does not.
    fileprivate func start(of wire: StaticString, endingAt end: Int, from start: Int) -> Int? {
        let target = end - wire.utf8CodeUnitCount
        guard target >= start, begins(with: wire, at: target) else { return nil }
        var at = start
        while at < target { at += Int(self[at]) + 1 }
        return at == target ? at : nil
    }

    /// What the labels in front of `127.in-addr.arpa.` stand for. The names between the zone and its pointer exist,
    /// although they have nothing (RFC 8020).
    fileprivate func loopbackNode(_ labels: Range<Int>) -> LocalPlace.Node {
        switch labels.count {
        case 0: .empty
        case 2 where begins(with: "\u{1}0", at: labels.lowerBound): .empty
        case 4 where begins(with: "\u{1}0\u{1}0", at: labels.lowerBound): .empty
        case 6 where begins(with: "\u{1}1\u{1}0\u{1}0", at: labels.lowerBound): .pointer
        default: .missing
        }
    }

    /// Whether these octets lie at `offset`, whatever the case of letters.
    fileprivate func begins(with wire: StaticString, at offset: Int) -> Bool {
        for index in 0..<wire.utf8CodeUnitCount {
            let octet = self[offset + index]
            let lower = (65...90).contains(octet) ? octet | 0x20 : octet
            guard unsafe lower == wire.utf8Start[index] else { return false }
        }
        return true
    }
}
