public import DNS
public import LinuxIO

/// What happens to an answer on its way back, whoever gave it.
public struct WayBack: Sendable {
    public var logs: [PlannedLog] = []
    /// Takes what went wrong; nil without `errors`.
    public var errors: ErrorLines?
    /// Leaves out what nobody asked for (`minimal`).
    public var isMinimal = false
    /// Whose addresses come first (`loadbalance prefer`).
    public var preferred: [LoadBalanceSettings.Network] = []
    /// Counts what was asked and answered (`prometheus`).
    public var metrics: PlannedMetrics?

    public init() {}

    var reshapes: Bool { isMinimal || !preferred.isEmpty }

    /// - Returns: the byte count of the answer in its new shape.
    func reshape(_ message: inout MutableRawSpan, byteCount: Int) -> Int {
        var byteCount = byteCount
        if isMinimal { byteCount = stripToAnswer(&message, byteCount: byteCount) }
        if !preferred.isEmpty { preferAddresses(of: preferred.map(\.range), in: &message, byteCount: byteCount) }
        return byteCount
    }
}

/// A rule of `log`, ready for the query path.
public struct PlannedLog: Sendable {
    let zones: ZoneList
    let classes: LogRule.Classes
    let format: LogFormat

    public init(_ rule: LogRule) {
        zones = ZoneList(rule.zones.compactMap { Name($0) })
        classes = rule.classes
        format = rule.format
    }
}
