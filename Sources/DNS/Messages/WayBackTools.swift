// What may be done to a finished answer on its way to the client. Pure functions: octets in, octets out.

/// Leaves out authority and additional records of a positive answer; its OPT record stays (`minimal`). Denials,
/// referrals and refusals stay whole.
/// - Returns: the byte count of the answer in its new shape.
public func stripToAnswer(_ message: inout MutableRawSpan, byteCount: Int) -> Int {
    unsafe message.withUnsafeMutableBytes { raw in
        guard let bytes = unsafe MessageBytes(raw), byteCount >= Query.headerByteCount else { return byteCount }
        return strip(bytes, byteCount)
    }
}

private func strip(_ bytes: MessageBytes, _ byteCount: Int) -> Int {
    var walk = FinishedRecords(bytes, byteCount: byteCount)
    guard bytes.load16(at: 2) & 15 == 0, let asked = walk.questionType else { return byteCount }
    var isPositive = false
    for _ in 0..<walk.answerCount {
        guard let record = walk.next() else { return byteCount }
        isPositive = isPositive || record.type == asked || asked == .any
    }
    guard isPositive else { return byteCount }
    var end = walk.at
    for _ in 0..<walk.authorityCount { guard walk.next() != nil else { return byteCount } }
    var optCount = 0
    for _ in 0..<walk.additionalCount {
        guard let record = walk.next() else { return byteCount }
        guard record.type == .opt else { continue }
        bytes.copy(bytes, from: record.start, byteCount: record.end - record.start, to: end)
        end += record.end - record.start
        optCount = 1
        break
    }
    bytes.store32(UInt32(optCount), at: 8)
    return end
}

/// A network whose addresses come first.
public struct AddressRange: Hashable, Sendable {
    private let isIPv4: Bool
    private let high: UInt64
    private let low: UInt64
    private let highMask: UInt64
    private let lowMask: UInt64

    /// The address's 128 bits, for IPv4 its 32 bits in `low`; bits behind the prefix do not count.
    public init(high: UInt64, low: UInt64, isIPv4: Bool, prefixLength: Int) {
        self.isIPv4 = isIPv4
        let length = max(0, prefixLength)
        if isIPv4 {
            highMask = 0
            lowMask = UInt64(UInt32.max << UInt32(32 - min(32, length)))
        } else {
            highMask = UInt64.max << UInt64(64 - min(64, length))
            lowMask = UInt64.max << UInt64(64 - min(64, max(0, length - 64)))
        }
        self.high = high & highMask
        self.low = low & lowMask
    }

    fileprivate func holds(addressAt offset: Int, isIPv4: Bool, in bytes: MessageBytes) -> Bool {
        guard isIPv4 == self.isIPv4 else { return false }
        if isIPv4 { return UInt64(bytes.load32(at: offset)) & lowMask == low }
        let high = UInt64(bytes.load32(at: offset)) << 32 | UInt64(bytes.load32(at: offset + 4))
        let low = UInt64(bytes.load32(at: offset + 8)) << 32 | UInt64(bytes.load32(at: offset + 12))
        return high & highMask == self.high && low & lowMask == self.low
    }
}

/// Puts the addresses of each set in the answer that lie in `ranges` before the others, in the order of the ranges
/// (`loadbalance prefer`). Only data moves: aliases, owners and the byte count stay as they are.
public func preferAddresses(of ranges: [AddressRange], in message: inout MutableRawSpan, byteCount: Int) {
    unsafe message.withUnsafeMutableBytes { raw in
        guard let bytes = unsafe MessageBytes(raw) else { return }
        var walk = FinishedRecords(bytes, byteCount: byteCount)
        var run: (walk: FinishedRecords, first: FinishedRecords.Record, count: Int)?
        for _ in 0..<walk.answerCount {
            let before = walk
            guard let record = walk.next() else { return }
            let isAddress = record.type == .a || record.type == .aaaa
            if let last = run, isAddress, last.first.type == record.type,
                bytes.isSameName(last.first.start, record.start)
            {
                run?.count += 1
                continue
            }
            if let run { sort(run.walk, run.count, by: ranges) }
            run = isAddress ? (before, record, 1) : nil
        }
        if let run { sort(run.walk, run.count, by: ranges) }
    }
}

/// Sorts the data of `count` address records from `start` on, equal ones as they were.
private func sort(_ start: FinishedRecords, _ count: Int, by ranges: [AddressRange]) {
    guard count > 1 else { return }
    let bytes = start.bytes
    var peek = start
    let isIPv4 = peek.next()?.type == .a
    let length = isIPv4 ? 4 : 16
    unsafe withUnsafeTemporaryAllocation(byteCount: count * length, alignment: 8) { room in
        guard let sorted = unsafe MessageBytes(room) else { return }
        var end = 0
        for rank in 0...ranges.count {
            var walk = start
            for _ in 0..<count {
                guard let record = walk.next(), record.end - record.data == length else { return }
                let mine = ranges.firstIndex { $0.holds(addressAt: record.data, isIPv4: isIPv4, in: bytes) }
                guard (mine ?? ranges.count) == rank else { continue }
                sorted.copy(bytes, from: record.data, byteCount: length, to: end)
                end += length
            }
        }
        var walk = start
        for index in 0..<count {
            guard let record = walk.next() else { return }
            bytes.copy(sorted, from: index * length, byteCount: length, to: record.data)
        }
    }
}
