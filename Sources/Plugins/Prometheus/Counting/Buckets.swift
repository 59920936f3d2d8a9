/// Buckets of message sizes in octets, as CoreDNS has them.
enum SizeBuckets {
    static let bounds: [Double] = [
        0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16000, 32000, 48000, 64000,
    ]
    /// One for each bound, and one for what is larger.
    static var count: Int { 15 }

    /// The bucket of a size, computed: a table would take more of the cache than the counters themselves.
    @inline(__always)
    static func index(of byteCount: Int) -> Int {
        // Nobody gives a negative size; one would count as the largest.
        let size = UInt(bitPattern: byteCount)
        if size <= 400 { return Int((size + 99) / 100) }
        // 511, 1023, 2047 and 4095 are the largest numbers of 9, 10, 11 and 12 bits.
        if size <= 4095 { return 60 - size.leadingZeroBitCount }
        if size <= 8291 { return 9 }
        if size <= 16000 { return 10 }
        if size <= 32000 { return 11 }
        if size <= 48000 { return 12 }
        return size <= 64000 ? 13 : 14
    }
}

/// Buckets of durations that double from the first bound on.
struct DoublingBuckets: Hashable, Sendable {
    /// The first bound, in nanoseconds.
    let first: UInt64
    /// Bounds, without the one of what is longer.
    let boundCount: Int

    /// 0.25 ms to 8.192 s: queries, here and at upstreams.
    static var queries: DoublingBuckets { DoublingBuckets(first: 250_000, boundCount: 16) }
    /// 1 ms to 524.288 s: changes of the cluster.
    static var changes: DoublingBuckets { DoublingBuckets(first: 1_000_000, boundCount: 20) }

    /// In seconds.
    var bounds: [Double] { nanoseconds.map { Double($0) / 1e9 } }

    var nanoseconds: [UInt64] { (0..<boundCount).map { first << UInt64($0) } }

    /// A duration as long as a bound lies below it.
    @inline(__always)
    func index(of nanoseconds: UInt64) -> Int {
        guard nanoseconds > first else { return 0 }
        return min(64 - ((nanoseconds - 1) / first).leadingZeroBitCount, boundCount)
    }
}
