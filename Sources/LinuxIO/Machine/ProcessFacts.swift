import Glibc

/// What the kernel says of this process now (proc_pid_stat(5)). A number that cannot be read is nil.
public struct ProcessFacts: Sendable {
    /// Processor time of all threads, user and system, in nanoseconds.
    public var cpuNanoseconds: UInt64?
    /// Octets of memory that are in use.
    public var residentByteCount: UInt64?
    /// Octets of address space.
    public var virtualByteCount: UInt64?
    public var threadCount: UInt64?
    /// Files, sockets and pipes.
    public var openDescriptorCount: Int?
    /// Seconds since 1970-01-01 00:00 UTC, to a hundredth.
    public var startTime: Double?

    public init() {
        cpuNanoseconds = nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID)
        openDescriptorCount = countOpenDescriptors()
        guard let status = smallFileText("/proc/self/stat").flatMap(ProcessStatus.init) else { return }
        virtualByteCount = status.virtualByteCount
        residentByteCount = status.residentPageCount * UInt64(max(sysconf(Int32(_SC_PAGESIZE)), 0))
        threadCount = status.threadCount
        startTime = timeOfStart(ticksAfterBoot: status.startTick)
    }
}

/// The fields of /proc/self/stat that we read.
struct ProcessStatus {
    let threadCount: UInt64
    /// In clock ticks after the start of the machine.
    let startTick: UInt64
    let virtualByteCount: UInt64
    let residentPageCount: UInt64

    /// Nil for a text of another shape.
    init?(_ text: String) {
        // The second field is the program's name in parentheses, which may hold blanks and parentheses.
        guard let nameEnd = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: nameEnd)...].split(whereSeparator: \.isWhitespace)
        // The field behind the name is number 3 of the manual page.
        func number(_ field: Int) -> UInt64? { fields.count > field - 3 ? UInt64(fields[field - 3]) : nil }
        guard let threads = number(20), let start = number(22), let size = number(23), let resident = number(24)
        else { return nil }
        threadCount = threads
        startTick = start
        virtualByteCount = size
        residentPageCount = resident
    }
}

/// Counted backwards from now: the file that holds the time of the boot has no bound to its length.
private func timeOfStart(ticksAfterBoot ticks: UInt64) -> Double? {
    let ticksPerSecond = sysconf(Int32(_SC_CLK_TCK))
    guard ticksPerSecond > 0, let sinceBoot = nanoseconds(of: CLOCK_BOOTTIME),
        let now = nanoseconds(of: CLOCK_REALTIME)
    else { return nil }
    let age = Double(sinceBoot) / 1e9 - Double(ticks) / Double(ticksPerSecond)
    return ((Double(now) / 1e9 - age) * 100).rounded() / 100
}

private func nanoseconds(of clock: clockid_t) -> UInt64? {
    var time = timespec()
    guard unsafe clock_gettime(clock, &time) == 0, time.tv_sec >= 0 else { return nil }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

private func countOpenDescriptors() -> Int? {
    guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
    defer { unsafe closedir(folder) }
    var count = 0
    while unsafe readdir(folder) != nil { count += 1 }
    // ".", ".." and the folder itself.
    return max(count - 3, 0)
}
