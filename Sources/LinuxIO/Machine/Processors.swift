import CLinux

/// Processors that this process may use: those in its affinity mask, or as many as the quotas of its control groups
/// and of the groups around them pay for, rounded up. At least 1.
public func usableProcessorCount() -> Int {
    let affinityCount = max(Int(linux_affinity_count()), 1)
    let groups = smallFileText("/proc/self/cgroup") ?? ""
    guard let quota = processorQuota(controlGroups: groups, read: smallFileText) else { return affinityCount }
    return min(affinityCount, quota)
}

/// The smallest quota of the groups, in processors rounded up; nil when none is set.
///
/// - Parameters:
///   - controlGroups: the text of /proc/self/cgroup (cgroups(7)).
///   - read: the text of a file; nil when there is no such file.
func processorQuota(controlGroups: String, read: (String) -> String?) -> Int? {
    var smallest: Int?
    for line in controlGroups.split(separator: "\n") {
        let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3 else { continue }
        for folder in controlGroupFolders(controllers: fields[1], path: fields[2]) {
            guard let quota = quotaVersion2(folder, read) ?? quotaVersion1(folder, read) else { continue }
            smallest = min(smallest ?? quota, quota)
        }
    }
    return smallest
}

/// The folder of a group and of every group around it, wherever it may be mounted. Inside a container the path is
/// often the host's and does not exist; then the outermost folder is the container's own.
private func controlGroupFolders(controllers: Substring, path: Substring) -> [String] {
    var mounts: [String]
    if controllers.isEmpty {
        mounts = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]
    } else if controllers.split(separator: ",").contains("cpu") {
        mounts = ["/sys/fs/cgroup/\(controllers)", "/sys/fs/cgroup/cpu"]
    } else {
        return []
    }
    var folders = mounts
    for name in path.split(separator: "/") {
        mounts = mounts.map { "\($0)/\(name)" }
        folders += mounts
    }
    return folders
}

/// cpu.max: "150000 100000", or "max 100000" without a limit.
private func quotaVersion2(_ folder: String, _ read: (String) -> String?) -> Int? {
    guard let words = read(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace), words.count == 2 else {
        return nil
    }
    return roundedUp(quota: words[0], period: words[1])
}

/// cpu.cfs_quota_us: microseconds of each cpu.cfs_period_us, -1 without a limit.
private func quotaVersion1(_ folder: String, _ read: (String) -> String?) -> Int? {
    guard let quota = read(folder + "/cpu.cfs_quota_us")?.split(whereSeparator: \.isWhitespace).first,
        let period = read(folder + "/cpu.cfs_period_us")?.split(whereSeparator: \.isWhitespace).first
    else { return nil }
    return roundedUp(quota: quota, period: period)
}

private func roundedUp(quota: Substring, period: Substring) -> Int? {
    guard let quota = Int32(quota), let period = Int32(period), quota > 0, period > 0 else { return nil }
    return (Int(quota) + Int(period) - 1) / Int(period)
}
