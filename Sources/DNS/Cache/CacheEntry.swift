/// One entry in the cache's memory: 56 octets of its own, then the reply.
@safe struct CacheEntry {
    private let base: UnsafeMutableRawPointer

    static let headByteCount = 56

    enum State: UInt32 {
        /// Replaced, or nothing but room that was left over.
        case dead
        case live
        /// Asked for since it was stored, or since it was spared.
        case touched
    }

    @inline(__always)
    init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }

    @inline(__always)
    private func load<Integer: FixedWidthInteger & BitwiseCopyable>(_ offset: Int) -> Integer {
        unsafe base.load(fromByteOffset: offset, as: Integer.self)
    }

    @inline(__always)
    private func store<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer, _ offset: Int) {
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: Integer.self)
    }

    /// Octets that it takes in the ring, a multiple of 8.
    var byteCount: Int {
        get { Int(load(0) as UInt32) }
        nonmutating set { store(UInt32(newValue), 0) }
    }
    var state: State {
        get { State(rawValue: load(4)) ?? .dead }
        nonmutating set { store(newValue.rawValue, 4) }
    }
    /// Milliseconds of the monotonic clock, as everything with `At` and `Until`.
    var storedAt: UInt64 {
        get { load(8) }
        nonmutating set { store(newValue, 8) }
    }
    var freshUntil: UInt64 {
        get { load(16) }
        nonmutating set { store(newValue, 16) }
    }
    var lastHitAt: UInt64 {
        get { load(24) }
        nonmutating set { store(newValue, 24) }
    }
    /// When it last asked to be fetched again; 0 when never.
    var refreshAt: UInt64 {
        get { load(32) }
        nonmutating set { store(newValue, 32) }
    }
    /// Queries without too large a gap between them.
    var hits: UInt32 {
        get { load(40) }
        nonmutating set { store(newValue, 40) }
    }
    /// What the index finds it by.
    var hash: UInt32 {
        get { load(44) }
        nonmutating set { store(newValue, 44) }
    }
    var floor: UInt32 {
        get { load(48) }
        nonmutating set { store(newValue, 48) }
    }
    var ceiling: UInt32 {
        get { load(52) }
        nonmutating set { store(newValue, 52) }
    }

    @inline(__always)
    var reply: PackedReply { unsafe PackedReply(UnsafeRawPointer(base + Self.headByteCount)) }

    func write(_ packed: UnsafeRawBufferPointer) {
        unsafe UnsafeMutableRawBufferPointer(start: base + Self.headByteCount, count: packed.count).copyMemory(
            from: packed)
    }

    func move(to other: CacheEntry) { unsafe other.base.copyMemory(from: base, byteCount: byteCount) }

    @inline(__always)
    func isFresh(_ now: UInt64) -> Bool { now < freshUntil }
}
