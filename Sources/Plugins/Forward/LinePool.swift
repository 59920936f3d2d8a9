import NIOCore

/// The idle sockets of one event loop.
///
/// Connections of TCP and TLS serve until they expire, the youngest first. A datagram socket's port is half of what a
/// forger has to guess (RFC 5452): it serves `useLimit` questions at most, is picked by chance, and a fresh one is
/// opened while fewer than `spares` are idle, so that a quiet server hardly uses a port twice.
struct LinePool {
    static let useLimit = 16

    /// What one event loop may keep.
    struct Limits {
        var expire: TimeAmount
        /// For each upstream and transport; 0: no limit.
        var idleCount: UInt32
        /// For all together: what is idle here is missing elsewhere.
        var capacity: Int
        var upstreamCount: Int
    }

    private struct Key: Hashable {
        let upstream: Int
        let transport: ForwardCounts.Transport
    }

    private var idle: [Key: [Line]] = [:]
    private(set) var count = 0
    private let limits: Limits
    /// Idle datagram sockets for each upstream, from which one is taken.
    private let spares: Int

    init(_ limits: Limits) {
        self.limits = limits
        let limit = limits.idleCount == 0 ? 16 : min(16, Int(limits.idleCount))
        spares = max(1, min(limit, limits.capacity / limits.upstreamCount))
    }

    var isEmpty: Bool { count == 0 }

    /// An idle socket; nil when a fresh one is to be opened.
    mutating func take(_ upstream: Int, _ transport: ForwardCounts.Transport, random: UInt64, now: NIODeadline) -> Line?
    {
        let key = Key(upstream: upstream, transport: transport)
        guard var lines = idle.removeValue(forKey: key) else { return nil }
        defer { if !lines.isEmpty { idle[key] = lines } }
        if transport == .udp {
            guard lines.count >= spares else { return nil }
            lines.swapAt(Int(random % UInt64(lines.count)), lines.count - 1)
        }
        while let line = lines.popLast() {
            count -= 1
            if !hasExpired(line, now) { return line }
            line.close()
        }
        return nil
    }

    /// Takes back a socket whose question was answered.
    mutating func giveBack(_ line: Line, now: NIODeadline) {
        let key = Key(upstream: line.upstream, transport: line.transport)
        line.idleSince = now
        let isFull = limits.idleCount > 0 && idle[key, default: []].count >= limits.idleCount
        let isUsedUp = line.transport == .udp && line.useCount >= Self.useLimit
        guard count < limits.capacity, !isFull, !isUsedUp, !hasExpired(line, now) else { return line.close() }
        idle[key, default: []].append(line)
        count += 1
    }

    /// Forgets a socket that broke.
    mutating func remove(_ line: Line) {
        let key = Key(upstream: line.upstream, transport: line.transport)
        guard var lines = idle.removeValue(forKey: key) else { return }
        let before = lines.count
        lines.removeAll { $0 === line }
        count -= before - lines.count
        if !lines.isEmpty { idle[key] = lines }
    }

    /// Closes any idle socket; false when there is none.
    mutating func closeOne() -> Bool {
        guard let line = idle.values.first?.first else { return false }
        remove(line)
        line.close()
        return true
    }

    /// A few times while sockets are idle.
    mutating func closeExpired(now: NIODeadline) {
        for (key, lines) in idle {
            for line in lines where hasExpired(line, now) { line.close() }
            let rest = lines.filter { !$0.isClosed }
            count -= lines.count - rest.count
            idle[key] = rest.isEmpty ? nil : rest
        }
    }

    /// A datagram socket is as old as its port.
    private func hasExpired(_ line: Line, _ now: NIODeadline) -> Bool {
        now - (line.transport == .udp ? line.opened : line.idleSince) >= limits.expire
    }
}
