import DNS

/// Two random numbers that name one query of the guard.
struct LoopTag: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    static func random(using generator: inout SystemRandomNumberGenerator) -> LoopTag {
        LoopTag(high: generator.next(), low: generator.next())
    }

    /// `0123456789abcdef.fedcba9876543210.example.org.`; nil when the zone is too long for it.
    func name(in zone: Name) -> Name? { zone.prepending(digits(low))?.prepending(digits(high)) }
}

extension LoopTag {
    /// The tag that a name may begin with; nil when it has none.
    init?(_ name: Name) {
        let labels = name.labels.prefix(2)
        guard labels.count == 2, let high = number(labels[0]), let low = number(labels[1]) else { return nil }
        self.init(high: high, low: low)
    }
}

private func digits(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
}

private func number(_ label: ArraySlice<UInt8>) -> UInt64? {
    // UInt64 would read a sign, too.
    guard label.count == 16, label.first != UInt8(ascii: "+") else { return nil }
    return UInt64(String(decoding: label, as: UTF8.self), radix: 16)
}

/// Whether one upstream leads back to us, told by tagged queries. Knows no socket.
struct LoopGuard: Equatable {
    enum Change: Equatable { case none, cut, restored }

    /// Not asked, except by the guard.
    private(set) var isCut = false
    private var tag: LoopTag?
    /// The tag before, which may still come back.
    private var oldTag: LoopTag?
    private var cameBack = false
    private var quietRounds = 0

    /// Rounds in which nothing comes back, after which a cut upstream is asked again.
    static let quietRoundLimit = 2

    /// A new round: the result of the last one counts, and `tag` goes out.
    mutating func begin(_ tag: LoopTag) -> Change {
        let hasRound = self.tag != nil
        oldTag = self.tag
        self.tag = tag
        defer { cameBack = false }
        guard isCut, hasRound else { return .none }
        quietRounds = cameBack ? 0 : quietRounds + 1
        guard quietRounds >= Self.quietRoundLimit else { return .none }
        isCut = false
        quietRounds = 0
        return .restored
    }

    /// A tag was seen at our own door; nil when it is not of this upstream.
    mutating func seen(_ seen: LoopTag) -> Change? {
        guard seen == tag || seen == oldTag else { return nil }
        cameBack = true
        guard !isCut else { return Change.none }
        isCut = true
        quietRounds = 0
        return .cut
    }
}
