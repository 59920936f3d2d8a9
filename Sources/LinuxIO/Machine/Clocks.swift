import Glibc

/// What clocks say, read once for many queries.
public struct Moment: Sendable {
    /// Milliseconds of a clock that never jumps (CLOCK_MONOTONIC).
    public var milliseconds: UInt64
    /// Nanoseconds of the same clock.
    public var nanoseconds: UInt64

    @inline(__always)
    public static var now: Moment {
        let nanoseconds = read(CLOCK_MONOTONIC)
        return Moment(milliseconds: nanoseconds / 1_000_000, nanoseconds: nanoseconds)
    }

    /// Seconds since 1970, modulo 2³² (CLOCK_REALTIME_COARSE).
    public static var secondsSince1970: UInt32 {
        UInt32(truncatingIfNeeded: read(CLOCK_REALTIME_COARSE) / 1_000_000_000)
    }

    @inline(__always)
    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        // Fails for clocks that do not exist; these do.
        unsafe clock_gettime(clock, &time)
        return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
    }
}
