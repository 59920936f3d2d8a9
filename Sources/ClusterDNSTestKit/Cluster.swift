public import DNS
public import LinuxIO
public import Serving

/// A running server.
public struct Cluster: Sendable {
    /// The server itself: reloading it, and how its catalogs stand.
    public let deployment: Deployment
    /// Where it listens, UDP and TCP; never empty.
    public let addresses: [SocketAddress]

    public init(deployment: Deployment, addresses: [SocketAddress]) {
        self.deployment = deployment
        self.addresses = addresses
    }

    /// The first address, for clients of your own: `dig @ADDRESS -p PORT …`.
    public var address: SocketAddress { addresses[0] }

    /// Asks one question and gives the answer as typed records.
    /// - Parameters:
    ///   - name: the full name, with or without its final dot.
    ///   - ednsByteCount: the size that an OPT record offers; nil for none.
    /// - Throws: `ConversationError` when no answer comes in five seconds, or one that is no answer to this question.
    public func ask(
        _ name: String, _ type: RecordType, over transport: Conversation.Transport = .udp, ednsByteCount: UInt16? = 1232
    ) async throws -> Reply {
        guard let name = Name(name) else { throw ConversationError("\"\(name)\" is no domain name") }
        let query = Conversation.query(name, type, ednsByteCount: ednsByteCount)
        return try Reply(try await Conversation.exchange(query, with: address, over: transport), to: query)
    }

    /// Asks until the answer satisfies the condition: for tests that change a catalog and await the new answer.
    /// - Throws: `ConversationError` with the last answer when that takes longer than ten seconds.
    public func ask(_ name: String, _ type: RecordType, until isExpected: (Reply) -> Bool) async throws -> Reply {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let reply = try await ask(name, type)
            if isExpected(reply) { return reply }
            guard ContinuousClock.now < deadline else { throw ConversationError("still answered after 10 s: \(reply)") }
            await Task.yield()
        }
    }
}
