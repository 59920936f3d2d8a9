import DNS
import LinuxIO

/// What happens to an answer on its way back, whoever gave it.
public struct WayBack: Sendable {
    public var logs: [PlannedLog] = []
    /// Takes what went wrong; nil without `errors`.
    public var errors: ErrorLines?
    /// Leaves out what nobody asked for (`minimal`).
    public var isMinimal = false
    /// Whose addresses come first (`loadbalance prefer`).
    public var preferred: [LoadBalanceSettings.Network] = [] {
        didSet { ranges = preferred.map { AddressRange($0) } }
    }
    private var ranges: [AddressRange] = []
    /// What is asked and answered is counted (`prometheus`).
    public var isCounted = false

    public init() {}

    var reshapes: Bool { isMinimal || !preferred.isEmpty }

    /// - Returns: the byte count of the answer in its new shape.
    func reshape(_ message: inout MutableRawSpan, byteCount: Int) -> Int {
        var byteCount = byteCount
        if isMinimal { byteCount = stripToAnswer(&message, byteCount: byteCount) }
        if !preferred.isEmpty { preferAddresses(of: ranges, in: &message, byteCount: byteCount) }
        return byteCount
    }
}

/// A rule of `log`, ready for the query path.
public struct PlannedLog: Sendable {
    private let zones: [Name]
    let rule: LogRule

    public init(_ rule: LogRule) {
        zones = rule.zones.compactMap { Name($0) }
        self.rule = rule
    }

    func holds(_ name: Name) -> Bool { zones.contains { name.isWithin($0) } }
}

extension QueryPlan {
    /// Writes the line of an answered query, where a rule of its block asks for one.
    ///
    /// - Parameter upstream: who gave the answer, if it was one of the upstreams.
    func log(
        _ query: LoggedQuery, _ answer: LoggedAnswer, _ block: Int, from peer: SocketAddress,
        over transport: Transport, taking duration: Duration, by upstream: String? = nil
    ) {
        guard let rule = blocks[block].wayBack.logs.first(where: { $0.holds(query.name) })?.rule,
            rule.wants(answer.class, taking: duration)
        else { return }
        let fields = query.fields(
            answer, from: peer, to: server, over: transport, taking: duration, by: upstream)
        write(rule.format.entry(fields))
    }

    /// Hands on why a query failed, where its block has `errors`.
    func complain(_ name: Name, _ type: RecordType, _ block: Int, _ reason: String) {
        blocks[block].wayBack.errors?.add("\(name) \(type): \(reason)")
    }
}

extension AddressRange {
    fileprivate init(_ network: LoadBalanceSettings.Network) {
        let words = network.address.words
        self.init(
            high: words.high, low: words.low, isIPv4: words.isIPv4, prefixLength: network.prefixLength)
    }
}
