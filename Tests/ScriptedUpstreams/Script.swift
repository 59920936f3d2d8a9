public import WireMessages

/// One answer, true or a lie.
public struct ScriptedAnswer: Sendable {
    public var code: UInt16 = 0
    /// IPv4 addresses of the name asked for; questions for type AAAA get their IPv4-mapped form.
    public var addresses: [String] = []
    /// What the name is an alias of; the addresses are that name's then.
    public var alias: String?
    /// The zone whose SOA record stands in the authority section, with `ttl` as its TTL and as its minimum.
    public var zone: String?
    /// Of every record, in seconds.
    public var ttl: UInt32 = 60
    public var isTruncated = false
    /// An OPT record, if the query had one.
    public var hasOPT = true
    /// The header alone, with no question.
    public var isBare = false
    /// Added to the id of the query.
    public var idOffset: UInt16 = 0
    /// In place of the name asked for.
    public var name: String?

    public static func address(_ addresses: String...) -> ScriptedAnswer { make { $0.addresses = addresses } }
    public static func code(_ code: UInt16) -> ScriptedAnswer { make { $0.code = code } }
    public static let servfail = code(2)
    /// NXDOMAIN, with what is needed to remember it (RFC 2308 §5).
    public static func nameError(in zone: String) -> ScriptedAnswer {
        make {
            $0.code = 3
            $0.zone = zone
        }
    }
    public static let noData = ScriptedAnswer()
    public static let truncated = make { $0.isTruncated = true }
    /// How servers refuse an OPT record that they cannot read.
    public static let bareFormatError = make {
        $0.code = 1
        $0.isBare = true
    }

    public func with(_ change: (inout ScriptedAnswer) -> Void) -> ScriptedAnswer {
        var changed = self
        change(&changed)
        return changed
    }

    private static func make(_ change: (inout ScriptedAnswer) -> Void) -> ScriptedAnswer {
        ScriptedAnswer().with(change)
    }

    /// The octets of the answer to a query.
    func bytes(to query: ReceivedQuery) -> [UInt8] {
        let id = query.message.id &+ idOffset
        let flags = 0x8080 | query.message.flags & 0x0110 | (isTruncated ? 0x0200 : 0) | code & 15
        guard !isBare, let question = query.message.question else {
            return octets(id) + octets(flags) + [0, 0, 0, 0, 0, 0, 0, 0]
        }
        let opt = hasOPT && query.message.opt != nil ? optRecord(1232) : []
        let records = records(for: question.type)
        let counts = [1, UInt16(records.count), zone == nil ? 0 : 1, opt.isEmpty ? 0 : 1]
        let asked = wireName(name ?? question.name) + octets(question.type) + octets(question.questionClass)
        return octets(id) + octets(flags) + counts.flatMap { octets($0) } + asked + records.joined() + authority + opt
    }

    private func records(for type: UInt16) -> [[UInt8]] {
        let owner = alias.map { wireName($0) } ?? [0xc0, 12]
        let isIPv6 = type == 28
        let prefix: [UInt8] = isIPv6 ? [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255] : []
        let addresses = addresses.map { address in
            record(owner, type: isIPv6 ? 28 : 1, prefix + address.split(separator: ".").map { UInt8($0) ?? 0 })
        }
        guard let alias else { return addresses }
        return [record([0xc0, 12], type: 5, wireName(alias))] + addresses
    }

    private var authority: [UInt8] {
        guard let zone else { return [] }
        let numbers: [UInt32] = [1, 7200, 1800, 86400, ttl]
        return record(
            wireName(zone), type: 6,
            wireName("ns.\(zone)") + wireName("hostmaster.\(zone)") + numbers.flatMap { wide($0) })
    }

    private func record(_ owner: [UInt8], type: UInt16, _ data: [UInt8]) -> [UInt8] {
        owner + octets(type) + octets(1) + wide(ttl) + octets(UInt16(data.count)) + data
    }

    private func wide(_ value: UInt32) -> [UInt8] {
        octets(UInt16(value >> 16)) + octets(UInt16(truncatingIfNeeded: value))
    }
}

/// What is done about a query, one after the other.
public enum ScriptedAction: Sendable {
    case answer(ScriptedAnswer)
    /// Sent by a socket that was not asked.
    case answerFromAnotherPort(ScriptedAnswer)
    case send([UInt8])
    /// The rest waits for `release()`.
    case hold
    /// TCP: FIN, RST.
    case close
    case reset
}

/// Which queries it is about, and what is done about them. The first rule that fits is taken.
public struct ScriptedRule: Sendable {
    /// With a final dot; nil: any.
    public var name: String?
    public var transport: ReceivedQuery.Transport?
    public var hasOPT: Bool?
    /// Of the question (RFC 1035 §3.2.2).
    public var type: UInt16?
    /// How often the rule may be used; nil: always.
    public var times: Int?
    /// Empty: silence.
    public var actions: [ScriptedAction]

    public init(
        _ name: String? = nil, by transport: ReceivedQuery.Transport? = nil, hasOPT: Bool? = nil, times: Int? = nil,
        _ actions: ScriptedAction...
    ) {
        self.name = name
        self.transport = transport
        self.hasOPT = hasOPT
        self.times = times
        self.actions = actions
    }

    /// The same rule for questions of one type.
    public func asked(for type: UInt16) -> ScriptedRule {
        var rule = self
        rule.type = type
        return rule
    }

    func fits(_ query: ReceivedQuery) -> Bool {
        guard times != 0 else { return false }
        guard name == nil || name == query.name else { return false }
        guard type == nil || type == query.message.question?.type else { return false }
        guard hasOPT == nil || hasOPT == (query.message.opt != nil) else { return false }
        return transport == nil || transport == query.transport
    }
}

public struct ReceivedQuery: Sendable {
    public enum Transport: Sendable { case udp, tcp }

    public var message: WireMessage
    public var transport: Transport
    /// The client's port.
    public var port: Int
    public var byteCount: Int

    /// In lower case, with a final dot.
    public var name: String { message.question?.name.lowercased() ?? "" }
}
