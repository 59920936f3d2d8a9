import DNS
import LinuxIO

/// An answer of ours that ends in a name which is somebody else's to answer.
struct Alias {
    /// Octets of the answer so far, which is whole by itself.
    let byteCount: Int
    /// Where the last target's name lies in it.
    let target: Int
    let targetByteCount: Int
}

extension QueryDesk {
    /// Asks the whole plan for the target, as a client of its own would, and joins both: a stub resolver fails on a
    /// CNAME that stands alone.
    @inline(never)
    mutating func follow(
        _ alias: Alias, of query: Query, _ block: Int, in message: inout MutableRawSpan, limits: AnswerLimits,
        peer: () -> SocketAddress?, later: () -> any ReturnAddress
    ) -> Int {
        guard depth < Self.longestChain,
            let target = aliasTarget(in: message, at: alias.target, byteCount: alias.targetByteCount)
        else { return alias.byteCount }
        let question = Question(query, in: message).asking(target)
        let known = message.prefix(alias.byteCount)
        let outer = (turn: turn, start: moment.nanoseconds, counters: keepers[block].counted, isInside: depth > 0)
        let told = outer.isInside ? nil : logged
        depth += 1
        defer { depth -= 1 }
        let inner = askInside(question, peer: peer) { [plan, transport] in
            let waiting = WaitingQuery(
                query, question, beginning: known, plan: plan, block: block, transport: transport,
                isInside: outer.isInside, client: later(), start: outer.start, turn: outer.turn,
                counters: outer.counters, logged: told)
            waiting.limitPatience()
            return AliasReturn(waiting)
        }
        answerer = .kubernetes
        switch inner {
        case .waits: return 0
        case .nobody: return alias.byteCount
        case .answered(let response):
            return sent(joinAlias(query, in: &message, byteCount: alias.byteCount, with: response, limits: limits))
        }
    }

    /// CNAMEs that lead out of our zones and back, one after the other.
    private static var longestChain: Int { 10 }

    private enum Inner {
        case answered(Response)
        case waits
        case nobody
    }

    private mutating func askInside(
        _ question: Question, peer: () -> SocketAddress?, later: () -> any ReturnAddress
    ) -> Inner {
        let bytes = question.query(id: 0)
        // The question that we ask for a client takes no turn of its own.
        turn &-= 1
        var waits = false
        var found: [UInt8] = []
        found = unsafe [UInt8](unsafeUninitializedCapacity: 65535) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            unsafe raw.copyBytes(from: bytes)
            var message = unsafe MutableRawSpan(_unsafeBytes: raw)
            let query = read(&message, byteCount: bytes.count)
            guard let block = plan.zones.longest(for: query, in: &message), blocks[block].stepCount > 0 else { return }
            count = ask(query, block, in: &message, limits: .tcp, peer: peer) {
                waits = true
                return later()
            }
        }
        if waits { return .waits }
        return Response(reading: found, to: question).map { .answered($0) } ?? .nobody
    }
}

/// Joins what a CNAME of ours leads to with the CNAME, and sends both.
private struct AliasReturn: ReturnAddress {
    private let outer: WaitingQuery

    init(_ outer: WaitingQuery) { self.outer = outer }

    var peer: SocketAddress { outer.client.peer }

    func send(_ answer: [UInt8]) { outer.join(Response(reading: answer, to: outer.question)) }
}

extension MutableRawSpan {
    /// A copy of the first octets.
    borrowing func prefix(_ byteCount: Int) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0.prefix(byteCount)) }
    }
}
